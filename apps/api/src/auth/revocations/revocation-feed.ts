import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { FRESH_MAX_MILLISECONDS } from '@latchkey/auth-models';
import pLimit from 'p-limit';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { type AffectedUsers } from '../../platform/database/affected-users.js';
import { PAUSE_MILLISECONDS } from '../../platform/revocation/listening-connection.js';
import { inMessages, type ReplicaMessage, Replicas } from '../../platform/revocation/replicas.js';
import { RevocationListener } from '../../platform/revocation/revocation-listener.js';
import { FeedStream, type Subscriber, WAITING_MAX_BYTES } from './feed-stream.js';

/** Maximum number of verifiers of one process. Each has a connection. */
const STREAMS_MAX = 2_000;

/** Minimum number of latest events that are kept. After a reconnect, `all` replaces missed events that are too long to send. */
const KEPT_EVENTS = 10_000;

/** Maximum number of users in a transaction that the feed names. Beyond it, the feed sends `all`. */
const NAMED_USERS_MAX = 100;

/** Maximum number of verifiers whose tokens are checked at a time. */
const CHECKS_MAX = 4;

/** Interval of the reports. */
const REPORT_MILLISECONDS = 10_000;

/** Heartbeats between two checks of the verifier's token. It can lose its permission by a change that names no user. */
const CHECK_HEARTBEATS = 120;

/** Time for which a sync is kept for verifiers that connect or disconnect. No request waits longer. */
const SYNC_MILLISECONDS = 15_000;

/** Maximum number of syncs at a time, of all replicas. */
const SYNCS_MAX = 1_000;

/** Time after which the connection of a verifier that does not acknowledge a sync is closed, because the link may be dead. */
const DEAD_MILLISECONDS = 3_000;

/** Time during which acknowledgements are collected, because each notification of PostgreSQL takes a lock of the whole cluster. */
const COLLECT_MILLISECONDS = 5;

/** Codes that say nothing about the token. */
const UNCERTAIN: readonly string[] = ['unavailable', 'overloaded', 'internal_error'];

/** Returns whether the caller may still receive the feed, with the expiry of its token. */
export type Recheck = () => Promise<{ readonly endTime: number | null }>;

/**
 * Sends the ids of users whose tokens have changed to verifiers, as server-sent events. A heartbeat states the time up to which all
 * revocations have been sent. See decision 0041.
 */
@Injectable()
export class RevocationFeed implements BeforeApplicationShutdown {
  private readonly streams = new Map<string, FeedStream>();
  private readonly rechecks = new Map<FeedStream, Recheck>();
  private readonly checking = new Set<FeedStream>();
  /** Streams whose last check failed, for example because the database did not respond. */
  private readonly unchecked = new Set<FeedStream>();
  private readonly limitChecks = pLimit(CHECKS_MAX);
  /** Verifiers without a connection that can still answer from memory. */
  private readonly lapsing = new Map<string, { timer: NodeJS.Timeout; until: number }>();
  /** Acknowledgements that are not sent yet, by sync. */
  private readonly collected = new Map<string, Set<string>>();
  private readonly syncs = new Map<string, number>();
  /** Latest events. The number of the first one is `sequence - kept.length + 1`. */
  private kept: string[] = [];
  private sequence = 0;
  /** Number of events, for the metrics. */
  private readonly events = { user: 0, all: 0 };
  private heartbeats = 0;
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly revocations: RevocationListener,
    private readonly replicas: Replicas,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    revocations.subscribe((_, notified) => this.publish(notified));
    replicas.setVerifiers(() => ({ verifiers: this.verifiers, rest: this.rest }));
    replicas.subscribe((message) => this.receive(message));
    metrics.gauge('latchkey_verifiers', 'Verifiers that receive the revocation feed from this process.', () =>
      Number(this.streams.size),
    );
    metrics.gauge(
      'latchkey_verifiers_behind',
      'Verifiers that read the revocation feed too slowly, and receive nothing until they have caught up.',
      () => [...this.streams.values()].filter(({ isBehind }) => isBehind).length,
    );
    metrics.counts(
      'latchkey_revocation_feed_events_total',
      'Events of the revocation feed: the tokens of one user changed (user), or possibly those of all users (all).',
      'event',
      () => this.events,
    );
  }

  /** Verifiers that can answer from memory because of heartbeats from this process. */
  private get verifiers(): string[] {
    return [...this.streams.keys(), ...this.lapsing.keys()];
  }

  /** Milliseconds until none of these verifiers can answer from memory if this process sends no further heartbeat. */
  private get rest(): number {
    const ends = [
      ...[...this.streams.values()].map(({ freshUntil }) => freshUntil),
      ...[...this.lapsing.values()].map(({ until }) => until),
    ];
    return Math.ceil(Math.max(Math.max(...ends, 0) - performance.now(), 0));
  }

  /**
   * Counts verifiers that another process has served, because they can answer from memory for a while. Those that are connected here
   * are counted anyway.
   */
  adopt(verifiers: readonly string[], rest: number): void {
    const until = performance.now() + Math.min(rest, FRESH_MAX_MILLISECONDS);
    verifiers
      .filter((verifier) => !this.streams.has(verifier))
      .slice(0, Math.max(STREAMS_MAX - this.lapsing.size, 0))
      .forEach((verifier) => this.letLapse(verifier, until));
  }

  /** Records that a verifier has acknowledged a sync, and reports it to all replicas. */
  acknowledge(sync: string, verifier: string): void {
    if (this.collected.size === 0) {
      setTimeout(() => this.sendCollected(), COLLECT_MILLISECONDS);
    }
    const verifiers = this.collected.get(sync);
    if (verifiers) {
      verifiers.add(verifier);
    } else if (this.collected.size < SYNCS_MAX) {
      this.collected.set(sync, new Set([verifier]));
    }
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
      throw new ApplicationError('conflict', {
        detail: 'A verifier of another user is connected with this id. Use a new id.',
      });
    }
    if (this.isStopping || (!former && this.streams.size >= STREAMS_MAX)) {
      throw new ApplicationError('overloaded', { retryAfterSeconds: 1 });
    }
    former?.end();
    const lapsing = this.lapsing.get(subscriber.verifier);
    const stream = new FeedStream(subscriber);
    stream.endTime = endTime;
    // Until then, it can answer from memory because of the former connection.
    stream.freshUntil = former?.freshUntil ?? lapsing?.until ?? -Infinity;
    stream.body.once('close', () => this.close(stream));
    this.streams.set(subscriber.verifier, stream);
    this.rechecks.set(stream, recheck);
    clearTimeout(lapsing?.timer);
    this.lapsing.delete(subscriber.verifier);
    stream.send(this.greeting(lastEventId) + this.outstandingSyncs(stream));
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
    this.lapsing.forEach(({ timer }) => clearTimeout(timer));
  }

  /** Returns the first events for a verifier: what it has missed since its last event, or `all` if that is no longer known. */
  private greeting(lastEventId = this.eventId): string {
    const hello = {
      process: this.replicas.id,
      time: Math.ceil(performance.now()),
      heartbeatEvery: PAUSE_MILLISECONDS,
      reportEvery: REPORT_MILLISECONDS,
    };
    const [process, number] = lastEventId.split('.');
    const missed = this.sequence - Number(number);
    if (process !== this.replicas.id || !(missed >= 0 && missed <= this.kept.length)) {
      return eventOf('hello', hello) + this.all();
    }
    const events = this.kept.slice(this.kept.length - missed).join('');
    // With the id of the last event, because the connection can break before the verifier has the missed ones.
    return events.length > WAITING_MAX_BYTES / 2
      ? eventOf('hello', hello) + this.all()
      : eventOf('hello', hello, lastEventId) + events;
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
    const keep = (name: 'user' | 'all', data: object) => {
      this.sequence += 1;
      this.events[name] += 1;
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
    const users = new Set(affected === 'all' ? [] : affected);
    this.streams.forEach((stream) => {
      stream.send(events);
      if (affected === 'all' || users.has(stream.subscriber.userId)) {
        void this.check(stream);
      }
    });
  }

  private receive(message: ReplicaMessage): void {
    switch (message.kind) {
      case 'sync':
        this.sync(message.sync);
        break;
      case 'acknowledged':
        message.verifiers.forEach((verifier) => this.streams.get(verifier)?.syncs.delete(message.sync));
        break;
      case 'done':
        this.syncs.delete(message.sync);
        this.streams.forEach((stream) => stream.syncs.delete(message.sync));
        break;
      case 'leaving':
        if (message.id !== this.replicas.id) {
          this.adopt(message.verifiers, message.rest);
        }
        break;
      default:
    }
  }

  private sendCollected(): void {
    for (const [sync, verifiers] of this.collected) {
      for (const part of inMessages([...verifiers])) {
        void this.replicas.send({ kind: 'acknowledged', sync, verifiers: part });
      }
    }
    this.collected.clear();
  }

  /** Sends a sync to the verifiers, and reports their ids to all replicas. */
  private sync(sync: string): void {
    const now = performance.now();
    for (const [id, time] of this.syncs) {
      if (now - time > SYNC_MILLISECONDS) {
        this.syncs.delete(id);
      }
    }
    if (this.syncs.size >= SYNCS_MAX) {
      return;
    }
    this.syncs.set(sync, now);
    const event = eventOf('sync', { id: sync });
    this.streams.forEach((stream) => {
      stream.syncs.set(sync, now);
      stream.send(event);
    });
    const parts = inMessages(this.verifiers);
    parts.forEach((verifiers) => {
      void this.replicas.send({
        kind: 'reached',
        sync,
        id: this.replicas.id,
        verifiers,
        parts: parts.length,
      });
    });
  }

  /** Returns the syncs that a verifier has not acknowledged on an earlier connection. */
  private outstandingSyncs(stream: FeedStream): string {
    const now = performance.now();
    return [...this.syncs.keys()]
      .map((sync) => {
        stream.syncs.set(sync, now);
        return eventOf('sync', { id: sync });
      })
      .join('');
  }

  private tick(): void {
    this.heartbeats += 1;
    const now = this.clock.now();
    const deadSince = performance.now() - DEAD_MILLISECONDS;
    this.streams.forEach((stream) => {
      const isDue = this.heartbeats % CHECK_HEARTBEATS === 0 || this.unchecked.has(stream);
      if (isDue || (stream.endTime !== null && stream.endTime <= now)) {
        void this.check(stream);
      }
      if ([...stream.syncs.values()].some((time) => time < deadSince)) {
        stream.body.destroy();
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
        stream.heartbeat(event, time, () => this.all() + this.outstandingSyncs(stream));
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
        this.unchecked.delete(stream);
        stream.endTime = (await this.rechecks.get(stream)?.())?.endTime ?? null;
      } catch (error) {
        if (error instanceof ApplicationError && !UNCERTAIN.includes(error.code)) {
          stream.end();
        } else if (this.rechecks.has(stream)) {
          this.unchecked.add(stream);
        }
      }
    });
  }

  private close(stream: FeedStream): void {
    const { verifier } = stream.subscriber;
    this.rechecks.delete(stream);
    this.unchecked.delete(stream);
    if (this.streams.get(verifier) === stream) {
      this.streams.delete(verifier);
      // Until then it can answer from memory, and cannot acknowledge anything.
      this.letLapse(verifier, stream.freshUntil);
    }
  }

  private letLapse(verifier: string, until: number): void {
    const known = this.lapsing.get(verifier);
    if (known && known.until >= until) {
      return;
    }
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.lapse(verifier), Math.max(until - performance.now(), 0)).unref();
    this.lapsing.set(verifier, { timer, until });
  }

  private lapse(verifier: string): void {
    this.lapsing.delete(verifier);
    for (const sync of this.syncs.keys()) {
      void this.replicas.send({ kind: 'lapsed', sync, id: this.replicas.id, verifiers: [verifier] });
    }
  }
}

/** Returns a server-sent event. */
function eventOf(name: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
