import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as otherWork, setTimeout as pause } from 'node:timers/promises';
import { type Notification } from 'pg';
import { type OwnConnection } from '../database/postgres/postgres-data-source.js';
import { fromPayload, REVOCATION_CHANNEL, type SomeUsers } from '../database/affected-users.js';

/** PostgreSQL channel on which replicas send each other messages. */
export const REPLICAS_CHANNEL = 'latchkey_replicas';

/** Pause between two probes. */
export const PAUSE_MILLISECONDS = 500;

/** Time within which a probe must be sent, on a connection that may open slowly. */
const SEND_MILLISECONDS = 1_500;

/**
 * Time within which an error counts as an answer, such as too many connections. Later, it counts as a
 * timeout.
 */
const ANSWER_MILLISECONDS = 1_000;

/** Time within which a probe must arrive after it is sent. */
const ARRIVAL_MILLISECONDS = 1_000;

/**
 * Time that a probe stays valid after it begins. If the connection breaks silently, a token that another
 * replica revoked is accepted for at most this time.
 */
export const PROOF_MILLISECONDS = PAUSE_MILLISECONDS + ARRIVAL_MILLISECONDS;

/** PostgreSQL accepted a notification from another connection, but it did not arrive. */
export class NotDeliveredError extends Error {}

/**
 * A connection or a statement on it was rejected at once, for example because there are too many
 * connections. The address of the database may lead to any PostgreSQL.
 */
export class RejectedError extends Error {}

/**
 * Connection on which this process receives the revocations of other replicas. Probes check it: a random
 * payload that is sent must come back. PostgreSQL delivers notifications in the order of the commits, so all
 * earlier ones have arrived when a probe arrives. Each probe is sent on a new connection, so it also proves
 * that the address of the database still leads to the PostgreSQL on which this process listens: after a
 * failover, the old one can keep running and answer.
 */
export class ListeningConnection {
  /** Private channel, so that other replicas do not receive the probes. */
  private readonly proofChannel = `latchkey_proof_${randomBytes(8).toString('hex')}`;
  private readonly awaited = new Map<string, () => void>();
  private provenTime = -Infinity;
  private closedBy: Error | undefined;
  /** Rejects the running step. */
  private fail: (error: Error) => void = () => undefined;

  constructor(
    private readonly connection: OwnConnection,
    private readonly connectProbe: () => OwnConnection,
    private readonly hear: (affected: SomeUsers) => void,
    private readonly hearMessage: (message: string) => void,
    private readonly measure: (roundTripSeconds: number) => void,
  ) {
    connection.client
      .on('notification', (notification) => this.receive(notification))
      .on('error', (error) => this.close(error));
  }

  /** Whether all revocations up to the latest valid probe have arrived. */
  get isProven(): boolean {
    return performance.now() - this.provenTime < PROOF_MILLISECONDS;
  }

  /**
   * Time at which the latest probe that arrived began, on the monotonic clock: all commits before it have
   * been reported.
   */
  get provenTo(): number {
    return this.provenTime;
  }

  /**
   * Connects, listens, and checks that notifications from other connections arrive.
   *
   * @throws NotDeliveredError if they do not, as behind a pooler in transaction mode, or RejectedError.
   */
  async open(): Promise<void> {
    const { client } = this.connection;
    const startTime = performance.now();
    await this.answer(client.connect(), startTime);
    // Not earlier: it would hide the error of `connect`.
    client.on('end', () => this.close());
    const listen = `LISTEN ${REVOCATION_CHANNEL}; LISTEN ${REPLICAS_CHANNEL}; LISTEN ${this.proofChannel}`;
    await this.answer(client.query(listen), startTime);
    // This connection has no query meanwhile: poolers deliver notifications together with a response.
    await this.prove();
  }

  /** Sends probes until one does not arrive or the connection closes. Then it rejects. */
  async keepProving(): Promise<never> {
    for (;;) {
      await this.unlessClosed(pause(PAUSE_MILLISECONDS, undefined, { ref: false }));
      await this.prove().catch((error: unknown) => {
        // PostgreSQL may accept the next one.
        if (!(error instanceof RejectedError) || !this.isProven) {
          throw error;
        }
      });
    }
  }

  /** Closes the connection, even if PostgreSQL no longer responds. */
  close(reason = new Error('The connection has ended')): void {
    if (this.closedBy) {
      return;
    }
    this.closedBy = reason;
    this.provenTime = -Infinity;
    this.fail(reason);
    disconnect(this.connection);
  }

  /**
   * @throws RejectedError if the probe is rejected, NotDeliveredError if it does not arrive, or an error if
   *   it takes too long.
   */
  private async prove(): Promise<void> {
    // The address is resolved after this time.
    const startTime = performance.now();
    const { secret, arrived } = this.await();
    const probe = this.connectProbe();
    const { client, socket } = probe;
    client.on('error', () => undefined);
    const timer = setTimeout(() => socket.destroy(), SEND_MILLISECONDS).unref();
    try {
      await this.answer(client.connect(), startTime);
      const sentTime = performance.now();
      const query = client.query('SELECT pg_notify($1, $2)', [this.proofChannel, secret]);
      await this.answer(query, startTime);
      clearTimeout(timer);
      await this.inTime(arrived);
      const arrivalTime = performance.now();
      if (arrivalTime - startTime >= PROOF_MILLISECONDS) {
        // Reads would wait for the next probe, which may take as long.
        throw new Error('A probe took too long');
      }
      this.provenTime = startTime;
      this.measure((arrivalTime - sentTime) / 1_000);
    } finally {
      clearTimeout(timer);
      this.awaited.delete(secret);
      disconnect(probe);
    }
  }

  /**
   * Waits for an answer of PostgreSQL.
   *
   * @param startTime time before the address was resolved.
   * @throws RejectedError if PostgreSQL rejects the step, an error if it takes too long, or the error that
   *   closed the connection.
   */
  private answer(step: Promise<unknown>, startTime: number): Promise<unknown> {
    const answered = step.catch((cause: unknown) => {
      // By the clock, because timers of a process that was suspended are late.
      throw performance.now() - startTime < ANSWER_MILLISECONDS
        ? new RejectedError('PostgreSQL rejected a connection or a statement', { cause })
        : new Error('PostgreSQL did not answer in time', { cause });
    });
    return this.unlessClosed(answered);
  }

  /**
   * Waits for a step. A race with one promise for the whole connection would keep each step in memory.
   *
   * @throws the error that closed the connection.
   */
  private unlessClosed<T>(step: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.fail = reject;
      step.then(resolve, reject);
      if (this.closedBy) {
        reject(this.closedBy);
      }
    });
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

  /** @throws NotDeliveredError if nothing arrives in time, or the error that closed the connection. */
  private async inTime(arrived: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // Reads first what arrived while the process was busy.
        void otherWork().then(() => reject(new NotDeliveredError('A notification did not arrive')));
      }, ARRIVAL_MILLISECONDS).unref();
    });
    try {
      await this.unlessClosed(Promise.race([arrived, late]));
    } finally {
      clearTimeout(timer);
    }
  }
}

function disconnect({ client, socket }: OwnConnection): void {
  client.end().catch(() => undefined);
  if (socket.connecting) {
    socket.destroy();
  } else {
    // After PostgreSQL has received the message that ends the connection.
    socket.destroySoon();
  }
}
