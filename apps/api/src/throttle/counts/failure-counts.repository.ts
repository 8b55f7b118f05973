import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, In } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { returning, run } from '../../platform/database/queries/fixed-statements.js';
import { numbersOf } from '../../platform/database/queries/list-queries.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { FailureCount, emptyCount, type FailureKey } from './failure-count.entity.js';

const TABLE = '"failure_counts"';
const COLUMNS =
  '"account", "network", "failures", "blockedUntil", "resetTime", "pacedUntil", "knownUntil", "forgetTime"';
const THIS_ROW = '"account" = ? AND "network" = ?';
/**
 * Deletes a limited number of rows that match a condition. The condition is checked again for each row, as
 * PostgreSQL may have waited for a transaction that changed it.
 */
const deleteSome = (condition: string, order = '') =>
  `DELETE FROM ${TABLE} WHERE ("account", "network") IN ` +
  `(SELECT "account", "network" FROM ${TABLE} WHERE ${condition} ${order} LIMIT ?) AND ${condition} RETURNING "account"`;

/** Locks and returns a row, which is inserted if it is missing. */
const LOCK =
  `INSERT INTO ${TABLE} (${COLUMNS}) VALUES (?, ?, 0, 0, 0, 0, 0, 0) ` +
  `ON CONFLICT ("account", "network") DO UPDATE SET "failures" = ${TABLE}."failures" RETURNING ${COLUMNS}`;
const SAVE =
  `UPDATE ${TABLE} SET "failures" = ?, "blockedUntil" = ?, "resetTime" = ?, "pacedUntil" = ?, "knownUntil" = ?, ` +
  `"forgetTime" = ? WHERE ${THIS_ROW}`;
const NEWEST_KNOWN = `SELECT "knownUntil" FROM ${TABLE} WHERE "account" = ? AND "knownUntil" > 0 ORDER BY "knownUntil" DESC`;

/** Queries on the counts of failed logins. */
@Injectable()
export class FailureCountsRepository {
  private readonly find: Record<number, string>;

  constructor(@InjectDataSource() private readonly source: DataSource) {
    this.find = { 1: this.statement(1), 3: this.statement(3) };
  }

  /** Returns the counts of the keys, in their order. Missing rows are returned as empty counts. */
  async findAll(keys: readonly FailureKey[]): Promise<FailureCount[]> {
    const rows = await this.source.query<FailureCount[]>(
      this.find[keys.length] ?? this.statement(keys.length),
      keys.flatMap(({ account, network }) => [account, network]),
    );
    return keys.map((key) => {
      const row = rows.find(({ account, network }) => account === key.account && network === key.network);
      return row ? toCount(row) : emptyCount(key);
    });
  }

  /**
   * Changes a count under a row lock and returns it. To avoid deadlocks, callers change the count of the
   * network first, then that of the account.
   */
  async change(
    key: FailureKey,
    change: (count: FailureCount) => void,
    tx: WriteTransaction,
  ): Promise<FailureCount> {
    const [row] = await returning<FailureCount>(LOCK, [key.account, key.network], tx);
    const count = toCount(row as FailureCount);
    change(count);
    count.forgetTime = Math.max(count.resetTime, count.blockedUntil, count.pacedUntil, count.knownUntil);
    const { failures, blockedUntil, resetTime, pacedUntil, knownUntil, forgetTime } = count;
    const values = [failures, blockedUntil, resetTime, pacedUntil, knownUntil, forgetTime];
    await run(SAVE, [...values, key.account, key.network], tx);
    return count;
  }

  /** Returns the keys of all counts of an account. */
  async findKeysOf(account: string, tx: WriteTransaction): Promise<FailureKey[]> {
    return tx.find(FailureCount, { select: { account: true, network: true }, where: { account } });
  }

  /** Removes the known networks of accounts. */
  async forgetKnown(accounts: readonly string[], tx: WriteTransaction): Promise<void> {
    if (accounts.length > 0) {
      await tx.update(FailureCount, { account: In([...accounts]) }, { knownUntil: 0 });
    }
  }

  /** Deletes the known networks of an account except for the most recent ones. */
  async keepKnown(account: string, max: number, tx: WriteTransaction): Promise<void> {
    await run(
      `DELETE FROM ${TABLE} WHERE "account" = ? AND "knownUntil" > 0 AND "knownUntil" < (${NEWEST_KNOWN} LIMIT 1 OFFSET ?)`,
      [account, account, max - 1],
      tx,
    );
  }

  /** Deletes some of the rows that have no effect any more. Returns the number of deleted rows. */
  async deleteExpired(now: EpochMilliseconds, max: number, tx: WriteTransaction): Promise<number> {
    const deleted = await returning(
      deleteSome('"knownUntil" <= ? AND "forgetTime" <= ?'),
      [now, now, max, now, now],
      tx,
    );
    return deleted.length;
  }

  /** Counts the rows that clients without a successful login have created. */
  async countUntrusted(): Promise<number> {
    const [row] = await this.source.query<{ count: unknown }[]>(
      `SELECT COUNT(*) AS "count" FROM ${TABLE} WHERE "knownUntil" = 0`,
    );
    return Number(row?.count);
  }

  /** Deletes some of these rows, starting with those that expire first. */
  async deleteUntrusted(max: number, tx: WriteTransaction): Promise<void> {
    await returning(deleteSome('"knownUntil" = 0', 'ORDER BY "forgetTime"'), [max], tx);
  }

  private statement(keys: number): string {
    let index = 0;
    const conditions = Array.from({ length: keys }, () => `(${THIS_ROW})`).join(' OR ');
    return `SELECT ${COLUMNS} FROM ${TABLE} WHERE ${conditions}`.replaceAll('?', () =>
      this.source.driver.createParameter('', index++),
    );
  }
}

function toCount({ account, network, ...numbers }: FailureCount): FailureCount {
  return { account, network, ...numbersOf(numbers) };
}
