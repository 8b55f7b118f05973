import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as otherWork, setTimeout as pause } from 'node:timers/promises';
import { type Notification } from 'pg';
import { type OwnConnection } from '../database/postgres/postgres-data-source.js';
import { fromPayload, REVOCATION_CHANNEL, type AffectedUsers } from '../database/affected-users.js';

/** Sends a notification by another connection. */
export type Notify = (channel: string, payload: string) => Promise<unknown>;

/** How long after one proof of delivery the next is begun. */
const PAUSE_MILLISECONDS = 500;

/** How long after one proof by another connection the next is begun. */
const OTHERS_PAUSE_MILLISECONDS = 10_000;

/** How long a proof may take to arrive. */
const ARRIVAL_MILLISECONDS = 1_000;

/**
 * How long a proof holds, from when it was begun: until the next must have arrived. So long may a token be believed that
 * was revoked where this process cannot hear it, on a connection that is cut without a word.
 */
const PROOF_MILLISECONDS = PAUSE_MILLISECONDS + ARRIVAL_MILLISECONDS;

/** Why a connection is of no use: what is sent to it by another one does not arrive, though PostgreSQL took it. */
export class NotPassedOnError extends Error {}

/**
 * A connection on which this process hears whom other replicas touch, as long as it proves that it does: a secret that is
 * sent must come back on it. PostgreSQL delivers in the order of the commits, so with a secret has arrived all that was
 * committed before it was sent.
 */
export class ListeningConnection {
  /** Nobody else's, so that nobody else has to hear it. */
  private readonly proofChannel = `latchkey_proof_${randomBytes(8).toString('hex')}`;
  private readonly awaited = new Map<string, () => void>();
  private provenTime = -Infinity;
  private isOver = false;
  private readonly failed: Promise<never>;
  private fail!: (error: Error) => void;

  constructor(
    private readonly connection: OwnConnection,
    private readonly hear: (affected: AffectedUsers) => void,
    private readonly measure: (roundTripSeconds: number) => void,
  ) {
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined);
    connection.client
      .on('notification', (notification) => this.receive(notification))
      .on('error', (error) => this.close(error))
      .on('end', () => this.close());
  }

  /** Whether all is known that was committed up to a moment ago. */
  get isProven(): boolean {
    return performance.now() - this.provenTime < PROOF_MILLISECONDS;
  }

  /**
   * Connects, listens, and proves that what others send arrives.
   *
   * @throws NotPassedOnError if it does not, as through a pooler that has no connection for each client.
   */
  async open(notify: Notify): Promise<void> {
    const { client } = this.connection;
    await Promise.race([this.failed, client.connect()]);
    await client.query(`LISTEN ${REVOCATION_CHANNEL}; LISTEN ${this.proofChannel}`);
    // While nothing is asked on this connection: a pooler passes on what it has with an answer.
    const { secret, arrived } = this.await();
    await notify(this.proofChannel, secret);
    await this.inTime(arrived, new NotPassedOnError('A notification did not arrive'));
    await this.prove();
  }

  /** Goes on proving that notifications arrive, and ends with an error when they do not, or when the connection does. */
  async keepProving(): Promise<never> {
    for (;;) {
      await Promise.race([this.failed, pause(PAUSE_MILLISECONDS, undefined, { ref: false })]);
      await this.prove();
    }
  }

  /**
   * Goes on proving, seldom, that what other connections send arrives: after a fail-over they may lead to another PostgreSQL.
   * Whether they work at all is not for this one to judge.
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

  /** Ends it, whether PostgreSQL still answers or not. */
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
      // Once PostgreSQL has been told.
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
    } else {
      this.awaited.get(payload)?.();
      this.awaited.delete(payload);
    }
  }

  /** @throws the error unless something arrives in time, or whatever ended the connection. */
  private async inTime(arrived: Promise<void>, error: Error): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // What came while the process was busy is read first.
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
