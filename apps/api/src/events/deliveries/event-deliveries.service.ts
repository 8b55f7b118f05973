import { Injectable } from '@nestjs/common';
import {
  PAGE_SIZE_DEFAULT,
  type EventDeliveryDto,
  type EventDeliveryListQueryDto,
  type EventDto,
  type RedeliverDto,
  type RedeliveredDto,
} from '@latchkey/auth-models';
import pLimit from 'p-limit';
import { v7 as uuid } from 'uuid';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError, errorAt } from '../../common/application-error.js';
import { Clock, DAY_MILLISECONDS, toRfc3339 } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type CursorPage, type SendableList } from '../../http/lists/send-list.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { Writes } from '../../platform/database/writes.service.js';
import { EventAttempts, type AttemptOutcome } from './event-attempts.service.js';
import { EventDeliveriesRepository } from './event-deliveries.repository.js';
import { type EventDelivery } from './event-delivery.entity.js';
import { EventQueue } from './event-queue.service.js';
import { EventRecipients } from './event-recipients.service.js';
import { type EventTarget } from '../targets/event-target.entity.js';
import { EventTargetsRepository } from '../targets/event-targets.repository.js';
import { visibleTypes } from '../event.mapper.js';

const COLUMNS = [
  'id',
  'event',
  'type',
  'recipient',
  'state',
  'creationTime',
  'attempts',
  'lastAttemptTime',
  'nextAttemptTime',
  'milliseconds',
  'status',
  'error',
] as const;

/** Tests at a time, each with one request or message. Links for lost passwords need room in the mailer. */
const TESTS_MAX = 4;

/** Tests that wait. */
const WAITING_TESTS_MAX = 40;

/** Lists deliveries, redelivers events, and sends test events. */
@Injectable()
export class EventDeliveriesService {
  private readonly testing = pLimit(TESTS_MAX);

  constructor(
    private readonly targets: EventTargetsRepository,
    private readonly deliveries: EventDeliveriesRepository,
    private readonly queue: EventQueue,
    private readonly attempts: EventAttempts,
    private readonly recipients: EventRecipients,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /** @throws ApplicationError `not_found`. */
  async find(
    name: string,
    { cursor, size = PAGE_SIZE_DEFAULT, state }: EventDeliveryListQueryDto,
    reader: Principal,
  ): Promise<SendableList<EventDeliveryDto, CursorPage<EventDeliveryDto>>> {
    await this.targets.getByName(name);
    const { deliveries } = this;
    const types = visibleTypes(reader);
    const toDto = (delivery: EventDelivery) => toEventDeliveryDto(delivery, reader);
    return {
      columns: COLUMNS,
      page: async () => {
        const rows = await deliveries.findOf(name, types, state, cursor, size + 1);
        const items = rows.slice(0, size).map(toDto);
        const last = items.at(-1);
        return { items, size, ...(rows.length > size && last && { next: { cursor: last.id } }) };
      },
      all: async function* () {
        let before = cursor;
        for (let rows; !rows || rows.length === EXPORTED; before = rows.at(-1)?.id) {
          rows = await deliveries.findOf(name, types, state, before, EXPORTED);
          yield rows.map(toDto);
        }
      },
    };
  }

  /**
   * Sends an invented event to a target, even if it is disabled, and waits for the result. Stores nothing.
   *
   * @throws ApplicationError `not_found`, or `overloaded` if many tests wait.
   */
  async test(name: string, actor: Principal): Promise<EventDeliveryDto> {
    if (this.testing.pendingCount >= WAITING_TESTS_MAX) {
      throw new ApplicationError('overloaded', { retryAfterSeconds: 10 });
    }
    return this.testing(() => this.testOnce(name, actor));
  }

  /**
   * Redelivers one event, or all since a time.
   *
   * @throws ApplicationError `not_found`, `validation_failed` without a time or an event that exists, or
   *   `conflict` if the target is disabled or there are too many events.
   */
  async redeliver(name: string, { event, since }: RedeliverDto, actor: Principal): Promise<RedeliveredDto> {
    const target = await this.targets.getByName(name);
    if (!target.enabled) {
      throw new ApplicationError('conflict', {
        detail: 'The target is disabled. Enable it, then redeliver the events.',
      });
    }
    if (event === undefined && since === undefined) {
      throw errorAt(
        '/since',
        'required',
        'send the id of an event, or the time of the oldest event to redeliver',
      );
    }
    const rows =
      event === undefined
        ? await this.queue.findSince(target, Date.parse(since ?? ''))
        : await this.queue.findAgain(target, event);
    await this.record('event_target_redelivered', name, actor, { event, since });
    await this.queue.redeliver(rows);
    return { count: new Set(rows.map((row) => row.event)).size };
  }

  private async testOnce(name: string, actor: Principal): Promise<EventDeliveryDto> {
    const target = await this.targets.getByName(name);
    await this.record('event_target_tested', name, actor, {});
    const event = this.testEvent(actor);
    const { error, ...outcome } = await this.attempt(event, target);
    const time = toRfc3339(this.clock.now());
    return {
      id: event.id,
      event: event.id,
      type: event.type,
      state: error === undefined ? 'delivered' : 'failed',
      creationTime: event.timestamp,
      attempts: 1,
      lastAttemptTime: time,
      milliseconds: outcome.milliseconds,
      ...(outcome.status !== undefined && { status: outcome.status }),
      ...(error !== undefined && { error }),
    };
  }

  private async attempt(event: EventDto, target: EventTarget): Promise<AttemptOutcome> {
    if (target.kind === 'webhook') {
      return this.attempts.post(event, target);
    }
    const outcomes: AttemptOutcome[] = [];
    for (const { address } of await this.recipients.of(event, target)) {
      outcomes.push(await this.attempts.mail([event], target, address));
    }
    return (
      outcomes.find(({ error }) => error !== undefined) ??
      outcomes[0] ?? {
        error:
          'The target sends to owners, and you have no e-mail address. Add addresses to the target, or one to your user.',
        milliseconds: 0,
      }
    );
  }

  private record(
    action: 'event_target_tested' | 'event_target_redelivered',
    name: string,
    actor: Principal,
    after: object,
  ): Promise<void> {
    return this.writes.transaction(async (tx) => {
      await this.escalation.lockAndRefresh(actor, tx);
      await this.audit.recordNamed(action, 'event_target', name, actor, { after }, tx);
    }, 'none');
  }

  private testEvent({ id, name }: Principal): EventDto {
    const now = this.clock.now();
    return {
      id: uuid(),
      type: 'token.expiring',
      timestamp: toRfc3339(now),
      data: {
        users: [{ id, name }],
        days: 7,
        tokens: [
          {
            id: uuid(),
            user: name,
            tokenPreview: 'latchkey_…Test',
            note: 'Test event. Ignore it.',
            expirationTime: toRfc3339(now + 7 * DAY_MILLISECONDS),
          },
        ],
      },
    };
  }
}

/** Rows that an export reads at once. */
const EXPORTED = 200;

function toEventDeliveryDto(delivery: EventDelivery, { permissions }: Principal): EventDeliveryDto {
  const { lastAttemptTime, nextAttemptTime, milliseconds, status, error, recipient } = delivery;
  return {
    id: delivery.id,
    event: delivery.event,
    type: delivery.type,
    ...(recipient !== '' && permissions.has('events:write') && { recipient }),
    state: delivery.state,
    creationTime: toRfc3339(delivery.creationTime),
    attempts: delivery.attempts,
    ...(lastAttemptTime !== null && { lastAttemptTime: toRfc3339(lastAttemptTime) }),
    ...(nextAttemptTime !== null && { nextAttemptTime: toRfc3339(nextAttemptTime) }),
    ...(milliseconds !== null && { milliseconds }),
    ...(status !== null && { status }),
    ...(error !== null && { error }),
  };
}
