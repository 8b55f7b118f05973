import { AsyncResource } from 'node:async_hooks';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DELIVERY_RETENTION_DAYS, type EventDto } from '@latchkey/auth-models';
import { AuditEntries } from '../../audit/search/audit-entries.service.js';
import { AuditService } from '../../audit/trail/audit.service.js';
import { Clock, DAY_MILLISECONDS } from '../../common/clock.service.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { EventAttempts } from '../deliveries/event-attempts.service.js';
import { EventDeliveriesRepository } from '../deliveries/event-deliveries.repository.js';
import { type EventDelivery } from '../deliveries/event-delivery.entity.js';
import { EventQueue } from '../deliveries/event-queue.service.js';
import { EventRecipients } from '../deliveries/event-recipients.service.js';
import { ENTRY_DELETED, EventResults } from '../deliveries/event-results.service.js';
import { type EventTarget } from '../targets/event-target.entity.js';
import { EventTargetsRepository } from '../targets/event-targets.repository.js';
import { eventTypeOf, toEvent } from '../event.mapper.js';
import { SenderLease } from './sender-lease.service.js';
import { WebhookWorkers } from './webhook-workers.service.js';

/** Interval at which the sender checks for work that other processes caused. */
const INTERVAL_MILLISECONDS = 1_000;

/** Delay after a commit, so that several are read together. */
const GATHER_MILLISECONDS = 20;

/** Delay after a response, so that several results are stored together. New events store them earlier. */
const RESULT_MILLISECONDS = 200;

/** Deliveries by e-mail that are read at once. */
const MAILED_MAX = 1_000;

/** Messages at a time. The mailer accepts more, so that they do not displace links for lost passwords. */
const MESSAGES_MAX = 20;

/** Pause between two messages to a recipient. Events in between share a message. */
const MAIL_PAUSE_MILLISECONDS = 60_000;

/** Interval at which old deliveries are deleted. */
const CLEANUP_MILLISECONDS = 600_000;

/** Longer than any pause between two attempts, and than the time until the next daily e-mail. */
const PAUSE_MAX_MILLISECONDS = 25 * 3_600_000;

/** Maximum number of deliveries that one transaction deletes. */
const DELETED = 500;

/** Error of a delivery to an address that the target or the owner has changed since. */
const NO_RECIPIENT = 'The target no longer sends to this address.';

/** Delivery that is due, with its target and its event. */
interface DueDelivery {
  readonly delivery: EventDelivery;
  readonly target: EventTarget;
  readonly event: EventDto;
}

/** Sends events: one process over all replicas, at least once, and in order for each subject. */
@Injectable()
export class EventSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private cycle: Promise<void> | undefined;
  /** Outside the requests that wake the sender, which sends events of others too. */
  private readonly context = new AsyncResource('EventSender');
  /** Time of the next run, by `performance.now()`. */
  private nextRunAt = Infinity;
  /** Whether this process has appended an event. It may not be committed yet. */
  private hasNewEvent = false;
  private readonly stopping = new AbortController();
  /** Deliveries that are being sent by e-mail, by id. */
  private readonly inFlight = new Map<string, Promise<void>>();
  private messages = 0;
  /** Times of the last messages, by target and recipient. */
  private readonly mailedAt = new Map<string, number>();
  private cleanedUpAt = -Infinity;

  constructor(
    private readonly lease: SenderLease,
    private readonly queue: EventQueue,
    private readonly webhooks: WebhookWorkers,
    private readonly deliveries: EventDeliveriesRepository,
    private readonly targets: EventTargetsRepository,
    private readonly entries: AuditEntries,
    private readonly attempts: EventAttempts,
    private readonly recipients: EventRecipients,
    private readonly results: EventResults,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.audit.onAppend((entry) => {
      this.hasNewEvent ||= eventTypeOf(entry) !== undefined;
    });
    this.writes.onEnd(() => {
      if (this.hasNewEvent) {
        this.hasNewEvent = false;
        this.wake(GATHER_MILLISECONDS);
      }
    });
    this.webhooks.whenReady(() => this.wake(RESULT_MILLISECONDS));
    this.wake(INTERVAL_MILLISECONDS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
    await Promise.all([this.webhooks.stop(), ...this.inFlight.values()]);
    try {
      await this.results.store();
      await this.lease.release();
    } catch (err) {
      logFailure(this.logger, { err }, 'The sender of events could not hand over; another one takes over');
    }
  }

  /** Sends everything that is due, and waits for the responses. For tests and commands. */
  async settle(): Promise<void> {
    do {
      // The current run may have read the trail before the last change.
      await this.cycle;
      await this.runOnce();
      await Promise.all([this.webhooks.done(), ...this.inFlight.values()]);
    } while (this.results.pendingCount > 0);
  }

  /** Runs after this time at the latest. */
  private wake(milliseconds: number): void {
    const time = performance.now() + milliseconds;
    if (time < this.nextRunAt) {
      this.nextRunAt = time;
      this.schedule();
    }
  }

  private schedule(): void {
    // It is scheduled again when it has finished.
    if (this.running || this.stopping.signal.aborted) {
      return;
    }
    clearTimeout(this.timer);
    const start = () => {
      this.nextRunAt = Infinity;
      this.running = this.runOnce().finally(() => {
        this.running = undefined;
        this.wake(INTERVAL_MILLISECONDS);
        this.schedule();
      });
    };
    this.timer = this.context.runInAsyncScope(
      setTimeout,
      undefined,
      start,
      this.nextRunAt - performance.now(),
    );
    this.timer.unref();
  }

  private runOnce(): Promise<void> {
    this.cycle ??= this.run().finally(() => (this.cycle = undefined));
    return this.cycle;
  }

  private async run(): Promise<void> {
    try {
      const isSender = await this.lease.hold();
      // Even if another process has taken over, because it would send these events again.
      await this.results.store();
      if (isSender) {
        // Sends in between, because under load there are always more entries.
        for (let hasMore = true; hasMore && !this.stopping.signal.aborted;) {
          hasMore = await this.queue.advance();
          await this.webhooks.start();
          await this.results.store();
        }
        await this.startMail();
        await this.cleanUp();
      }
    } catch (err) {
      logFailure(this.logger, { err }, 'Events could not be sent. The server will retry');
    }
  }

  /** Starts to send what is due by e-mail. */
  private async startMail(): Promise<void> {
    const due = await this.deliveries.findDueMail(this.clock.now(), MAILED_MAX + this.inFlight.size);
    const waiting = due.filter(({ id }) => !this.inFlight.has(id) && !this.results.isPending(id));
    if (waiting.length === 0 || this.stopping.signal.aborted) {
      return;
    }
    const names = [...new Set(waiting.map(({ target }) => target))];
    const targets = new Map((await this.targets.findByNames(names)).map((target) => [target.name, target]));
    const entries = await this.entries.find([...new Set(waiting.map(({ sequence }) => sequence))]);
    const found = waiting.flatMap((delivery): DueDelivery[] => {
      const target = targets.get(delivery.target);
      const entry = entries.get(delivery.sequence);
      const event = entry && toEvent(entry.entry, entry.about);
      if (target && !event) {
        this.results.add({ delivery, target, isFinal: true, error: ENTRY_DELETED });
      }
      return target && event ? [{ delivery, target, event }] : [];
    });
    this.startMessages(found);
  }

  /** Starts one message to each recipient, about all events that are due. */
  private startMessages(due: readonly DueDelivery[]): void {
    const now = performance.now();
    const messages = new Map<string, DueDelivery[]>();
    for (const one of due) {
      const key = `${one.delivery.target} ${one.delivery.recipient}`;
      messages.set(key, [...(messages.get(key) ?? []), one]);
    }
    for (const [key, parts] of messages) {
      if (
        this.messages < MESSAGES_MAX &&
        now - (this.mailedAt.get(key) ?? -Infinity) >= MAIL_PAUSE_MILLISECONDS
      ) {
        this.mailedAt.set(key, now);
        this.track(
          parts.map(({ delivery }) => delivery.id),
          this.mail(parts),
        );
      }
    }
  }

  private async mail(parts: readonly DueDelivery[]): Promise<void> {
    const sent: [DueDelivery, EventDto][] = [];
    for (const part of parts) {
      const { delivery, target } = part;
      const event = await this.recipients.partFor(part.event, target, delivery.recipient);
      if (event) {
        sent.push([part, event]);
      } else {
        this.results.add({ delivery, target, isFinal: true, error: NO_RECIPIENT });
      }
    }
    const [first, ...others] = sent;
    if (!first) {
      return;
    }
    const [{ target, delivery }, event] = first;
    const events = [event, ...others.map(([, other]) => other)] as const;
    const outcome = await this.attempts.mail(events, target, delivery.recipient);
    sent.forEach(([part]) => this.results.add({ delivery: part.delivery, target, ...outcome }));
  }

  /** Keeps deliveries from being sent twice until their results are known. */
  private track(ids: readonly string[], sending: Promise<void>): void {
    this.messages += 1;
    const sent = sending
      .catch((err: unknown) => logFailure(this.logger, { err }, 'An event could not be sent'))
      .finally(() => {
        this.messages -= 1;
        ids.forEach((id) => this.inFlight.delete(id));
        this.wake(RESULT_MILLISECONDS);
      });
    ids.forEach((id) => this.inFlight.set(id, sent));
  }

  private async cleanUp(): Promise<void> {
    const now = performance.now();
    if (now - this.cleanedUpAt < CLEANUP_MILLISECONDS) {
      return;
    }
    this.cleanedUpAt = now;
    this.mailedAt.forEach((time, key) => now - time > MAIL_PAUSE_MILLISECONDS && this.mailedAt.delete(key));
    const time = this.clock.now();
    const names = (await this.targets.findEnabled()).map(({ name }) => name);
    if (names.length > 0) {
      await this.writes.transaction(
        (tx) => this.deliveries.endPausesAfter(time + PAUSE_MAX_MILLISECONDS, time, names, tx),
        'none',
      );
    }
    const before = time - DELIVERY_RETENTION_DAYS * DAY_MILLISECONDS;
    let deleted = DELETED;
    while (deleted === DELETED && !this.stopping.signal.aborted) {
      deleted = await this.writes.transaction(
        (tx) => this.deliveries.deleteBefore(before, DELETED, tx),
        'none',
      );
    }
  }
}
