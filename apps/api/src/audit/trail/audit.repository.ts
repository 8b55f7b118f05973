import { Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.js';
import { insertRow, returning, run } from '../../platform/database/queries/fixed-statements.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEventSubject } from './audit-event-subject.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { type AuditedThing } from './audited-thing.js';

const CHAIN_ID = 1;
/** Rows that are inserted in one statement; each has three parameters. */
const ROWS = 1_000;

const TAKE_CHAIN = `UPDATE "audit_chain" SET "sequence" = "sequence" + 1 WHERE "id" = ${CHAIN_ID} RETURNING *`;
const COUNT_UNKNOWN_NAME = `UPDATE "audit_chain" SET "unknownNameFailures" = "unknownNameFailures" + 1 WHERE "id" = ${CHAIN_ID} RETURNING *`;
const SET_CHAIN_END = `UPDATE "audit_chain" SET "mac" = ?, "keyId" = ?, "latestTime" = ?, "clockSetback" = ? WHERE "id" = ${CHAIN_ID}`;
/** No entry has this id. */
const SET_MAC_OF_NOBODY = `UPDATE "audit_events" SET "mac" = ? WHERE "id" = 'none'`;

/** Every query on the audit trail. */
@Injectable()
export class AuditRepository {
  /** Takes the end of the chain; until the transaction ends nobody else can. */
  async takeChain(tx: WriteTransaction): Promise<AuditChain> {
    // The update takes the row's lock on PostgreSQL, and marks the transaction as writing on SQLite.
    return chainOf(await returning(TAKE_CHAIN, [], tx));
  }

  /** Writes an entry, and makes it the end of the chain that was taken. */
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

  /** Makes an entry found by what it is about beside its subject. */
  async indexBy(sequence: number, things: readonly AuditedThing[], tx: WriteTransaction): Promise<void> {
    for (let start = 0; start < things.length; start += ROWS) {
      const rows = things.slice(start, start + ROWS).map(({ id, name = null }) => ({ sequence, id, name }));
      await tx
        .createQueryBuilder()
        .insert()
        .into(AuditEventSubject)
        .values(rows)
        .updateEntity(false)
        .execute();
    }
  }

  /** Says which key seals the next entry. */
  async setKey(keyId: string, tx: WriteTransaction): Promise<void> {
    await tx.update(AuditChain, { id: CHAIN_ID }, { keyId });
  }

  /** Notes a time that is believed. */
  async setClockSeen(time: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await tx.update(AuditChain, { id: CHAIN_ID }, { clockSeenTime: time });
  }

  /** Keeps others from appending until the transaction ends. */
  async lockChain(tx: WriteTransaction): Promise<void> {
    await tx.update(AuditChain, { id: CHAIN_ID }, { id: CHAIN_ID });
  }

  /** The entry that names what was dropped last, as of a transaction. */
  newestCheckpoint(tx: WriteTransaction): Promise<AuditEvent | null> {
    return tx.findOne(AuditEvent, { where: { action: 'audit_trail_trimmed' }, order: { sequence: 'DESC' } });
  }

  /** Deletes entries up to a number, and what they are found by. */
  async deleteUpTo(sequence: number, tx: WriteTransaction): Promise<void> {
    await tx.delete(AuditEventSubject, { sequence: LessThanOrEqual(sequence) });
    await tx.delete(AuditEvent, { sequence: LessThanOrEqual(sequence) });
  }

  /** Counts, in as many statements as {@link takeChain} and {@link append} have, so that time tells nothing. */
  async countUnknownNameFailure(tx: WriteTransaction): Promise<void> {
    const { mac, keyId, latestTime, clockSetback } = chainOf(await returning(COUNT_UNKNOWN_NAME, [], tx));
    await run(SET_MAC_OF_NOBODY, [mac], tx);
    await run(SET_CHAIN_END, [mac, keyId, latestTime, clockSetback], tx);
  }
}

/** @throws Error if the one row is gone: then nothing may be written. */
function chainOf([row]: Record<keyof AuditChain, number | string>[]): AuditChain {
  if (!row) {
    throw new Error('The end of the audit trail’s chain is gone');
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
