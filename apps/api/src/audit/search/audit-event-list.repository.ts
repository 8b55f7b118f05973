import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository, type SelectQueryBuilder } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.js';
import { AuditChain } from '../trail/audit-chain.entity.js';
import { AuditEventSubject } from '../trail/audit-event-subject.entity.js';
import { AuditEvent } from '../trail/audit-event.entity.js';
import { type AuditFilter } from './audit-filter.js';
import { EVERYBODY } from '../trail/audited-thing.js';

/** Entries that are looked through in one statement. */
const STEP = 50_000;

/** A part of the trail's order; both ends are left out. */
export interface SequenceSpan {
  readonly after: number;
  readonly before: number;
}

/** Every query on lists of entries. */
@Injectable()
export class AuditEventListRepository {
  constructor(
    @InjectRepository(AuditEvent) private readonly events: Repository<AuditEvent>,
    @InjectRepository(AuditChain) private readonly chains: Repository<AuditChain>,
  ) {}

  /** At most so many of the entries that match, within a span, oldest or newest first. */
  async find(
    filter: AuditFilter,
    span: SequenceSpan,
    order: 'ASC' | 'DESC',
    limit: number,
  ): Promise<AuditEvent[]> {
    const { equal, subject } = filter;
    const filters = Object.keys(equal).length + (subject ? 1 : 0);
    // With an end, so that all statements look at the same entries while others are added.
    const present = filters > 1 || subject ? await this.narrow(span) : span;
    if (filters < 2) {
      return this.findWithin(filter, present, order, limit);
    }
    // Two filters have no index together, and may match nothing though each matches a million.
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

  /** The number of an entry; `undefined` if there is none with the id. */
  async sequenceOf(id: string): Promise<number | undefined> {
    return (await this.events.findOne({ select: { id: true, sequence: true }, where: { id } }))?.sequence;
  }

  /**
   * A span that has every entry of some time, and is found by index. It may have others at its ends, as clocks are set
   * back: no entry's time is before that of an earlier entry by more than the chain has noted.
   */
  async spanOf({ from, to }: Pick<AuditFilter, 'from' | 'to'>): Promise<SequenceSpan> {
    if (from === undefined && to === undefined) {
      return { after: 0, before: Number.MAX_SAFE_INTEGER };
    }
    const { clockSetback } = await this.chains.findOneByOrFail({});
    const [earlier, later] = await Promise.all([
      from === undefined ? undefined : this.nextTo('<', from - clockSetback, 'DESC'),
      to === undefined ? undefined : this.nextTo('>=', to + clockSetback, 'ASC'),
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

  /** Statements that find everything together, each by an index: a subject may be an entry's own, or one of several. */
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
    const about = [value, EVERYBODY[by]].map((one) =>
      this.matching(filter, span, order, 'about')
        .innerJoin(AuditEventSubject, 'about', 'about.sequence = event.sequence')
        .andWhere(`about.${by} = :subject`, { subject: one }),
    );
    return [own, ...about];
  }

  /** @param leading the table whose index is in the order of the list. */
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
      // Said of both tables: PostgreSQL does not conclude it, and would walk from the end of the other one.
      query.andWhere('about.sequence > :after AND about.sequence < :before');
    }
    const columns = Object.entries(equal);
    const hasOthers = columns.length > 1 || subject !== undefined;
    for (const [column, value] of columns) {
      // Nearly all entries are of successes, so this index is the worst if there is another.
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

  /** The part of a span in which there are entries. */
  private async narrow({ after, before }: SequenceSpan): Promise<SequenceSpan> {
    const [first, last] = await Promise.all([
      this.events.minimum('sequence'),
      this.events.maximum('sequence'),
    ]);
    return { after: Math.max(after, Number(first) - 1), before: Math.min(before, Number(last) + 1) };
  }

  private async nextTo(
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

/** Lists in one order as one, each entry once. */
function merge(lists: readonly AuditEvent[][], order: 'ASC' | 'DESC'): AuditEvent[] {
  const events = [...new Map(lists.flat().map((event) => [event.sequence, event])).values()];
  return events.sort((a, b) => (order === 'ASC' ? a.sequence - b.sequence : b.sequence - a.sequence));
}

/** A span in steps that a statement is quick with, in the order of a list. */
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
