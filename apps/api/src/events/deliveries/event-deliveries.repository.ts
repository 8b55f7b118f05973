import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type DeliveryState, type EventType } from '@latchkey/auth-models';
import { In, IsNull, LessThan, LessThanOrEqual, MoreThan, Not, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { run } from '../../platform/database/queries/fixed-statements.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { EventDelivery } from './event-delivery.entity.js';

/** Rows inserted per statement. */
const ROWS = 500;

/** Result of an attempt. */
export type AttemptColumns = Pick<
  EventDelivery,
  'state' | 'attempts' | 'lastAttemptTime' | 'nextAttemptTime' | 'milliseconds' | 'status' | 'error'
>;

/**
 * Makes the earliest waiting delivery of a line due, if none of the line is. A line is the deliveries of one
 * subject to one recipient. Later ones stay without a time, so that the index of due deliveries does not
 * contain them.
 */
const MAKE_FIRST_DUE = `UPDATE "event_deliveries" SET "nextAttemptTime" = ?
  WHERE "target" = ? AND "recipient" = ? AND "subject" = ? AND "state" = 'waiting' AND "nextAttemptTime" IS NULL
  AND "sequence" = (SELECT MIN("sequence") FROM "event_deliveries"
    WHERE "target" = ? AND "recipient" = ? AND "subject" = ? AND "state" = 'waiting')`;

/** Whether a delivery is the earliest waiting one of its line. MAKE_FIRST_DUE is faster for a long line. */
const IS_FIRST = `NOT EXISTS (SELECT 1 FROM "event_deliveries" e WHERE e."target" = "event_deliveries"."target"
  AND e."state" = 'waiting' AND e."recipient" = "event_deliveries"."recipient"
  AND e."subject" = "event_deliveries"."subject" AND e."sequence" < "event_deliveries"."sequence")`;

/** Delivery that its target receives next. */
export interface FirstDue extends Pick<EventDelivery, 'id' | 'target'> {
  /** Whether the last attempt at the target failed. */
  readonly isFailing: boolean;
}

/** Queries on deliveries. */
@Injectable()
export class EventDeliveriesRepository {
  constructor(@InjectRepository(EventDelivery) private readonly deliveries: Repository<EventDelivery>) {}

  /** Inserts deliveries. Existing ones wait for another attempt. */
  async insert(rows: readonly EventDelivery[], tx: WriteTransaction): Promise<void> {
    for (let start = 0; start < rows.length; start += ROWS) {
      await tx
        .createQueryBuilder()
        .insert()
        .into(EventDelivery)
        .values(rows.slice(start, start + ROWS))
        .orUpdate(
          ['state', 'attempts', 'nextAttemptTime', 'creationTime', 'error', 'status', 'milliseconds'],
          ['target', 'sequence', 'recipient'],
        )
        .updateEntity(false)
        .execute();
    }
  }

  /** Makes new deliveries due if they are the first of their lines. */
  async makeDue(
    deliveries: readonly EventDelivery[],
    time: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<void> {
    if (deliveries.length > 0) {
      const targets = [...new Set(deliveries.map(({ target }) => target))];
      const sequences = [...new Set(deliveries.map(({ sequence }) => sequence))];
      await tx
        .createQueryBuilder()
        .update(EventDelivery)
        .set({ nextAttemptTime: time })
        .where({ target: In(targets), sequence: In(sequences), state: 'waiting', nextAttemptTime: IsNull() })
        .andWhere(IS_FIRST)
        .execute();
    }
  }

  /** Makes the next delivery of a line due after others of the line that no longer wait. */
  async makeNextDue(
    deliveries: readonly EventDelivery[],
    time: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<void> {
    const lines = new Map(
      deliveries.map(({ target, recipient, subject }) => {
        const line = [target, recipient, subject];
        return [JSON.stringify(line), line];
      }),
    );
    for (const line of lines.values()) {
      await run(MAKE_FIRST_DUE, [time, ...line, ...line], tx);
    }
  }

  /** Returns the most overdue delivery of each webhook that has one, the most overdue first. */
  async findFirstDue(now: EpochMilliseconds): Promise<FirstDue[]> {
    const rows = await this.deliveries
      .createQueryBuilder('delivery')
      .innerJoin(
        'delivery.targetEntity',
        'target',
        // One read of an index for each target, so that it does not matter how many deliveries wait.
        `delivery.id = (SELECT w."id" FROM "event_deliveries" w WHERE w."target" = target.name
          AND w."state" = 'waiting' AND w."nextAttemptTime" <= :now
          ORDER BY w."nextAttemptTime" LIMIT 1)`,
        { now },
      )
      .where(`target.kind = 'webhook' AND target.enabled = true`)
      .select('delivery.id', 'id')
      .addSelect('target.name', 'target')
      .addSelect('target.failingSince', 'failingSince')
      .orderBy('delivery.nextAttemptTime', 'ASC')
      .getRawMany<{ id: string; target: string; failingSince: unknown }>();
    return rows.map(({ id, target, failingSince }) => ({ id, target, isFailing: failingSince !== null }));
  }

  /** Returns up to `limit` deliveries to a target that are due, the most overdue first. */
  findDueOf(target: string, now: EpochMilliseconds, limit: number): Promise<EventDelivery[]> {
    return this.deliveries.find({
      where: { target, state: 'waiting', nextAttemptTime: LessThanOrEqual(now) },
      order: { nextAttemptTime: 'ASC', sequence: 'ASC' },
      take: limit,
    });
  }

  /** Returns up to `limit` deliveries after this one in its line, until one that waits for its time. */
  async findNext(
    { target, recipient, subject, sequence }: EventDelivery,
    now: EpochMilliseconds,
    limit: number,
  ): Promise<EventDelivery[]> {
    const next = await this.deliveries.find({
      where: { target, state: 'waiting', recipient, subject, sequence: MoreThan(sequence) },
      order: { sequence: 'ASC' },
      take: limit,
    });
    const paused = next.findIndex(({ nextAttemptTime }) => (nextAttemptTime ?? now) > now);
    return paused < 0 ? next : next.slice(0, paused);
  }

  findByIds(ids: readonly string[]): Promise<EventDelivery[]> {
    return this.deliveries.findBy({ id: In([...ids]) });
  }

  /** Returns up to `limit` deliveries by e-mail that are due, the most overdue first. */
  findDueMail(now: EpochMilliseconds, limit: number): Promise<EventDelivery[]> {
    return this.deliveries
      .createQueryBuilder('delivery')
      .innerJoin('delivery.targetEntity', 'target')
      .where(`target.kind = 'email' AND target.enabled = true`)
      .andWhere(`delivery.state = 'waiting' AND delivery.nextAttemptTime <= :now`, { now })
      .orderBy('delivery.nextAttemptTime', 'ASC')
      .addOrderBy('delivery.sequence', 'ASC')
      .limit(limit)
      .getMany();
  }

  /** Stores the result of an attempt, unless the delivery was deleted or given up in the meantime. */
  async setResult(id: string, result: AttemptColumns, tx: WriteTransaction): Promise<void> {
    await tx.update(EventDelivery, { id, state: 'waiting' }, result);
  }

  /** Makes all deliveries to a target due that have failed before. */
  async endPauses(target: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    const paused = {
      target,
      state: 'waiting',
      attempts: MoreThan(0),
      nextAttemptTime: MoreThan(now),
    } as const;
    await tx.update(EventDelivery, paused, { nextAttemptTime: now });
  }

  /** Makes deliveries due whose next attempt is after a time: the clock was ahead when they failed. */
  async endPausesAfter(
    time: EpochMilliseconds,
    now: EpochMilliseconds,
    targets: readonly string[],
    tx: WriteTransaction,
  ): Promise<void> {
    // Names the targets to use the index of due deliveries.
    const paused = { target: In([...targets]), state: 'waiting', nextAttemptTime: MoreThan(time) } as const;
    await tx.update(EventDelivery, paused, { nextAttemptTime: now });
  }

  /** Gives up the waiting deliveries of a target. Those that have failed keep their errors. */
  async failWaiting(target: string, error: string, tx: WriteTransaction): Promise<void> {
    await tx
      .createQueryBuilder()
      .update(EventDelivery)
      .set({ state: 'failed', nextAttemptTime: null, error: () => 'COALESCE("error", :error)' })
      .where({ target, state: 'waiting' })
      .setParameter('error', error)
      .execute();
  }

  /** Returns up to `limit` deliveries of events of these types to a target, newest first. */
  findOf(
    target: string,
    types: readonly EventType[],
    state: DeliveryState | undefined,
    before: string | undefined,
    limit: number,
  ): Promise<EventDelivery[]> {
    return this.deliveries.find({
      where: {
        target,
        type: In([...types]),
        ...(state && { state }),
        ...(before !== undefined && { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** Counts the waiting deliveries by target, of some targets or of all. */
  async countWaiting(
    targets?: readonly string[],
    tx?: WriteTransaction,
  ): Promise<ReadonlyMap<string, number>> {
    const rows = await (tx?.getRepository(EventDelivery) ?? this.deliveries)
      .createQueryBuilder('delivery')
      .select('delivery.target', 'target')
      .addSelect('COUNT(*)', 'count')
      .where({ state: 'waiting', ...(targets && { target: In([...targets]) }) })
      .groupBy('delivery.target')
      .getRawMany<{ target: string; count: string | number }>();
    return new Map(rows.map(({ target, count }) => [target, Number(count)]));
  }

  /** Deletes deliveries that are no longer attempted and older than a time. Returns their number. */
  async deleteBefore(time: EpochMilliseconds, limit: number, tx: WriteTransaction): Promise<number> {
    const rows = await tx.find(EventDelivery, {
      select: { id: true },
      where: { creationTime: LessThan(time), state: Not('waiting') },
      order: { creationTime: 'ASC' },
      take: limit,
    });
    if (rows.length > 0) {
      await tx.delete(
        EventDelivery,
        rows.map(({ id }) => id),
      );
    }
    return rows.length;
  }
}
