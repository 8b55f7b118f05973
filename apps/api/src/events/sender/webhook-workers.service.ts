import { setMaxListeners } from 'node:events';
import { Inject, Injectable } from '@nestjs/common';
import { AuditEntries, type EntryWithSubjects } from '../../audit/search/audit-entries.service.js';
import { Clock } from '../../common/clock.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { EventAttempts } from '../deliveries/event-attempts.service.js';
import { EventDeliveriesRepository } from '../deliveries/event-deliveries.repository.js';
import { type EventDelivery } from '../deliveries/event-delivery.entity.js';
import { ENTRY_DELETED, EventResults } from '../deliveries/event-results.service.js';
import { type EventTarget } from '../targets/event-target.entity.js';
import { EventTargetsRepository } from '../targets/event-targets.repository.js';
import { toEvent } from '../event.mapper.js';
import { SenderLease } from './sender-lease.service.js';

/**
 * Maximum number of simultaneous targets: those that have responded since this process became the sender,
 * those that it has not sent to yet, and failing ones. Receivers that never respond only delay their kind.
 */
const TARGETS_MAX = { proven: 250, new: 150, failing: 50 };

/** Kind of a target: a key of {@link TARGETS_MAX}. */
type TargetKind = keyof typeof TARGETS_MAX;

/** Maximum number of simultaneous requests to one target. */
const PER_TARGET_MAX = 4;

/** Deliveries to one target that are read at once. */
const BATCH = 50;

/** Deliveries after which a worker ends, because it keeps their ids. Another one continues. */
const SENT_MAX = 1_000;

/** Posts events to webhooks, each target independently of the others. */
@Injectable()
export class WebhookWorkers {
  /** Workers by target. Each sends until its target has no more deliveries, or fails. */
  private readonly workers = new Map<string, { kind: TargetKind; done: Promise<void> }>();
  /** Number of requests that are being sent. */
  private requests = 0;
  /** Targets that have responded since this process became the sender. */
  private readonly proven = new Set<string>();
  private readonly stopping = new AbortController();
  private onResult: () => void = () => undefined;

  constructor(
    private readonly deliveries: EventDeliveriesRepository,
    private readonly targets: EventTargetsRepository,
    private readonly entries: AuditEntries,
    private readonly attempts: EventAttempts,
    private readonly results: EventResults,
    private readonly lease: SenderLease,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'latchkey_event_sending',
      'Webhook requests that this process is sending.',
      () => this.requests,
    );
    // One listener for each request.
    setMaxListeners(0, this.stopping.signal);
  }

  /** Registers a function to call when results can be stored, or a target can be sent to again. */
  whenReady(listener: () => void): void {
    this.onResult = listener;
  }

  /** Starts to send to the targets that have deliveries due, the most overdue first. */
  async start(): Promise<void> {
    const free = { ...TARGETS_MAX };
    this.workers.forEach(({ kind }) => (free[kind] -= 1));
    // The caller has stored all earlier results, so none of these deliveries is complete.
    const due = (await this.deliveries.findFirstDue(this.clock.now())).flatMap((first) => {
      const kind = first.isFailing ? 'failing' : this.proven.has(first.target) ? 'proven' : 'new';
      if (this.workers.has(first.target) || this.results.isPending(first.id) || free[kind] === 0) {
        return [];
      }
      free[kind] -= 1;
      return [{ ...first, kind } as const];
    });
    if (due.length === 0 || this.stopping.signal.aborted) {
      return;
    }
    const deliveries = await this.deliveries.findByIds(due.map(({ id }) => id));
    for (const { id, target, kind } of due) {
      const first = deliveries.filter((delivery) => delivery.id === id);
      const done = this.work(target, first)
        .catch((err: unknown) => {
          logFailure(this.logger, { err }, 'Events could not be sent. The server will retry');
        })
        .finally(() => {
          this.workers.delete(target);
          this.onResult();
        });
      this.workers.set(target, { kind, done });
    }
  }

  /** Waits until nothing is being sent. */
  async done(): Promise<void> {
    await Promise.all([...this.workers.values()].map(({ done }) => done));
  }

  /** Aborts all requests. The next sender attempts their deliveries again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done();
  }

  /**
   * Sends deliveries to a target, those of one subject in order, until none is due or one fails. It does not
   * wait for the results to be stored, which takes longer than most requests.
   */
  private async work(name: string, first: readonly EventDelivery[]): Promise<void> {
    // Those of an earlier worker still count as due.
    const sent = new Set(this.results.pendingOf(name));
    let target: EventTarget | undefined;
    let hasFailed = false;
    const isOver = () =>
      hasFailed ||
      sent.size >= SENT_MAX ||
      !target?.enabled ||
      !this.lease.holds ||
      this.stopping.signal.aborted;
    const readTarget = async () => {
      [target] = await this.targets.findByNames([name]);
    };
    const sendLine = async (head: EventDelivery): Promise<void> => {
      for (let line = [head]; line.length > 0;) {
        const entries = await this.entries.find(line.map(({ sequence }) => sequence));
        for (const delivery of line) {
          if (!target || isOver()) {
            return;
          }
          sent.add(delivery.id);
          hasFailed = !(await this.attempt(delivery, target, entries.get(delivery.sequence))) || hasFailed;
        }
        if (isOver()) {
          return;
        }
        line = await this.deliveries.findNext(line.at(-1) ?? head, this.clock.now(), BATCH);
        if (line.length > 0) {
          // It may have changed meanwhile.
          await readTarget();
        }
      }
    };
    for (let batch = first; batch.length > 0;) {
      await readTarget();
      const heads = batch.values();
      const sendLines = async (): Promise<void> => {
        for (const head of heads) {
          await sendLine(head);
        }
      };
      await Promise.all(Array.from({ length: PER_TARGET_MAX }, sendLines));
      if (isOver()) {
        return;
      }
      // The results of the last deliveries may not be stored yet.
      const most = BATCH + this.results.pendingCount;
      const due = await this.deliveries.findDueOf(name, this.clock.now(), most);
      batch = due.filter(({ id }) => !sent.has(id));
    }
  }

  /** Sends one delivery. Returns whether it succeeded. */
  private async attempt(
    delivery: EventDelivery,
    target: EventTarget,
    found: EntryWithSubjects | undefined,
  ): Promise<boolean> {
    const event = found && toEvent(found.entry, found.about);
    if (!event) {
      this.results.add({ delivery, target, isFinal: true, error: ENTRY_DELETED });
      return true;
    }
    this.requests += 1;
    const outcome = await this.attempts
      .post(event, target, this.stopping.signal)
      .finally(() => (this.requests -= 1));
    const isDelivered = outcome.error === undefined;
    if (!isDelivered && this.stopping.signal.aborted) {
      // Neither a success nor a failure of the target.
      return false;
    }
    if (isDelivered) {
      this.proven.add(target.name);
    } else {
      this.proven.delete(target.name);
    }
    this.results.add({ delivery, target, ...outcome });
    this.onResult();
    return isDelivered;
  }
}
