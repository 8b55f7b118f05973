import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository, type SelectQueryBuilder } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.js';
import { AuditChain } from '../trail/audit-chain.entity.js';
import { ALL_USERS, AuditEventSubject } from '../trail/audit-event-subject.entity.js';
import { AuditEvent } from '../trail/audit-event.entity.js';
import { type AuditFilter } from './audit-filter.js';

/** Entries searched per statement. */
const STEP = 50_000;

/** Range of sequence numbers; both ends are exclusive. */
export interface SequenceSpan {
  readonly after: number;
  readonly before: number;
}

/** Queries that list entries. */
@Injectable()
export class AuditEventListRepository {
  constructor(
    @InjectRepository(AuditEvent) private readonly events: Repository<AuditEvent>,
    @InjectRepository(AuditChain) private readonly chains: Repository<AuditChain>,
  ) {}

  /** Returns up to `limit` matching entries within a span, in ascending or descending order. */
  async find(
    filter: AuditFilter,
    span: SequenceSpan,
    order: 'ASC' | 'DESC',
    limit: number,
  ): Promise<AuditEvent[]> {
    const { equal, subject } = filter;
    const filters = Object.keys(equal).length + (subject ? 1 : 0);
    // Bound the span, so that all statements read the same entries while others are added.
    const present = filters > 1 || subject ? await this.narrow(span) : span;
    if (filters < 2) {
      return this.findWithin(filter, present, order, limit);
    }
    // No index covers two filters. Each may match a million entries while both match none, so search in steps.
    const found: AuditEvent[] = [];
    for (const step of stepsOf(present, order)) {
      found.push(...(await this.findWithin(filter, step, order, limit - found.length)));
      if (found.length === limit) {
        break;
      }
      await otherWork();
    }
    return found;
  }

  /** Returns the sequence number of an entry, or `undefined` if there is no entry with this id. */
  async sequenceOf(id: string): Promise<number | undefined> {
    return (await this.events.findOne({ select: { id: true, sequence: true }, where: { id } }))?.sequence;
  }

  /**
   * Returns a span that contains all entries of a period, found by index. It may contain others at its ends, because
   * clocks are set back. No entry is older than an earlier one by more than `clockSetback`.
   */
  async spanOf({ from, to }: Pick<AuditFilter, 'from' | 'to'>): Promise<SequenceSpan> {
    if (from === undefined && to === undefined) {
      return { after: 0, before: Number.MAX_SAFE_INTEGER };
    }
    const { clockSetback } = await this.chains.findOneByOrFail({});
    const [earlier, later] = await Promise.all([
      from === undefined ? undefined : this.nearest('<', from - clockSetback, 'DESC'),
      to === undefined ? undefined : this.nearest('>=', to + clockSetback, 'ASC'),
    ]);
    return { after: earlier?.sequence ?? 0, before: later?.sequence ?? Number.MAX_SAFE_INTEGER };
  }

  private async findWithin(
    filter: AuditFilter,
    span: SequenceSpan,
    order: 'ASC' | 'DESC',
    limit: number,
  ): Promise<AuditEvent[]> {
    const lists = await Promise.all(
      this.statements(filter, span, order).map((statement) => statement.limit(limit).getMany()),
    );
    return merge(lists, order).slice(0, limit);
  }

  /** Statements that together find all matches, each by an index. An entry can match by its subject or by its `about`. */
  private statements(
    filter: AuditFilter,
    span: SequenceSpan,
    order: 'ASC' | 'DESC',
  ): SelectQueryBuilder<AuditEvent>[] {
    const { subject } = filter;
    if (!subject) {
      return [this.matching(filter, span, order)];
    }
    const { by, value } = subject;
    const own = this.matching(filter, span, order).andWhere(
      `event.${by === 'id' ? 'subjectId' : 'subjectName'} = :subject`,
      { subject: value },
    );
    const about = [value, ALL_USERS[by]].map((one) =>
      this.matching(filter, span, order, 'about')
        .innerJoin(AuditEventSubject, 'about', 'about.sequence = event.sequence')
        .andWhere(`about.${by} = :subject`, { subject: one }),
    );
    return [own, ...about];
  }

  /** @param leading the table whose index gives the order of the list. */
  private matching(
    { equal, subject, from, to }: AuditFilter,
    { after, before }: SequenceSpan,
    order: 'ASC' | 'DESC',
    leading: 'event' | 'about' = 'event',
  ): SelectQueryBuilder<AuditEvent> {
    const query = this.events
      .createQueryBuilder('event')
      .where('event.sequence > :after AND event.sequence < :before', { after, before });
    if (leading === 'about') {
      // Repeat the range for this table: PostgreSQL does not infer it, and would scan from the end of the table.
      query.andWhere('about.sequence > :after AND about.sequence < :before');
    }
    const columns = Object.entries(equal);
    const hasOthers = columns.length > 1 || subject !== undefined;
    for (const [column, value] of columns) {
      // `|| ''` keeps the planner from using this index. Nearly all entries are successes, so any other index is better.
      const isWithoutIndex =
        leading === 'about' || (column === 'outcome' && value === 'success' && hasOthers);
      query.andWhere(`event.${column}${isWithoutIndex ? " || ''" : ''} = :${column}`, { [column]: value });
    }
    if (from !== undefined) {
      query.andWhere('event.time >= :from', { from });
    }
    if (to !== undefined) {
      query.andWhere('event.time < :to', { to });
    }
    return query.orderBy(`${leading}.sequence`, order);
  }

  /** Shrinks a span to the part that has entries. */
  private async narrow({ after, before }: SequenceSpan): Promise<SequenceSpan> {
    const [first, last] = await Promise.all([
      this.events.minimum('sequence'),
      this.events.maximum('sequence'),
    ]);
    return { after: Math.max(after, Number(first) - 1), before: Math.min(before, Number(last) + 1) };
  }

  private async nearest(
    operator: '<' | '>=',
    time: EpochMilliseconds,
    order: 'ASC' | 'DESC',
  ): Promise<AuditEvent | null> {
    return this.events
      .createQueryBuilder('event')
      .select(['event.id', 'event.sequence'])
      .where(`event.time ${operator} :time`, { time })
      .orderBy('event.time', order)
      .limit(1)
      .getOne();
  }
}

/** Merges sorted lists, without duplicates. */
function merge(lists: readonly AuditEvent[][], order: 'ASC' | 'DESC'): AuditEvent[] {
  const events = [...new Map(lists.flat().map((event) => [event.sequence, event])).values()];
  return events.sort((a, b) => (order === 'ASC' ? a.sequence - b.sequence : b.sequence - a.sequence));
}

/** Splits a span into steps that are fast to query, in the order of the list. */
function* stepsOf({ after, before }: SequenceSpan, order: 'ASC' | 'DESC'): Generator<SequenceSpan> {
  if (order === 'ASC') {
    for (let start = after; start + 1 < before; start += STEP) {
      yield { after: start, before: Math.min(start + STEP + 1, before) };
    }
    return;
  }
  for (let end = before; end - 1 > after; end -= STEP) {
    yield { after: Math.max(end - STEP - 1, after), before: end };
  }
}
