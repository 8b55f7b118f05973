import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { type AffectedUsers } from '../../platform/database/affected-users.js';
import { PAUSE_MILLISECONDS, PROOF_MILLISECONDS } from '../../platform/revocation/listening-connection.js';
import { Replicas } from '../../platform/revocation/replicas.js';
import { RevocationListener } from '../../platform/revocation/revocation-listener.js';
import { FeedStream, type Subscriber } from './feed-stream.js';

/** Maximum number of verifiers of one process. Each has a connection. */
const STREAMS_MAX = 2_000;

/** Number of events that a verifier can catch up with after a reconnect. */
const KEPT_EVENTS = 10_000;

/** Number of users in a transaction beyond which the verifiers forget all users. */
const NAMED_USERS_MAX = 100;

/** Maximum number of verifiers whose tokens are checked at a time. */
const CHECKS_MAX = 4;

/** Interval of the reports. */
const REPORT_MILLISECONDS = 10_000;

/** Heartbeats between two checks of the verifier's token, which can also lose its permission by a change that names no user. */
const CHECK_HEARTBEATS = 120;

/** Time during which an unacknowledged sync is remembered for verifiers that disconnect. */
const SYNC_MILLISECONDS = 15_000;

/** Returns whether the caller may still receive the feed, with the expiry of its token. */
export type Recheck = () => Promise<{ readonly endTime: number | null }>;

/**
 * Sends the ids of users whose tokens have changed to verifiers, as server-sent events. A heartbeat states the time up to which a
 * verifier knows everything. See decision 0041.
 */
@Injectable()
export class RevocationFeed implements BeforeApplicationShutdown {
  private readonly streams = new Map<string, FeedStream>();
  private readonly rechecks = new Map<FeedStream, Recheck>();
  private readonly checking = new Set<FeedStream>();
  private readonly limitChecks = pLimit(CHECKS_MAX);
  /** Verifiers without a connection that can still answer from memory. */
  private readonly lapsing = new Map<string, NodeJS.Timeout>();
  private readonly syncs = new Map<string, number>();
  /** Latest events. The number of the first one is `sequence - kept.length + 1`. */
  private kept: string[] = [];
  private sequence = 0;
  private heartbeats = 0;
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly revocations: RevocationListener,
    private readonly replicas: Replicas,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    revocations.subscribe((affected) => this.publish(affected));
    replicas.countVerifiersWith(() => this.verifiers);
    replicas.subscribe((message) => message.kind === 'sync' && this.sync(message.sync));
    metrics.gauge('latchkey_verifiers', 'Verifiers that receive the revocation feed from this process.', () =>
      Number(this.streams.size),
    );
    metrics.gauge(
      'latchkey_revocation_feed_events',
      'Events of the revocation feed since the start of the process.',
      () => this.sequence,
    );
  }

  /** Number of verifiers that can answer from memory. */
  get verifiers(): number {
    return this.streams.size + this.lapsing.size;
  }

  /**
   * Opens the feed for a verifier. A new connection of the same verifier replaces its old one.
   *
   * @param lastEventId id of the last event that it received; the feed continues there if it still can.
   * @throws ApplicationError `overloaded`, or `conflict` if another user's verifier has this id.
   */
  open(
    subscriber: Subscriber,
    endTime: number | null,
    lastEventId: string | undefined,
    recheck: Recheck,
  ): FeedStream {
    const former = this.streams.get(subscriber.verifier);
    if (former && former.subscriber.userId !== subscriber.userId) {
      throw new ApplicationError('conflict', { detail: 'Another verifier is connected with this id.' });
    }
    if (this.isStopping || (!former && this.streams.size >= STREAMS_MAX)) {
      throw new ApplicationError('overloaded', { retryAfterSeconds: 1 });
    }
    former?.end();
    const stream = new FeedStream(subscriber);
    stream.endTime = endTime;
    stream.body.once('close', () => this.close(stream));
    this.streams.set(subscriber.verifier, stream);
    this.rechecks.set(stream, recheck);
    clearTimeout(this.lapsing.get(subscriber.verifier));
    this.lapsing.delete(subscriber.verifier);
    stream.send(this.greeting(lastEventId));
    this.syncs.forEach((_, sync) => stream.send(eventOf('sync', { id: sync })));
    this.beat([stream]);
    this.timer ??= setInterval(() => this.tick(), PAUSE_MILLISECONDS).unref();
    return stream;
  }

  /** Ends all streams, so that the verifiers connect to other replicas. */
  stop(): void {
    this.isStopping = true;
    this.streams.forEach((stream) => stream.end());
  }

  beforeApplicationShutdown(): void {
    this.stop();
    clearInterval(this.timer);
    this.lapsing.forEach((timer) => clearTimeout(timer));
  }

  /** Returns the first events for a verifier: what it has missed since its last event, or `all` if that is no longer known. */
  private greeting(lastEventId = this.eventId): string {
    const hello = {
      process: this.replicas.id,
      time: Math.ceil(performance.now()),
      settleFor: this.revocations.hasReplicas ? PROOF_MILLISECONDS : 0,
      heartbeatEvery: PAUSE_MILLISECONDS,
      reportEvery: REPORT_MILLISECONDS,
    };
    const [process, number] = lastEventId.split('.');
    const missed = this.sequence - Number(number);
    if (process !== this.replicas.id || !(missed >= 0 && missed <= this.kept.length)) {
      return eventOf('hello', hello) + this.all();
    }
    // With the id of the last event, because the connection can break before the verifier has the missed ones.
    return eventOf('hello', hello, lastEventId) + this.kept.slice(this.kept.length - missed).join('');
  }

  private all(): string {
    return eventOf('all', {}, this.eventId);
  }

  private get eventId(): string {
    return `${this.replicas.id}.${this.sequence}`;
  }

  private publish(affected: AffectedUsers): void {
    if (affected === 'none') {
      return;
    }
    const from = this.kept.length;
    const keep = (name: string, data: object) => {
      this.sequence += 1;
      this.kept.push(eventOf(name, data, this.eventId));
    };
    if (affected === 'all' || affected.length > NAMED_USERS_MAX) {
      keep('all', {});
    } else {
      affected.forEach((id) => keep('user', { id }));
    }
    const events = this.kept.slice(from).join('');
    if (this.kept.length > 2 * KEPT_EVENTS) {
      this.kept = this.kept.slice(-KEPT_EVENTS);
    }
    this.streams.forEach((stream) => {
      stream.send(events);
      if (affected === 'all' || affected.includes(stream.subscriber.userId)) {
        void this.check(stream);
      }
    });
  }

  /** Passes a sync on to the verifiers, and states how many there are. */
  private sync(sync: string): void {
    const now = performance.now();
    for (const [id, time] of this.syncs) {
      if (now - time > SYNC_MILLISECONDS) {
        this.syncs.delete(id);
      }
    }
    this.syncs.set(sync, now);
    const event = eventOf('sync', { id: sync });
    this.streams.forEach((stream) => stream.send(event));
    void this.replicas.send({ kind: 'reached', sync, id: this.replicas.id, verifiers: this.verifiers });
  }

  private tick(): void {
    this.heartbeats += 1;
    const now = this.clock.now();
    this.streams.forEach((stream) => {
      if (this.heartbeats % CHECK_HEARTBEATS === 0 || (stream.endTime !== null && stream.endTime <= now)) {
        void this.check(stream);
      }
    });
    this.beat(this.streams.values());
  }

  private beat(streams: Iterable<FeedStream>): void {
    const time = this.revocations.provenTime;
    // A comment keeps the connection open while nothing can be proven.
    const event = time === undefined ? ':\n\n' : eventOf('heartbeat', { time: Math.floor(time) });
    for (const stream of streams) {
      if (time === undefined) {
        stream.send(event);
      } else {
        stream.heartbeat(event, time, () => this.all());
      }
    }
  }

  /** Ends a stream whose token was revoked, has expired or has lost the permission. */
  private async check(stream: FeedStream): Promise<void> {
    if (this.checking.has(stream)) {
      return;
    }
    this.checking.add(stream);
    await this.limitChecks(async () => {
      // A change during the check needs another one.
      this.checking.delete(stream);
      try {
        stream.endTime = (await this.rechecks.get(stream)?.())?.endTime ?? null;
      } catch {
        stream.end();
      }
    });
  }

  private close(stream: FeedStream): void {
    const { verifier, freshFor } = stream.subscriber;
    this.rechecks.delete(stream);
    if (this.streams.get(verifier) !== stream) {
      return;
    }
    this.streams.delete(verifier);
    // Until then it can answer from memory, and cannot acknowledge anything.
    const rest = Math.max(stream.heartbeatTime + freshFor - performance.now(), 0);
    const timer = setTimeout(() => this.lapse(verifier), rest).unref();
    this.lapsing.set(verifier, timer);
  }

  private lapse(verifier: string): void {
    this.lapsing.delete(verifier);
    for (const sync of this.syncs.keys()) {
      void this.replicas.send({ kind: 'acknowledged', sync, id: verifier });
    }
  }
}

/** Returns a server-sent event. */
function eventOf(name: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
