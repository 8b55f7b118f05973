import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  WAITING_DELIVERIES_MAX,
  type EventDto,
  type EventType,
  type EventUserDto,
} from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { AuditEntries, type EntryWithSubjects } from '../../audit/search/audit-entries.service.js';
import { AuditService, SERVER_ACTOR } from '../../audit/trail/audit.service.js';
import { ApplicationError, errorAt } from '../../common/application-error.js';
import { Clock, DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { type EventDelivery } from './event-delivery.entity.js';
import { EventDeliveriesRepository } from './event-deliveries.repository.js';
import { type EventTarget } from '../targets/event-target.entity.js';
import { EventTargetsRepository } from '../targets/event-targets.repository.js';
import { actionsOf, toEvent } from '../event.mapper.js';
import { EventRecipients } from './event-recipients.service.js';
import { SenderLease } from '../sender/sender-lease.service.js';

/** Entries that are read at once. */
const ENTRIES = 200;

/** Deliveries per transaction, unless one event has more: an event can have one for each of 1,000 targets. */
const ROWS = 100;

/** Deliveries to a target after which the server counts those that wait again, at the latest. */
const UNCOUNTED_MAX = 1_000;

/** Deliveries of one event after which the server handles other requests first. */
const PAUSED_AFTER = 20;

/** Hour (UTC) at which daily e-mail is sent. */
const DAILY_HOUR = 6;

/** Event with its position in the trail. */
interface FoundEvent {
  readonly event: EventDto;
  readonly sequence: number;
}

/** Queues the deliveries of new events. */
@Injectable()
export class EventQueue {
  /** Deliveries that can be queued for a target before the server counts those that wait. */
  private readonly room = new Map<string, number>();

  constructor(
    private readonly entries: AuditEntries,
    private readonly targets: EventTargetsRepository,
    private readonly deliveries: EventDeliveriesRepository,
    private readonly recipients: EventRecipients,
    private readonly lease: SenderLease,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /** Queues the deliveries of the next entries of the trail. Returns whether there may be more. */
  async advance(): Promise<boolean> {
    // Read before the targets: one that is created in between receives only later entries.
    const newest = await this.entries.newest();
    if (newest <= this.lease.sequence) {
      return false;
    }
    const targets = await this.receivingTargets();
    if (targets.length === 0) {
      this.lease.skipTo(newest);
      return false;
    }
    const actions = actionsOf(targets.flatMap(typesOf));
    const { entries, last, hasMore } = await this.entries.readAfter(this.lease.sequence, actions, ENTRIES, {
      newest,
    });
    const { rows, end } = await this.firstRows(eventsIn(entries), targets);
    const position = end ?? last;
    if (rows.length > 0) {
      await this.writes.transaction(async (tx) => {
        if (!(await this.lease.advance(position, tx))) {
          throw new Error('Another process sends the events now');
        }
        await this.insert(rows, tx);
      }, 'none');
    }
    this.lease.skipTo(position);
    return hasMore || end !== undefined;
  }

  /** Returns the deliveries for one transaction. `end` is their last position, if more events follow. */
  private async firstRows(
    events: readonly FoundEvent[],
    targets: readonly EventTarget[],
  ): Promise<{ rows: EventDelivery[]; end?: number }> {
    const rows: EventDelivery[] = [];
    for (const found of events) {
      const some = await this.rowsFor([found], targets, false);
      if (rows.length > 0 && rows.length + some.length > ROWS) {
        return { rows, end: found.sequence - 1 };
      }
      rows.push(...some);
      if (some.length > PAUSED_AFTER) {
        // With many targets, other requests need this pause.
        await otherWork();
      }
    }
    return { rows };
  }

  /**
   * Returns the deliveries of an event that a target is to receive again; none if it does not match the
   * filters.
   *
   * @throws ApplicationError `validation_failed` if no event has this id.
   */
  async findAgain(target: EventTarget, id: string): Promise<EventDelivery[]> {
    const sequence = await this.entries.sequenceOf(id);
    const entries = await this.entries.find(sequence === undefined ? [] : [sequence]);
    const events = eventsIn([...entries.values()]);
    if (events.length === 0) {
      throw errorAt('/event', 'event_unknown', 'no event has this id; GET /events lists events');
    }
    return this.rowsFor(events, [target], true);
  }

  /**
   * Returns the deliveries of the events since a time that a target is to receive again.
   *
   * @throws ApplicationError `conflict` if there are too many.
   */
  async findSince(target: EventTarget, since: EpochMilliseconds): Promise<EventDelivery[]> {
    const rows: EventDelivery[] = [];
    const actions = actionsOf(typesOf(target));
    let after = await this.entries.lastBefore(since);
    for (let hasMore = true; hasMore;) {
      const read = await this.entries.readAfter(after, actions, ENTRIES, { since });
      after = read.last;
      hasMore = read.hasMore;
      rows.push(...(await this.rowsFor(eventsIn(read.entries), [target], true)));
      if (rows.length > WAITING_DELIVERIES_MAX) {
        throw new ApplicationError('conflict', {
          detail: `There are more than ${WAITING_DELIVERIES_MAX} deliveries since then. Choose a later time.`,
        });
      }
    }
    return rows;
  }

  /** Queues deliveries again. */
  async redeliver(rows: readonly EventDelivery[]): Promise<void> {
    for (let start = 0; start < rows.length; start += ROWS) {
      await this.writes.transaction((tx) => this.insert(rows.slice(start, start + ROWS), tx), 'none');
    }
  }

  /** Returns the enabled targets to which the server can send. */
  private async receivingTargets(): Promise<EventTarget[]> {
    return (await this.targets.findEnabled()).filter((target) => this.recipients.canReach(target));
  }

  private async rowsFor(
    events: readonly FoundEvent[],
    targets: readonly EventTarget[],
    isRedelivery: boolean,
  ): Promise<EventDelivery[]> {
    const rows: EventDelivery[] = [];
    for (const found of events) {
      const wanting = targets.filter(
        (target) =>
          typesOf(target).includes(found.event.type) &&
          (isRedelivery || found.sequence > target.startSequence) &&
          concernsUser(found.event, target.userId),
      );
      // Read once for all targets, and only if one of them has this filter.
      const apis = wanting.some(({ api }) => api !== null)
        ? await this.recipients.apisOf(found.event)
        : new Set<string>();
      for (const target of wanting) {
        if (target.api === null || found.event.data.allTokens || apis.has(target.api)) {
          rows.push(...(await this.rowsOf(found, target)));
        }
      }
    }
    return rows;
  }

  private async rowsOf({ event, sequence }: FoundEvent, target: EventTarget): Promise<EventDelivery[]> {
    const recipients = await this.recipients.of(event, target);
    return recipients.map(({ address }) => ({
      id: uuid(),
      target: target.name,
      sequence,
      recipient: address,
      event: event.id,
      type: event.type,
      // A message lists several events, so e-mail has no lines.
      subject: target.kind === 'email' ? event.id : subjectOf(event),
      state: 'waiting',
      creationTime: this.clock.now(),
      attempts: 0,
      lastAttemptTime: null,
      nextAttemptTime: null,
      milliseconds: null,
      status: null,
      error: null,
    }));
  }

  private async insert(rows: readonly EventDelivery[], tx: WriteTransaction): Promise<void> {
    const found = await this.targets.findByNames([...new Set(rows.map(({ target }) => target))], tx);
    // Some targets may have been deleted or disabled in the meantime.
    const targets = new Map(found.filter(({ enabled }) => enabled).map((target) => [target.name, target]));
    await this.disableFull(targets, tx);
    const kept = rows.filter(({ target }) => targets.has(target));
    kept.forEach(({ target }) => this.room.set(target, Math.max(0, (this.room.get(target) ?? 0) - 1)));
    await this.deliveries.insert(kept, tx);
    const isDaily = ({ target }: EventDelivery) => targets.get(target)?.schedule === 'daily';
    const now = this.clock.now();
    await this.deliveries.makeDue(
      kept.filter((row) => !isDaily(row)),
      now,
      tx,
    );
    await this.deliveries.makeDue(kept.filter(isDaily), nextDailyTime(now), tx);
  }

  /** Removes the targets for which too many deliveries wait, and disables them. */
  private async disableFull(targets: Map<string, EventTarget>, tx: WriteTransaction): Promise<void> {
    const uncounted = [...targets.values()].filter(({ name }) => (this.room.get(name) ?? 0) === 0);
    if (uncounted.length === 0) {
      return;
    }
    const waiting = await this.deliveries.countWaiting(
      uncounted.map(({ name }) => name),
      tx,
    );
    for (const target of uncounted) {
      const room = WAITING_DELIVERIES_MAX - (waiting.get(target.name) ?? 0);
      this.room.set(target.name, Math.max(0, Math.min(room, UNCOUNTED_MAX)));
      if (room <= 0) {
        targets.delete(target.name);
        await this.disable(target, 'too_many_waiting', tx);
      }
    }
  }

  /** Disables a target, gives up its deliveries, and records it. */
  async disable(
    target: EventTarget,
    reason: NonNullable<EventTarget['disabledReason']>,
    tx: WriteTransaction,
  ): Promise<void> {
    if (!(await this.targets.disable(target, reason, tx))) {
      return;
    }
    await this.deliveries.failWaiting(target.name, 'The target was disabled.', tx);
    await this.audit.record(
      {
        action: 'event_target_disabled',
        actor: SERVER_ACTOR,
        subject: { kind: 'event_target', id: null, name: target.name },
        after: { reason },
      },
      tx,
    );
  }
}

/** Returns the time of the next daily e-mail. */
export function nextDailyTime(now: EpochMilliseconds): EpochMilliseconds {
  const today = Math.floor(now / DAY_MILLISECONDS) * DAY_MILLISECONDS + DAILY_HOUR * 3_600_000;
  return today > now ? today : today + DAY_MILLISECONDS;
}

function typesOf({ types }: EventTarget): EventType[] {
  return types.split(',') as EventType[];
}

function eventsIn(entries: readonly EntryWithSubjects[]): FoundEvent[] {
  return entries.flatMap(({ entry, about }) => {
    const event = toEvent(entry, about);
    return event ? [{ event, sequence: entry.sequence }] : [];
  });
}

function concernsUser({ data: { users = [], allTokens } }: EventDto, userId: string | null): boolean {
  const isForAll = allTokens === true && users.length === 0;
  return userId === null || isForAll || users.some(({ id }) => id === userId);
}

/** Returns the key of the events that are delivered in order: the only user, or the only token. */
function subjectOf({ type, data: { users = [], tokens = [] } }: EventDto): string {
  const [user, ...others]: EventUserDto[] = users;
  return (
    (others.length === 0 ? user?.id : undefined) ?? (tokens.length === 1 ? tokens[0]?.id : undefined) ?? type
  );
}
