import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, In } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.js';
import { returning, run } from '../../platform/database/queries/fixed-statements.js';
import { numbersOf } from '../../platform/database/queries/numbers-of.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { FailureCount, nothingOf, type FailureKey } from './failure-count.entity.js';

const TABLE = '"failure_counts"';
const COLUMNS =
  '"account", "network", "failures", "blockedUntil", "resetTime", "pacedUntil", "knownUntil", "forgetTime"';
const THIS_ONE = '"account" = ? AND "network" = ?';
/**
 * Deletes few of the rows that a condition chooses. It has to hold still when the row's turn comes: PostgreSQL may have waited for
 * somebody who was changing it.
 */
const few = (condition: string, order = '') =>
  `DELETE FROM ${TABLE} WHERE ("account", "network") IN ` +
  `(SELECT "account", "network" FROM ${TABLE} WHERE ${condition} ${order} LIMIT ?) AND ${condition} RETURNING "account"`;

/** Holds a row from others until the transaction ends, one that there is not yet as well, and gives it back. */
const HOLD =
  `INSERT INTO ${TABLE} (${COLUMNS}) VALUES (?, ?, 0, 0, 0, 0, 0, 0) ` +
  `ON CONFLICT ("account", "network") DO UPDATE SET "failures" = ${TABLE}."failures" RETURNING ${COLUMNS}`;
const SAVE =
  `UPDATE ${TABLE} SET "failures" = ?, "blockedUntil" = ?, "resetTime" = ?, "pacedUntil" = ?, "knownUntil" = ?, ` +
  `"forgetTime" = ? WHERE ${THIS_ONE}`;
const NEWEST = `SELECT "knownUntil" FROM ${TABLE} WHERE "account" = ? AND "knownUntil" > 0 ORDER BY "knownUntil" DESC`;

/** Every query on the counts of failed log-ins. */
@Injectable()
export class FailureCountsRepository {
  private readonly find: Record<number, string>;

  constructor(@InjectDataSource() private readonly source: DataSource) {
    this.find = { 1: this.statement(1), 3: this.statement(3) };
  }

  /** What is known of each key, in their order; nothing yet is all zeros. */
  async findAll(keys: readonly FailureKey[]): Promise<FailureCount[]> {
    const rows = await this.source.query<FailureCount[]>(
      this.find[keys.length] ?? this.statement(keys.length),
      keys.flatMap(({ account, network }) => [account, network]),
    );
    return keys.map((key) => {
      const row = rows.find(({ account, network }) => account === key.account && network === key.network);
      return row ? toCount(row) : nothingOf(key);
    });
  }

  /**
   * Changes a count as it is now, and returns it. Whoever changes several takes that of the network first, then that of the
   * account from anywhere, so that no two wait for each other.
   */
  async change(
    key: FailureKey,
    change: (count: FailureCount) => void,
    tx: WriteTransaction,
  ): Promise<FailureCount> {
    const [row] = await returning<FailureCount>(HOLD, [key.account, key.network], tx);
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

  /** Forgets which networks are known for accounts. */
  async forgetKnown(accounts: readonly string[], tx: WriteTransaction): Promise<void> {
    if (accounts.length > 0) {
      await tx.update(FailureCount, { account: In([...accounts]) }, { knownUntil: 0 });
    }
  }

  /** Forgets all networks that are known for an account but so many, those that were seen last. */
  async keepKnown(account: string, most: number, tx: WriteTransaction): Promise<void> {
    await run(
      `DELETE FROM ${TABLE} WHERE "account" = ? AND "knownUntil" > 0 AND "knownUntil" < (${NEWEST} LIMIT 1 OFFSET ?)`,
      [account, account, most - 1],
      tx,
    );
  }

  /** Deletes some of the rows that say nothing any more, and returns how many. */
  async deleteForgotten(now: EpochMilliseconds, most: number, tx: WriteTransaction): Promise<number> {
    const deleted = await returning(
      few('"knownUntil" <= ? AND "forgetTime" <= ?'),
      [now, now, most, now, now],
      tx,
    );
    return deleted.length;
  }

  /** How many rows strangers have brought about. */
  async countStrangers(): Promise<number> {
    const [row] = await this.source.query<{ count: unknown }[]>(
      `SELECT COUNT(*) AS "count" FROM ${TABLE} WHERE "knownUntil" = 0`,
    );
    return Number(row?.count);
  }

  /** Deletes so many of those rows, the ones that would be forgotten first. */
  async deleteStrangers(most: number, tx: WriteTransaction): Promise<void> {
    await returning(few('"knownUntil" = 0', 'ORDER BY "forgetTime"'), [most], tx);
  }

  private statement(keys: number): string {
    let index = 0;
    const conditions = Array.from({ length: keys }, () => `(${THIS_ONE})`).join(' OR ');
    return `SELECT ${COLUMNS} FROM ${TABLE} WHERE ${conditions}`.replaceAll('?', () =>
      this.source.driver.createParameter('', index++),
    );
  }
}

function toCount({ account, network, ...numbers }: FailureCount): FailureCount {
  return { account, network, ...numbersOf(numbers) };
}
