import { setTimeout as pause } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HEALTH_REMARKS, type HealthRemark } from '@latchkey/auth-models';
import { type Histogram } from 'prom-client';
import { Database } from '../database/database.js';
import { type OwnConnection } from '../database/postgres/postgres-data-source.js';
import { type AffectedUsers, type SomeUsers } from '../database/affected-users.js';
import { Writes } from '../database/writes.service.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.service.js';
import {
  ListeningConnection,
  NotDeliveredError,
  PAUSE_MILLISECONDS,
  PROOF_MILLISECONDS,
  RejectedError,
  REPLICAS_CHANNEL,
} from './listening-connection.js';

/** Names of the connections in `pg_stat_activity`. */
const APPLICATION_NAME = 'latchkey listener';
const PROBE_NAME = 'latchkey probe';

/** Pause before the second attempt to listen. It doubles for each further one, with jitter. */
const FIRST_PAUSE_MILLISECONDS = 100;

/** In seconds. Later notifications count as lost. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/**
 * Reasons why no notifications arrive, with the longest pause before the next attempt and a remark for
 * operators.
 */
const FAILURES = {
  lost: {
    pauseMaxMilliseconds: PAUSE_MILLISECONDS,
    remark: HEALTH_REMARKS.notificationsLost,
  },
  // The configuration of a pooler rarely changes.
  'not delivered': {
    pauseMaxMilliseconds: 30_000,
    remark: HEALTH_REMARKS.notificationsNotDelivered,
  },
};

type Failure = keyof typeof FAILURES;

/**
 * Publishes which users are affected by a commit of this process or another replica, so that caches drop
 * their tokens. It receives those of other replicas from PostgreSQL, on its own connection, and reconnects
 * when it is lost.
 */
@Injectable()
export class RevocationListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly roundTrips: Histogram;
  private readonly listeners: ((affected: SomeUsers, notified: AffectedUsers) => void)[] = [];
  private readonly messageListeners: ((message: string) => void)[] = [];
  /** `undefined` between two attempts to listen. */
  private connection: ListeningConnection | undefined;
  /** Time of the latest replacement of the pool's connections, on the monotonic clock. */
  private renewedTime = -Infinity;
  private latestRoundTrip: number | null = null;
  private state: Failure | 'receiving' | 'unknown' = 'unknown';
  /** Whether notifications have ever arrived. Then no pooler holds them back. */
  private hasReceived = false;
  private isStopping = false;
  private isListening = false;
  private settle: () => void = () => undefined;
  /** Reads that wait until a probe or an attempt to listen has succeeded or failed. */
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'latchkey_notifications_working',
      '1 while the server receives the notifications of other replicas, or needs none; 0 while it reads every token from the database.',
      () => Number(this.isCurrent),
    );
    this.roundTrips = metrics.histogram(
      'latchkey_notification_round_trip_seconds',
      'Delay of notifications that this process sends to itself through PostgreSQL, two per second: the delay of revocations.',
      [],
      BUCKETS,
    );
  }

  /**
   * Whether all recent commits of other replicas have arrived. While they have not, nothing may be cached.
   * Always true on SQLite, which has no replicas.
   */
  get isCurrent(): boolean {
    return !this.hasReplicas || (this.state === 'receiving' && this.connection?.isProven === true);
  }

  /**
   * Time on the monotonic clock up to which all commits, also of other replicas, have been published;
   * `undefined` while some can be missing.
   */
  get provenTime(): number | undefined {
    if (!this.hasReplicas) {
      return performance.now();
    }
    return this.isCurrent ? this.connection?.provenTo : undefined;
  }

  /**
   * Waits for the running probe or attempt to listen if the latest proof is too old. If the address of the
   * database leads to another PostgreSQL, the pool has replaced its connections when this resolves, unless
   * the attempt was rejected.
   */
  async decided(): Promise<void> {
    while (this.isUndecided) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Remark for operators. */
  get remark(): HealthRemark | undefined {
    return this.state in FAILURES ? FAILURES[this.state as Failure].remark : undefined;
  }

  /**
   * Calls `listener` with the affected users, if there are any: for commits of this process before the writer
   * continues, and with `all` if notifications of other replicas may have been missed. `notified` contains
   * the users whose tokens other processes must drop from their caches too. It excludes bumps, which affect
   * only this process.
   */
  subscribe(listener: (affected: SomeUsers, notified: AffectedUsers) => void): void {
    this.writes.onEnd((affected, notified) => {
      if (affected !== 'none') {
        listener(affected, notified);
      }
    });
    this.listeners.push(listener);
  }

  /** Whether this process exchanges notifications with other replicas: on PostgreSQL. */
  get hasReplicas(): boolean {
    return this.database.ownConnection !== undefined;
  }

  /** Milliseconds that the latest notification took; `null` without replicas. */
  get roundTripMilliseconds(): number | null {
    return this.latestRoundTrip;
  }

  /** Calls `listener` with the messages of all replicas, including those of this process. */
  onMessage(listener: (message: string) => void): void {
    this.messageListeners.push(listener);
  }

  /**
   * Sends a message to all replicas. It arrives after everything that was committed before. While
   * notifications of other replicas do not arrive, it may get lost.
   */
  async send(message: string): Promise<void> {
    if (this.hasReplicas) {
      await this.database.writer.query('SELECT pg_notify($1, $2)', [REPLICAS_CHANNEL, message]);
    } else {
      this.messageListeners.forEach((listener) => listener(message));
    }
  }

  onApplicationBootstrap(): void {
    void this.listen();
  }

  /**
   * Starts to listen. Commands call this, because they do not start like a server. Resolves on success and on
   * failure.
   */
  async listen(): Promise<void> {
    const { ownConnection } = this.database;
    if (ownConnection && !this.isListening) {
      this.isListening = true;
      await new Promise<void>((resolve) => {
        this.settle = resolve;
        void this.run(ownConnection);
      });
    }
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.connection?.close();
  }

  private async run(connect: (applicationName: string) => OwnConnection): Promise<void> {
    for (let failures = 0; !this.isStopping; failures += 1) {
      try {
        // Throws if the URL names a file with a certificate that cannot be read.
        const connection = new ListeningConnection(
          connect(APPLICATION_NAME),
          () => connect(PROBE_NAME),
          (affected) => this.publish(affected),
          (message) => this.messageListeners.forEach((listener) => listener(message)),
          (seconds) => {
            this.roundTrips.observe(seconds);
            this.latestRoundTrip = Math.ceil(seconds * 1_000);
            this.resume();
          },
        );
        this.connection = connection;
        await connection.open();
        failures = 0;
        this.begin();
        await connection.keepProving();
      } catch (error) {
        this.connection?.close();
        this.connection = undefined;
        const failure = !this.hasReceived && error instanceof NotDeliveredError ? 'not delivered' : 'lost';
        this.end(failure, error);
        await pause(pauseAfter(failure, failures), undefined, { ref: false });
      }
    }
  }

  /** All notifications arrive from now on. Earlier ones may have been missed. */
  private begin(): void {
    this.publish('all');
    // Also those from the start, when the address may have led to another PostgreSQL.
    this.renewPool();
    this.state = 'receiving';
    this.hasReceived = true;
    this.settle();
    this.resume();
    this.logger.info('Notifications from other replicas arrive');
  }

  private end(failure: Failure, err: unknown): void {
    const isNew = this.state !== failure && !this.isStopping;
    if (this.state === 'receiving') {
      this.publish('all');
    }
    // The address of the database may lead to another PostgreSQL now, and the old one may still answer.
    if (!(err instanceof RejectedError) && !this.isStopping) {
      this.renewPool();
    }
    this.state = failure;
    this.settle();
    this.resume();
    if (isNew) {
      this.logger.warn({ err }, FAILURES[failure].remark);
    }
  }

  /** Whether reads must wait. Not behind a pooler in transaction mode, because no attempt succeeds there. */
  private get isUndecided(): boolean {
    if (this.state === 'receiving') {
      return !this.isCurrent;
    }
    const isTrying = this.state !== 'not delivered' && this.connection !== undefined;
    return isTrying && performance.now() - this.renewedTime >= PROOF_MILLISECONDS;
  }

  private renewPool(): void {
    this.renewedTime = performance.now();
    this.database.renewConnections?.();
  }

  private resume(): void {
    this.waiting.splice(0).forEach((resolve) => resolve());
  }

  private publish(affected: SomeUsers): void {
    this.listeners.forEach((listener) => listener(affected, affected));
  }
}

/** Adds jitter, so that replicas do not reconnect at the same moment. */
function pauseAfter(failure: Failure, failures: number): number {
  const { pauseMaxMilliseconds } = FAILURES[failure];
  const most = Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** failures, pauseMaxMilliseconds);
  return most * (0.5 + Math.random() / 2);
}
