import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DELIVERY_RETENTION_DAYS, type EventDto } from '@latchkey/auth-models';
import { AuditEntries } from '../audit/search/audit-entries.service.js';
import { AuditService } from '../audit/trail/audit.service.js';
import { Clock, DAY_MILLISECONDS } from '../common/clock.service.js';
import { Writes } from '../platform/database/writes.service.js';
import { LOGGER, logFailure, type Logger } from '../platform/logging/logger.js';
import { Metrics } from '../platform/metrics/metrics.service.js';
import { EventAttempts } from './event-attempts.service.js';
import { EventDeliveriesRepository } from './event-deliveries.repository.js';
import { type EventDelivery } from './event-delivery.entity.js';
import { EventQueue } from './event-queue.service.js';
import { EventRecipients } from './event-recipients.service.js';
import { EventResults } from './event-results.service.js';
import { type EventTarget } from './event-target.entity.js';
import { EventTargetsRepository } from './event-targets.repository.js';
import { eventTypeOf, toEvent } from './event.mapper.js';
import { SenderLease } from './sender-lease.service.js';

/** Interval at which the sender looks for work that this process did not cause. */
const INTERVAL_MILLISECONDS = 1_000;

/** Delay after a commit, so that several are read together. */
const GATHER_MILLISECONDS = 20;

/** Requests at a time to targets whose last attempt succeeded, or that have had none. */
const HEALTHY_MAX = 500;

/** Requests at a time to failing targets, so that they do not delay the others. */
const FAILING_MAX = 50;

/** Requests at a time to a target that has succeeded since this process is the sender. */
const PER_TARGET_MAX = 4;

/** Interval at which old deliveries are deleted. */
const CLEANUP_MILLISECONDS = 600_000;

/** Deliveries that are deleted per transaction. */
const DELETED = 500;

/** Sends events: one process over all replicas, at least once, and in order for each subject. */
@Injectable()
export class EventSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isWoken = false;
  /** Whether this process has appended an event. It may not be committed yet. */
  private hasNewEvent = false;
  private readonly stopping = new AbortController();
  /** Deliveries that are being sent, by id. */
  private readonly inFlight = new Map<string, Promise<void>>();
  /** Number of requests that are being sent, by target. */
  private readonly byTarget = new Map<string, number>();
  /** Targets that have answered since this process is the sender. */
  private readonly proven = new Set<string>();
  private cleanedUpAt = -Infinity;

  constructor(
    private readonly lease: SenderLease,
    private readonly queue: EventQueue,
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
    metrics: Metrics,
  ) {
    metrics.gauge('latchkey_event_requests', 'Webhook requests that this process is sending.', () =>
      Number(this.inFlight.size),
    );
  }

  onApplicationBootstrap(): void {
    this.audit.onAppend((entry) => {
      this.hasNewEvent ||= eventTypeOf(entry) !== undefined;
    });
    this.writes.onEnd(() => {
      if (this.hasNewEvent) {
        this.hasNewEvent = false;
        this.wake();
      }
    });
    this.schedule(INTERVAL_MILLISECONDS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
    await Promise.all(this.inFlight.values());
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
      await this.runOnce();
      await Promise.all(this.inFlight.values());
    } while (this.results.hasPending);
  }

  /** Looks for work soon. */
  private wake(): void {
    if (this.stopping.signal.aborted) {
      return;
    }
    if (this.running) {
      this.isWoken = true;
    } else if (!this.isWoken && this.timer) {
      this.isWoken = true;
      clearTimeout(this.timer);
      this.schedule(GATHER_MILLISECONDS);
    }
  }

  private schedule(milliseconds: number): void {
    this.timer = setTimeout(() => {
      this.isWoken = false;
      this.running = this.runOnce().finally(() => {
        this.running = undefined;
        if (!this.stopping.signal.aborted) {
          this.schedule(this.isWoken ? GATHER_MILLISECONDS : INTERVAL_MILLISECONDS);
        }
      });
    }, milliseconds).unref();
  }

  private async runOnce(): Promise<void> {
    try {
      if (await this.lease.hold()) {
        await this.results.store();
        while ((await this.queue.advance()) && !this.stopping.signal.aborted);
        await this.send(false, HEALTHY_MAX);
        await this.send(true, FAILING_MAX);
        await this.cleanUp();
      }
    } catch (err) {
      logFailure(this.logger, { err }, 'Events could not be sent. The server tries again');
    }
  }

  /** Starts the requests that are due, up to a number at a time. */
  private async send(isFailing: boolean, most: number): Promise<void> {
    const due = await this.deliveries.findDue(this.clock.now(), isFailing, most + this.inFlight.size);
    const waiting = due.filter(({ id }) => !this.inFlight.has(id) && !this.results.isPending(id));
    if (waiting.length === 0) {
      return;
    }
    const names = [...new Set(waiting.map(({ target }) => target))];
    const targets = new Map((await this.targets.findByNames(names)).map((target) => [target.name, target]));
    const entries = await this.entries.find([...new Set(waiting.map(({ sequence }) => sequence))]);
    for (const delivery of waiting) {
      const target = targets.get(delivery.target);
      if (target && this.mayStart(target, most)) {
        const found = entries.get(delivery.sequence);
        this.start(delivery, target, found && toEvent(found.entry, found.about));
      }
    }
  }

  private mayStart({ name, failingSince }: EventTarget, most: number): boolean {
    const limit = failingSince === null && this.proven.has(name) ? PER_TARGET_MAX : 1;
    return (
      !this.stopping.signal.aborted &&
      this.inFlight.size < (failingSince === null ? HEALTHY_MAX + FAILING_MAX : most) &&
      (this.byTarget.get(name) ?? 0) < limit
    );
  }

  private start(delivery: EventDelivery, target: EventTarget, event: EventDto | undefined): void {
    this.byTarget.set(target.name, (this.byTarget.get(target.name) ?? 0) + 1);
    const sent = this.attempt(delivery, target, event).finally(() => {
      this.inFlight.delete(delivery.id);
      const others = (this.byTarget.get(target.name) ?? 1) - 1;
      if (others === 0) {
        this.byTarget.delete(target.name);
      } else {
        this.byTarget.set(target.name, others);
      }
      this.wake();
    });
    this.inFlight.set(delivery.id, sent);
  }

  private async attempt(
    delivery: EventDelivery,
    target: EventTarget,
    event: EventDto | undefined,
  ): Promise<void> {
    if (!event) {
      this.results.add({
        delivery,
        target,
        isFinal: true,
        error: 'The entry is no longer in the audit trail.',
      });
      return;
    }
    const outcome = await this.attempts.send(event, target, this.stopping.signal);
    if (outcome.error !== undefined && this.stopping.signal.aborted) {
      // Neither a success nor a failure of the target.
      return;
    }
    if (outcome.error === undefined) {
      this.proven.add(target.name);
    } else {
      this.proven.delete(target.name);
    }
    this.results.add({ delivery, target, ...outcome });
  }

  private async cleanUp(): Promise<void> {
    const now = performance.now();
    if (now - this.cleanedUpAt < CLEANUP_MILLISECONDS) {
      return;
    }
    this.cleanedUpAt = now;
    const before = this.clock.now() - DELIVERY_RETENTION_DAYS * DAY_MILLISECONDS;
    let deleted = DELETED;
    while (deleted === DELETED && !this.stopping.signal.aborted) {
      deleted = await this.writes.transaction(
        (tx) => this.deliveries.deleteBefore(before, DELETED, tx),
        'none',
      );
    }
  }
}
