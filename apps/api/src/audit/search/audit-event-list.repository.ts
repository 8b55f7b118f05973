import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { AuditChain, CHAIN_ID } from '../trail/audit-chain.entity.js';
import { AuditEvent } from '../trail/audit-event.entity.js';
import { type AuditFilter } from './audit-filter.js';
import {
  matchesOf,
  matchingCondition,
  reachStatement,
  type Matches,
  type Order,
  type SequenceSpan,
  type Sql,
} from './audit-search-sql.js';

/**
 * Entries of the rarest filter that the first statement of a search reads. Each later statement reads twice
 * as many.
 */
const FIRST_STEP = 1_000;
/** Maximum per statement. SQLite reads these entries in less than 20 ms, while other requests wait. */
const STEP_MAX = 8_000;

/** Part of a search. */
interface Step {
  /** Rarest filter within the span. */
  readonly leading: Matches;
  readonly span: SequenceSpan;
  /** Remaining span; `undefined` in the last step. */
  readonly rest: SequenceSpan | undefined;
}

/** Queries that list entries. */
@Injectable()
export class AuditEventListRepository {
  constructor(
    @InjectRepository(AuditEvent) private readonly events: Repository<AuditEvent>,
    @InjectRepository(AuditChain) private readonly chains: Repository<AuditChain>,
  ) {}

  /**
   * Returns up to `limit` matching entries within a span, in ascending or descending order.
   *
   * No index covers two filters. Each may match a million entries, although no entry matches both. So the
   * search reads the entries of the rarest filter, in steps.
   */
  async find(filter: AuditFilter, span: SequenceSpan, order: Order, limit: number): Promise<AuditEvent[]> {
    const filters = matchesOf(filter);
    if (filters.length === 0) {
      const { after, before } = span;
      const within = 'event.sequence > :after AND event.sequence < :before';
      return this.read(filter, { text: within, parameters: { after, before } }, order, limit);
    }
    const found: AuditEvent[] = [];
    let rest: SequenceSpan | undefined = span;
    for (let size = FIRST_STEP; rest && found.length < limit; size = Math.min(2 * size, STEP_MAX)) {
      const step: Step = await this.nextStep(filters, rest, order, size);
      const condition = matchingCondition(step.leading, filters, step.span);
      found.push(...(await this.read(filter, condition, order, limit - found.length)));
      rest = step.rest;
      await otherWork();
    }
    return found;
  }

  /** Returns the sequence number of an entry, or `undefined` if there is no entry with this id. */
  async sequenceOf(id: string): Promise<number | undefined> {
    return (await this.events.findOne({ select: { id: true, sequence: true }, where: { id } }))?.sequence;
  }

  /**
   * Returns a span that contains all entries of a period, found by index. It may contain others at its ends,
   * because clocks are set back. No entry is older than an earlier one by more than `clockSetback`.
   */
  async spanOf({ from, to }: Pick<AuditFilter, 'from' | 'to'>): Promise<SequenceSpan> {
    if (from === undefined && to === undefined) {
      return { after: 0, before: Number.MAX_SAFE_INTEGER };
    }
    const chain = await this.chains.findOneByOrFail({ id: CHAIN_ID });
    // Someone with access to the database can make it negative. Verification reports that, and the search
    // still finds all entries.
    const clockSetback = Math.max(chain.clockSetback, 0);
    const [earlier, later] = await Promise.all([
      from === undefined ? undefined : this.nearest('<', from - clockSetback, 'DESC', chain),
      to === undefined ? undefined : this.nearest('>=', to + clockSetback, 'ASC', chain),
    ]);
    return { after: earlier?.sequence ?? 0, before: later?.sequence ?? Number.MAX_SAFE_INTEGER };
  }

  /** Returns the next step, which contains `size` entries of the rarest filter, or all that remain. */
  private async nextStep(
    filters: readonly Matches[],
    span: SequenceSpan,
    order: Order,
    size: number,
  ): Promise<Step> {
    const { text, parameters } = reachStatement(filters, span, order, size);
    const { driver } = this.events.manager.dataSource;
    const [ends = {}] = await this.events.query<Record<string, number | null>[]>(
      ...driver.escapeQueryWithParameters(text, parameters),
    );
    // With this sign, a greater reach is further along in both orders.
    const sign = order === 'ASC' ? 1 : -1;
    const reaches = filters.map((leading) => ({
      leading,
      reach: Math.min(...[...leading.keys()].map((name) => sign * (ends[name] ?? sign * Infinity))),
    }));
    const { leading, reach } = reaches.reduce((best, one) => (one.reach > best.reach ? one : best));
    const end = sign * reach;
    if (!Number.isFinite(end)) {
      return { leading, span, rest: undefined };
    }
    return order === 'ASC'
      ? { leading, span: { ...span, before: end + 1 }, rest: { ...span, after: end } }
      : { leading, span: { ...span, after: end - 1 }, rest: { ...span, before: end } };
  }

  private read(
    { from, to }: AuditFilter,
    { text, parameters }: Sql,
    order: Order,
    limit: number,
  ): Promise<AuditEvent[]> {
    const query = this.events.createQueryBuilder('event').where(text, parameters);
    if (from !== undefined) {
      query.andWhere('event.time >= :from', { from });
    }
    if (to !== undefined) {
      query.andWhere('event.time < :to', { to });
    }
    return query.orderBy('event.sequence', order).limit(limit).getMany();
  }

  /** Returns the entry with the nearest time. Ignores rows whose numbers the server never assigned. */
  private async nearest(
    operator: '<' | '>=',
    time: EpochMilliseconds,
    order: Order,
    { sequence }: AuditChain,
  ): Promise<AuditEvent | null> {
    // The sum keeps SQLite from reading the trail by number, which takes 0.3 s for a million entries.
    const isEntry = 'event.sequence + 0 BETWEEN 1 AND :sequence';
    return this.events
      .createQueryBuilder('event')
      .select(['event.id', 'event.sequence'])
      .where(`event.time ${operator} :time AND ${isEntry}`, { time, sequence })
      .orderBy('event.time', order)
      .limit(1)
      .getOne();
  }
}
