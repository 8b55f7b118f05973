import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as otherWork, setTimeout as pause } from 'node:timers/promises';
import { type Notification } from 'pg';
import { type OwnConnection } from '../database/postgres/postgres-data-source.js';
import { fromPayload, REVOCATION_CHANNEL, type AffectedUsers } from '../database/affected-users.js';

/** Sends a notification on another connection. */
export type Notify = (channel: string, payload: string) => Promise<unknown>;

/** PostgreSQL channel on which replicas send each other messages. */
export const REPLICAS_CHANNEL = 'latchkey_replicas';

/** Pause between two probes. */
export const PAUSE_MILLISECONDS = 500;

/** Pause between two probes from other connections. */
const OTHERS_PAUSE_MILLISECONDS = 10_000;

/** Time within which a probe must arrive. */
const ARRIVAL_MILLISECONDS = 1_000;

/**
 * Time that a probe stays valid after it is sent. If the connection breaks silently, a token that another replica
 * revoked is accepted for at most this time.
 */
export const PROOF_MILLISECONDS = PAUSE_MILLISECONDS + ARRIVAL_MILLISECONDS;

/** PostgreSQL accepted a notification from another connection, but it did not arrive. */
export class NotDeliveredError extends Error {}

/**
 * Connection on which this process receives the revocations of other replicas. Probes check it: a random payload that is
 * sent must come back. PostgreSQL delivers notifications in the order of the commits, so all earlier ones have arrived
 * when a probe arrives.
 */
export class ListeningConnection {
  /** Private channel, so that other replicas do not receive the probes. */
  private readonly proofChannel = `latchkey_proof_${randomBytes(8).toString('hex')}`;
  private readonly awaited = new Map<string, () => void>();
  private provenTime = -Infinity;
  private isOver = false;
  private readonly failed: Promise<never>;
  private fail!: (error: Error) => void;

  constructor(
    private readonly connection: OwnConnection,
    private readonly hear: (affected: AffectedUsers) => void,
    private readonly hearMessage: (message: string) => void,
    private readonly measure: (roundTripSeconds: number) => void,
  ) {
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined);
    connection.client
      .on('notification', (notification) => this.receive(notification))
      .on('error', (error) => this.close(error))
      .on('end', () => this.close());
  }

  /** Whether all revocations up to the latest valid probe have arrived. */
  get isProven(): boolean {
    return performance.now() - this.provenTime < PROOF_MILLISECONDS;
  }

  /** Time of the latest probe that arrived, on the monotonic clock: all commits before it have been reported. */
  get provenTo(): number {
    return this.provenTime;
  }

  /**
   * Connects, listens, and checks that notifications from other connections arrive.
   *
   * @throws NotDeliveredError if they do not, as behind a pooler in transaction mode.
   */
  async open(notify: Notify): Promise<void> {
    const { client } = this.connection;
    await Promise.race([this.failed, client.connect()]);
    await client.query(
      `LISTEN ${REVOCATION_CHANNEL}; LISTEN ${REPLICAS_CHANNEL}; LISTEN ${this.proofChannel}`,
    );
    // While this connection has no query: poolers deliver notifications together with a response.
    const { secret, arrived } = this.await();
    await notify(this.proofChannel, secret);
    await this.inTime(arrived, new NotDeliveredError('A notification did not arrive'));
    await this.prove();
  }

  /** Sends probes until one does not arrive or the connection closes. Then it rejects. */
  async keepProving(): Promise<never> {
    for (;;) {
      await Promise.race([this.failed, pause(PAUSE_MILLISECONDS, undefined, { ref: false })]);
      await this.prove();
    }
  }

  /**
   * Sends probes from other connections, at long intervals: after a failover they may lead to another PostgreSQL. Ignores
   * errors of those connections.
   */
  async keepProvingOthers(notify: Notify, pauseMilliseconds = OTHERS_PAUSE_MILLISECONDS): Promise<never> {
    for (;;) {
      await Promise.race([this.failed, pause(pauseMilliseconds, undefined, { ref: false })]);
      const { secret, arrived } = this.await();
      const isSent = await Promise.race([
        this.failed,
        notify(this.proofChannel, secret).then(
          () => true,
          () => false,
        ),
      ]);
      if (isSent) {
        await this.inTime(arrived, new Error('A notification by another connection did not arrive'));
      }
      this.awaited.delete(secret);
    }
  }

  /** Closes the connection, even if PostgreSQL no longer responds. */
  close(reason = new Error('The connection has ended')): void {
    if (this.isOver) {
      return;
    }
    this.isOver = true;
    this.provenTime = -Infinity;
    this.fail(reason);
    const { client, socket } = this.connection;
    client.end().catch(() => undefined);
    if (socket.connecting) {
      socket.destroy();
    } else {
      // After PostgreSQL has received the message that ends the connection.
      socket.destroySoon();
    }
  }

  private async prove(): Promise<void> {
    const sentTime = performance.now();
    const { secret, arrived } = this.await();
    this.connection.client
      .query('SELECT pg_notify($1, $2)', [this.proofChannel, secret])
      .catch((error: Error) => this.close(error));
    await this.inTime(arrived, new Error(`Nothing arrives within ${ARRIVAL_MILLISECONDS} ms`));
    this.provenTime = sentTime;
    this.measure((performance.now() - sentTime) / 1_000);
  }

  private await(): { secret: string; arrived: Promise<void> } {
    const secret = randomUUID();
    const arrived = new Promise<void>((arrive) => this.awaited.set(secret, arrive));
    return { secret, arrived };
  }

  private receive({ channel, payload = '' }: Notification): void {
    if (channel === REVOCATION_CHANNEL) {
      this.hear(fromPayload(payload));
    } else if (channel === REPLICAS_CHANNEL) {
      this.hearMessage(payload);
    } else {
      this.awaited.get(payload)?.();
      this.awaited.delete(payload);
    }
  }

  /** @throws `error` if nothing arrives in time, or the error that closed the connection. */
  private async inTime(arrived: Promise<void>, error: Error): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // Reads first what arrived while the process was busy.
        void otherWork().then(() => reject(error));
      }, ARRIVAL_MILLISECONDS).unref();
    });
    try {
      await Promise.race([arrived, this.failed, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
