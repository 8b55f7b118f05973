import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.js';
import { AuditChain } from './audit-chain.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { type AuditFilter } from './audit-filter.js';

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
  find(
    { equal, from, to }: AuditFilter,
    { after, before }: SequenceSpan,
    order: 'ASC' | 'DESC',
    limit: number,
  ): Promise<AuditEvent[]> {
    const query = this.events
      .createQueryBuilder('event')
      .where('event.sequence > :after AND event.sequence < :before', { after, before });
    for (const [column, value] of Object.entries(equal)) {
      query.andWhere(`event.${column} = :${column}`, { [column]: value });
    }
    if (from !== undefined) {
      query.andWhere('event.time >= :from', { from });
    }
    if (to !== undefined) {
      query.andWhere('event.time < :to', { to });
    }
    return query.orderBy('event.sequence', order).limit(limit).getMany();
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
