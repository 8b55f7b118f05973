import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type AuditAction } from '@latchkey/auth-models';
import { Between, LessThanOrEqual, type EntityManager, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { insertRow, returning, run } from '../../platform/database/queries/fixed-statements.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { AuditChain, CHAIN_ID } from './audit-chain.entity.js';
import { AuditEventSubject, type RelatedSubject } from './audit-event-subject.entity.js';
import { AuditEvent } from './audit-event.entity.js';

/** Rows inserted per statement; each has three parameters. */
const ROWS = 1_000;

const ADVANCE_CHAIN = `UPDATE "audit_chain" SET "sequence" = "sequence" + 1 WHERE "id" = ${CHAIN_ID} RETURNING *`;
const COUNT_UNKNOWN_NAME = `UPDATE "audit_chain" SET "unknownNameFailures" = "unknownNameFailures" + 1 WHERE "id" = ${CHAIN_ID} RETURNING *`;
const SET_CHAIN_END = `UPDATE "audit_chain" SET "mac" = ?, "keyId" = ?, "latestTime" = ?, "clockSetback" = ? WHERE "id" = ${CHAIN_ID}`;
/** Matches no entry. */
const SET_MAC_OF_NO_ENTRY = `UPDATE "audit_events" SET "mac" = ? WHERE "id" = 'none'`;

/** Position in the order of the trail. */
type TrailPosition = Pick<AuditEvent, 'sequence' | 'id'>;

/**
 * Position before the first entry, but after all rows with numbers below 1, which the server never
 * inserts.
 */
export const BEFORE_FIRST: TrailPosition = { sequence: 1, id: '' };

/**
 * Smallest number of a row, -2^63. A string, because drivers do not pass a JavaScript number as this exact
 * integer.
 */
const SMALLEST = '-9223372036854775808';

/** Queries on the audit trail, except {@link AuditEventListRepository}. */
@Injectable()
export class AuditRepository {
  private readonly columns: string;

  constructor(
    @InjectRepository(AuditEvent) private readonly events: Repository<AuditEvent>,
    @InjectRepository(AuditChain) private readonly chains: Repository<AuditChain>,
  ) {
    this.columns = events.metadata.columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  }

  chain(tx?: WriteTransaction): Promise<AuditChain> {
    return (tx?.getRepository(AuditChain) ?? this.chains).findOneByOrFail({ id: CHAIN_ID });
  }

  /** Counts the entries up to a sequence number, by default all. */
  count(last?: number): Promise<number> {
    return last === undefined
      ? this.events.count()
      : this.events.countBy({ sequence: LessThanOrEqual(last) });
  }

  /**
   * Returns up to `limit` entries after an entry, oldest first. Bypasses the ORM, which would take most of
   * the time.
   *
   * @param after `undefined` starts with the smallest number, even if someone inserted rows with numbers
   *   below 1.
   */
  findFrom(after: TrailPosition | undefined, limit: number): Promise<AuditEvent[]> {
    const [sequence, id, count] = [0, 1, 2].map((index) =>
      this.events.manager.connection.driver.createParameter(`p${index}`, index),
    );
    // Order by id too, so that an inserted entry with a duplicate number is not skipped.
    return this.events.query(
      `SELECT ${this.columns} FROM "audit_events" WHERE ("sequence", "id") > (${sequence}, ${id})
       ORDER BY "sequence", "id" LIMIT ${count}`,
      [after?.sequence ?? SMALLEST, after?.id ?? '', limit],
    );
  }

  /** Returns the newest entry of an action. */
  newest(action: AuditAction, manager: EntityManager = this.events.manager): Promise<AuditEvent | null> {
    return manager.findOne(AuditEvent, { where: { action }, order: { sequence: 'DESC' } });
  }

  /** Locks the end of the chain until the transaction ends and returns it with the next sequence number. */
  async advanceChain(tx: WriteTransaction): Promise<AuditChain> {
    // The update locks the row on PostgreSQL, and makes this a write transaction on SQLite.
    return chainOf(await returning(ADVANCE_CHAIN, [], tx));
  }

  /** Inserts an entry as the new end of the locked chain. */
  async append(event: AuditEvent, chain: AuditChain, tx: WriteTransaction): Promise<void> {
    await insertRow(AuditEvent, event, tx);
    await run(
      SET_CHAIN_END,
      [
        event.mac,
        event.keyId,
        Math.max(chain.latestTime, event.time),
        Math.max(chain.clockSetback, chain.latestTime - event.time),
      ],
      tx,
    );
  }

  /** Indexes an entry by what it concerns besides its subject. */
  async indexBy(sequence: number, subjects: readonly RelatedSubject[], tx: WriteTransaction): Promise<void> {
    for (let start = 0; start < subjects.length; start += ROWS) {
      const rows = subjects.slice(start, start + ROWS).map(({ id, name = null }) => ({ sequence, id, name }));
      await tx
        .createQueryBuilder()
        .insert()
        .into(AuditEventSubject)
        .values(rows)
        .updateEntity(false)
        .execute();
    }
  }

  /** Sets the key that seals the next entry. */
  async setKey(keyId: string, tx: WriteTransaction): Promise<void> {
    await tx.update(AuditChain, { id: CHAIN_ID }, { keyId });
  }

  /** Stores the latest plausible time. */
  async setClockSeen(time: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await tx.update(AuditChain, { id: CHAIN_ID }, { clockSeenTime: time });
  }

  /** Blocks other appends until the transaction ends. */
  async lockChain(tx: WriteTransaction): Promise<void> {
    await tx.update(AuditChain, { id: CHAIN_ID }, { id: CHAIN_ID });
  }

  /**
   * Deletes entries up to a sequence number, with their index rows. Rows with numbers below 1 stay, as
   * evidence.
   */
  async deleteUpTo(sequence: number, tx: WriteTransaction): Promise<void> {
    await tx.delete(AuditEventSubject, { sequence: LessThanOrEqual(sequence) });
    await tx.delete(AuditEvent, { sequence: Between(1, sequence) });
  }

  /**
   * Counts in as many statements as {@link advanceChain} and {@link append} use, so that timing does not
   * reveal users.
   */
  async countUnknownNameFailure(tx: WriteTransaction): Promise<void> {
    const { mac, keyId, latestTime, clockSetback } = chainOf(await returning(COUNT_UNKNOWN_NAME, [], tx));
    await run(SET_MAC_OF_NO_ENTRY, [mac], tx);
    await run(SET_CHAIN_END, [mac, keyId, latestTime, clockSetback], tx);
  }
}

/** @throws Error if the row is missing, so that nothing is written unaudited. */
function chainOf([row]: Record<keyof AuditChain, number | string>[]): AuditChain {
  if (!row) {
    throw new Error('The row that holds the end of the audit chain is missing');
  }
  return Object.assign(new AuditChain(), {
    id: Number(row.id),
    sequence: Number(row.sequence),
    mac: row.mac,
    keyId: row.keyId,
    latestTime: Number(row.latestTime),
    clockSeenTime: Number(row.clockSeenTime),
    clockSetback: Number(row.clockSetback),
    unknownNameFailures: Number(row.unknownNameFailures),
  });
}
