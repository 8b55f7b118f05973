import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type AuditAction } from '@latchkey/auth-models';
import { In, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { AuditEventSubject, type RelatedSubject } from '../trail/audit-event-subject.entity.js';
import { AuditEvent } from '../trail/audit-event.entity.js';
import { AuditRepository } from '../trail/audit.repository.js';
import { AuditEventListRepository } from './audit-event-list.repository.js';
import { type Order, type SequenceSpan } from './audit-search-sql.js';

/** Entry with the further subjects that it is found by. */
export interface EntryWithSubjects {
  readonly entry: AuditEvent;
  readonly about: readonly RelatedSubject[];
}

/** Part of the trail that was read. */
export interface ReadEntries {
  readonly entries: readonly EntryWithSubjects[];
  /** Sequence number up to which the trail was read. */
  readonly last: number;
  readonly hasMore: boolean;
}

/** Entries that a database sorts in less time than it takes to plan a longer statement. */
const SORTED_MAX = 1_000;

/** Reads entries of some actions, in order, for the modules above. */
@Injectable()
export class AuditEntries {
  constructor(
    private readonly trail: AuditRepository,
    private readonly list: AuditEventListRepository,
    @InjectRepository(AuditEvent) private readonly events: Repository<AuditEvent>,
    @InjectRepository(AuditEventSubject) private readonly subjects: Repository<AuditEventSubject>,
  ) {}

  /** Returns the sequence number of the newest entry; 0 if there is none. */
  async newest(tx?: WriteTransaction): Promise<number> {
    return (await this.trail.chain(tx)).sequence;
  }

  /**
   * Returns up to `limit` entries of these actions after a sequence number, oldest first.
   *
   * @param bounds number of the {@link newest} entry, if it is known, and time of the oldest one
   */
  async readAfter(
    sequence: number,
    actions: readonly AuditAction[],
    limit: number,
    bounds: { newest?: number; since?: EpochMilliseconds } = {},
  ): Promise<ReadEntries> {
    // The newest number first: all entries up to it are committed, because appending locks it.
    const { newest = await this.newest(), since } = bounds;
    if (newest <= sequence) {
      return { entries: [], last: sequence, hasMore: false };
    }
    const span = { after: sequence, before: newest + 1 };
    const found = await this.ofActions(actions, span, 'ASC', limit, since);
    const hasMore = found.length === limit;
    const last = hasMore ? (found.at(-1)?.sequence ?? newest) : newest;
    if (hasMore) {
      // SQLite answers synchronously, so other requests need this pause.
      await otherWork();
    }
    return { entries: await this.withSubjects(found), last, hasMore };
  }

  /** Returns up to `limit` entries of these actions before a sequence number, newest first. */
  async readBefore(
    sequence: number,
    actions: readonly AuditAction[],
    limit: number,
  ): Promise<readonly EntryWithSubjects[]> {
    const found = await this.ofActions(actions, { after: 0, before: sequence }, 'DESC', limit);
    await otherWork();
    return this.withSubjects(found);
  }

  /** Returns the entries with these sequence numbers, without those that were deleted. */
  async find(sequences: readonly number[]): Promise<ReadonlyMap<number, EntryWithSubjects>> {
    const found = sequences.length === 0 ? [] : await this.events.findBy({ sequence: In([...sequences]) });
    return new Map((await this.withSubjects(found)).map((one) => [one.entry.sequence, one]));
  }

  /** Returns the sequence number of an entry, or `undefined` if there is no entry with this id. */
  sequenceOf(id: string): Promise<number | undefined> {
    return this.list.sequenceOf(id);
  }

  /** Returns a sequence number before which all entries are older than a time. */
  async lastBefore(time: EpochMilliseconds): Promise<number> {
    return (await this.list.spanOf({ from: time, to: undefined })).after;
  }

  /** Reads up to `limit` entries of these actions within a span. */
  private async ofActions(
    actions: readonly AuditAction[],
    span: SequenceSpan,
    order: Order,
    limit: number,
    since?: EpochMilliseconds,
  ): Promise<AuditEvent[]> {
    if (actions.length === 0) {
      return [];
    }
    const within = `"sequence" > :after AND "sequence" < :before ${since === undefined ? '' : 'AND "time" >= :since'}`;
    const names = Object.fromEntries(actions.map((action, index) => [`action${index}`, action]));
    return this.events
      .createQueryBuilder('event')
      .where(
        span.before - span.after > SORTED_MAX
          ? `event.sequence IN (${firstOfEach(Object.keys(names), within, order)})`
          : `event.action IN (:...actions) AND ${within}`,
        { ...names, ...span, actions, since, limit },
      )
      .orderBy('event.sequence', order)
      .limit(limit)
      .getMany();
  }

  private async withSubjects(entries: readonly AuditEvent[]): Promise<EntryWithSubjects[]> {
    if (entries.length === 0) {
      return [];
    }
    const rows = await this.subjects.findBy({ sequence: In(entries.map(({ sequence }) => sequence)) });
    const about = new Map(entries.map(({ sequence }) => [sequence, [] as RelatedSubject[]]));
    for (const { sequence, id, name } of rows) {
      about.get(sequence)?.push({ id, ...(name !== null && { name }) });
    }
    return entries.map((entry) => ({ entry, about: about.get(entry.sequence) ?? [] }));
  }
}

/**
 * Returns SQL that reads the index of each action as far as needed. With one condition for all actions,
 * SQLite sorts all their entries within the span.
 */
function firstOfEach(names: readonly string[], within: string, order: Order): string {
  const first = `ORDER BY "sequence" ${order} LIMIT :limit`;
  const parts = names.map(
    (name) => `SELECT * FROM (SELECT "sequence" FROM "audit_events"
      WHERE "action" = :${name} AND ${within} ${first}) AS "${name}"`,
  );
  return `SELECT "sequence" FROM (${parts.join(' UNION ALL ')}) AS "found" ${first}`;
}
