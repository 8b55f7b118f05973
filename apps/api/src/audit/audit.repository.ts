import { Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { type WriteTransaction } from '../database/writes.js';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEventSubject } from './audit-event-subject.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { type AuditedThing } from './audited-thing.js';

const CHAIN_ID = 1;
/** Rows that are inserted in one statement; each has three parameters. */
const ROWS = 1_000;
/** No entry has this id. */
const NOBODY = 'none';

/** Every query on the audit trail. */
@Injectable()
export class AuditRepository {
  /** Takes the end of the chain; until the transaction ends nobody else can. */
  async takeChain(tx: WriteTransaction): Promise<AuditChain> {
    // The update takes the row's lock on PostgreSQL, and marks the transaction as writing on SQLite.
    await tx.increment(AuditChain, { id: CHAIN_ID }, 'sequence', 1);
    return tx.findOneByOrFail(AuditChain, { id: CHAIN_ID });
  }

  /** Writes an entry, and makes it the end of the chain that was taken. */
  async append(event: AuditEvent, chain: AuditChain, tx: WriteTransaction): Promise<void> {
    await tx.insert(AuditEvent, event);
    const end = {
      mac: event.mac,
      keyId: event.keyId,
      latestTime: Math.max(chain.latestTime, event.time),
      clockSetback: Math.max(chain.clockSetback, chain.latestTime - event.time),
    };
    await tx.update(AuditChain, { id: CHAIN_ID }, end);
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
    await tx.increment(AuditChain, { id: CHAIN_ID }, 'unknownNameFailures', 1);
    const { mac } = await tx.findOneByOrFail(AuditChain, { id: CHAIN_ID });
    await tx.update(AuditEvent, { id: NOBODY }, { mac });
    await tx.update(AuditChain, { id: CHAIN_ID }, { mac });
  }
}
