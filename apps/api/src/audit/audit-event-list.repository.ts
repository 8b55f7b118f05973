import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.js';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { type AuditFilter } from './audit-filter.js';

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
    if (Object.keys(filter.equal).length < 2) {
      return this.findWithin(filter, span, order, limit);
    }
    // Two filters have no index together, and may match nothing though each matches a million.
    const found: AuditEvent[] = [];
    for (const step of stepsOf(await this.narrow(span), order)) {
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

  private findWithin(
    { equal, from, to }: AuditFilter,
    { after, before }: SequenceSpan,
    order: 'ASC' | 'DESC',
    limit: number,
  ): Promise<AuditEvent[]> {
    const query = this.events
      .createQueryBuilder('event')
      .where('event.sequence > :after AND event.sequence < :before', { after, before });
    const columns = Object.entries(equal);
    for (const [column, value] of columns) {
      // Nearly all entries are of successes, so this index is the worst if there is another.
      const isWithoutIndex = column === 'outcome' && value === 'success' && columns.length > 1;
      query.andWhere(`event.${column}${isWithoutIndex ? " || ''" : ''} = :${column}`, { [column]: value });
    }
    if (from !== undefined) {
      query.andWhere('event.time >= :from', { from });
    }
    if (to !== undefined) {
      query.andWhere('event.time < :to', { to });
    }
    return query.orderBy('event.sequence', order).limit(limit).getMany();
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
