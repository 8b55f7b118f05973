import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { type AffectedUsers } from '../../platform/database/affected-users.js';
import { PAUSE_MILLISECONDS } from '../../platform/replicas/listening-connection.js';
import { Replicas } from '../../platform/replicas/replicas.service.js';
import { RevocationListener } from '../../platform/replicas/revocation-listener.service.js';
import { EventLog } from './event-log.js';
import { FeedStream, type Recheck, type Subscriber } from './feed-stream.js';

/** Maximum number of verifiers of one process. Each has a connection. */
const STREAMS_MAX = 2_000;

/**
 * Maximum number of verifiers of one user, so that one service does not use up the connections of the others.
 */
export const STREAMS_PER_USER_MAX = 1_000;

/** Maximum number of users in a transaction that the feed names. Beyond it, the feed sends `all`. */
const NAMED_USERS_MAX = 100;

/** Maximum number of verifiers whose tokens are checked at a time. */
const CHECKS_MAX = 4;

/** Interval of the reports. */
const REPORT_MILLISECONDS = 10_000;

/**
 * Heartbeats between two checks of the verifier's token. It can lose its permission by a change that names no
 * user.
 */
const CHECK_HEARTBEATS = 120;

/** Codes that say nothing about the token. */
const UNCERTAIN: readonly string[] = ['unavailable', 'overloaded', 'internal_error'];

/**
 * Sends the ids of users whose tokens have changed to verifiers, as server-sent events. A heartbeat states
 * the time up to which all revocations have been sent. See decision 0041.
 */
@Injectable()
export class RevocationFeed implements BeforeApplicationShutdown {
  private readonly streams = new Map<string, FeedStream>();
  private readonly limitChecks = pLimit(CHECKS_MAX);
  /** Number of events, for the metrics. */
  private readonly events = { user: 0, all: 0 };
  private readonly log: EventLog;
  private heartbeats = 0;
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly revocations: RevocationListener,
    private readonly replicas: Replicas,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.log = new EventLog(replicas.id);
    revocations.subscribe((_, notified) => this.publish(notified));
    replicas.setVerifiers(() => this.streams.size);
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

  /**
   * Opens the feed for a verifier. A new connection of the same verifier replaces its old one.
   *
   * @param lastEventId id of the last event that it received; the feed continues there if it still can.
   * @throws ApplicationError `overloaded`.
   */
  open(
    subscriber: Subscriber,
    expirationTime: EpochMilliseconds | null,
    lastEventId: string | undefined,
    recheck: Recheck,
  ): FeedStream {
    const former = this.streams.get(subscriber.verifier);
    if (this.isStopping) {
      throw new ApplicationError('overloaded', { retryAfterSeconds: 1 });
    }
    if (!former) {
      this.checkRoom(subscriber.userId);
    }
    former?.end();
    const stream = new FeedStream(subscriber, expirationTime, recheck);
    stream.body.once('close', () => this.close(stream));
    this.streams.set(subscriber.verifier, stream);
    stream.send(this.greeting(lastEventId));
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
  }

  /** @throws ApplicationError `overloaded` if this user, or all users together, have too many verifiers. */
  private checkRoom(userId: string): void {
    const own = [...this.streams.values()].filter(({ subscriber }) => subscriber.userId === userId).length;
    if (own >= STREAMS_PER_USER_MAX) {
      throw new ApplicationError('overloaded', {
        detail: `The user of this token has ${own} verifiers on this server, which is the maximum. Create one verifier per process, add a server, or give each service its own user.`,
        retryAfterSeconds: 10,
      });
    }
    if (this.streams.size >= STREAMS_MAX) {
      throw new ApplicationError('overloaded', {
        detail: `This server has ${STREAMS_MAX} verifiers, which is the maximum. Add a server.`,
        retryAfterSeconds: 10,
      });
    }
  }

  /**
   * Returns the first events for a verifier: what it has missed since its last event, or `all` if that is no
   * longer known.
   */
  private greeting(lastEventId: string | undefined): string {
    const hello = {
      process: this.replicas.id,
      time: Math.ceil(performance.now()),
      heartbeatEvery: PAUSE_MILLISECONDS,
      reportEvery: REPORT_MILLISECONDS,
    };
    if (lastEventId === undefined) {
      return this.log.textOf('hello', hello);
    }
    const missed = this.log.after(lastEventId);
    // With the number of the last event, because the connection can break before the verifier has the missed
    // ones.
    return missed
      ? this.log.textOf('hello', hello, missed.sequence) + missed.events
      : this.log.textOf('hello', hello) + this.all();
  }

  private all(): string {
    return this.log.textOf('all', {});
  }

  private publish(affected: AffectedUsers): void {
    if (affected === 'none') {
      return;
    }
    const isForAll = affected === 'all' || affected.length > NAMED_USERS_MAX;
    this.events[isForAll ? 'all' : 'user'] += isForAll ? 1 : affected.length;
    const events = isForAll
      ? this.log.add('all', {})
      : affected.map((id) => this.log.add('user', { id })).join('');
    const users = new Set(affected === 'all' ? [] : affected);
    this.streams.forEach((stream) => {
      stream.send(events);
      if (affected === 'all' || users.has(stream.subscriber.userId)) {
        void this.check(stream);
      }
    });
  }

  private tick(): void {
    this.heartbeats += 1;
    const now = this.clock.now();
    this.streams.forEach((stream) => {
      const isDue = this.heartbeats % CHECK_HEARTBEATS === 0 || stream.isUncertain;
      if (isDue || (stream.expirationTime !== null && stream.expirationTime <= now)) {
        void this.check(stream);
      }
    });
    this.beat(this.streams.values());
  }

  private beat(streams: Iterable<FeedStream>): void {
    const time = this.revocations.provenTime;
    // A comment keeps the connection open while nothing can be proven.
    const event = time === undefined ? ':\n\n' : this.log.textOf('heartbeat', { time: Math.floor(time) });
    for (const stream of streams) {
      if (time === undefined) {
        stream.send(event);
      } else {
        stream.heartbeat(event, () => this.all());
      }
    }
  }

  /** Ends a stream whose token was revoked, has expired or has lost the permission. */
  private async check(stream: FeedStream): Promise<void> {
    if (stream.isWaiting) {
      return;
    }
    stream.isWaiting = true;
    await this.limitChecks(async () => {
      // A change during the check needs another one.
      stream.isWaiting = false;
      try {
        stream.isUncertain = false;
        stream.expirationTime = await stream.recheck();
      } catch (error) {
        if (error instanceof ApplicationError && !UNCERTAIN.includes(error.code)) {
          stream.end();
        } else {
          stream.isUncertain = true;
        }
      }
    });
  }

  private close(stream: FeedStream): void {
    const { verifier } = stream.subscriber;
    if (this.streams.get(verifier) === stream) {
      this.streams.delete(verifier);
    }
  }
}
