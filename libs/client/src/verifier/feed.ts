import { LatchkeyError } from '../http/latchkey-error.js';
import { chunksOf } from '../http/read-response.js';
import { type Clock } from './clock.js';
import { EventStreamParser } from './event-stream.js';
import { type FeedEvent, readFeedEvent } from './feed-event.js';
import { type LatchkeyServer } from './latchkey-server.js';
import { type Lease } from './lease.js';
import { type Memory } from './memory.js';
import { Outage, warning } from './outage.js';

/** Identity of a verifier. */
export interface VerifierIdentity {
  /** UUID of this verifier. */
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  /** Milliseconds after the last proof in which the memory is fresh. */
  readonly freshFor: number;
}

/** First event of a stream. */
interface Hello {
  readonly time: number;
  readonly process: string;
  readonly heartbeatEvery: number;
  readonly reportEvery: number;
}

/**
 * Maximum duration of a connection, shortened at random. A new one compares the clocks again, which bounds
 * their drift.
 */
const CONNECTION_MAX = 15 * 60_000;
const BACK_OFF_MIN = 250;
const BACK_OFF_MAX = 10_000;
const WATCH_INTERVAL = 500;
/** Number of heartbeats that may be missing. If the server can prove nothing, it sends comments instead. */
const SILENT_HEARTBEATS = 6;
const HEARTBEAT_DEFAULT = 500;
/**
 * Longest time without a proof. Meanwhile the server may be unable to prove anything, for example without its
 * database.
 */
const STALE_MAX = 30_000;

/** Events that have the number of the last revocation instead of one of their own. */
const UNNUMBERED = new Set(['hello', 'heartbeat']);

/** Milliseconds between two warnings about damaged events. */
const DAMAGE_PAUSE = 60_000;

/** Reason to replace a connection whose events cannot be trusted. */
class BrokenFeed extends Error {}

/** Last revocation that was applied, after which a new connection continues. */
interface Position {
  readonly process: string;
  readonly sequence: number;
}

/** Connection to the revocation feed, which it replaces when it breaks. */
export class Feed {
  private readonly closing = new AbortController();
  private readonly finished: Promise<void>;
  private position: Position | undefined;
  private hello: Hello | undefined;
  private backOff = 0;
  /** Whether the current connection has proven that the memory is fresh. */
  private hasProven = false;
  private damageReportedAt = -Infinity;
  private readonly outage: Outage;

  constructor(
    private readonly identity: VerifierIdentity,
    private readonly server: LatchkeyServer,
    private readonly memory: Memory<unknown>,
    private readonly lease: Lease,
    private readonly clock: Clock,
    private readonly hooks: {
      /** Called for each {@link Hello}. */
      onHello: (hello: Hello) => void;
      onWarning: (error: unknown) => void;
    },
  ) {
    const { onWarning } = hooks;
    this.outage = new Outage(
      'The revocation feed is not available',
      'The revocation feed is available again',
      clock,
      onWarning,
    );
    this.finished = this.run();
  }

  get isConnected(): boolean {
    return this.hello !== undefined;
  }

  /** Compares the clocks once more, with a response of the process that sends the events. */
  calibrate(process: string, sentAt: number, serverTime: number): void {
    if (this.hello?.process === process && Number.isFinite(serverTime)) {
      this.lease.calibrate(sentAt, serverTime);
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.finished;
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      let pause: number;
      try {
        await this.connect(signal);
        pause = 0;
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        this.reportBreak(error);
        pause = this.pauseAfter(error);
      }
      await this.clock.wait(pause * (0.5 + Math.random() / 2), signal);
    }
  }

  /**
   * Reports a lost connection. A connection that had proven fresh is usually replaced at once, so only damage
   * is reported.
   */
  private reportBreak(error: unknown): void {
    if (!this.hasProven) {
      this.outage.fail(isRejectedToken(error) ? rejectedToken(error) : error);
      return;
    }
    this.outage.begin();
    const now = this.clock.monotonic();
    if (isDamage(error) && now - this.damageReportedAt >= DAMAGE_PAUSE) {
      this.damageReportedAt = now;
      this.hooks.onWarning(warning('The memory was cleared', error));
    }
  }

  private pauseAfter(error: unknown): number {
    this.backOff = Math.min(BACK_OFF_MAX, Math.max(BACK_OFF_MIN, 2 * this.backOff));
    const { status, retryAfter } = error instanceof LatchkeyError ? error : {};
    // Such as 404 from an older release.
    const isRejected = status !== undefined && status >= 400 && status < 500;
    return Math.max(isRejected ? BACK_OFF_MAX : this.backOff, (retryAfter ?? 0) * 1_000);
  }

  /** Receives events until the connection is old. @throws if it breaks. */
  private async connect(closing: AbortSignal): Promise<void> {
    const { id, name, version, freshFor } = this.identity;
    const query = new URLSearchParams({
      verifier: id,
      name,
      ...(version !== undefined && { version }),
      freshFor: String(freshFor),
    });
    // In some releases of Node.js, AbortSignal.any misses an abort after a garbage collection
    // (nodejs/node#65995).
    const connection = new AbortController();
    const abort = () => connection.abort(closing.reason);
    closing.addEventListener('abort', abort);
    const sentAt = this.clock.monotonic();
    this.hasProven = false;
    let watch: NodeJS.Timeout | undefined;
    try {
      const response = await this.server.stream(
        `auth/revocations?${query.toString()}`,
        {
          accept: 'text/event-stream',
          ...(this.position && { 'last-event-id': `${this.position.process}.${this.position.sequence}` }),
        },
        connection,
      );
      const parser = new EventStreamParser((event) => this.receive(readFeedEvent(event), sentAt));
      let receivedAt = this.clock.monotonic();
      watch = this.watch(connection, () => receivedAt);
      const end = sentAt + CONNECTION_MAX * (1 - Math.random() / 3);
      for await (const chunk of chunksOf(response, connection.signal)) {
        receivedAt = this.clock.monotonic();
        parser.push(chunk);
        if (receivedAt >= end) {
          return;
        }
      }
      throw new BrokenFeed('The server ended the revocation feed.');
    } catch (error) {
      if (isDamage(error)) {
        // An event was lost or altered. The server sends it again after it is resumed.
        this.memory.revokeAll();
      }
      throw connection.signal.aborted ? (connection.signal.reason as unknown) : error;
    } finally {
      clearInterval(watch);
      closing.removeEventListener('abort', abort);
      this.hello = undefined;
      connection.abort();
    }
  }

  /**
   * Ends a connection that is dead, or that no longer keeps the memory fresh, for example behind a proxy that
   * delays everything.
   */
  private watch(connection: AbortController, receivedAt: () => number): NodeJS.Timeout {
    let freshAt = this.clock.monotonic();
    return setInterval(() => {
      const now = this.clock.monotonic();
      freshAt = this.lease.isFresh(now) ? now : freshAt;
      const silence = SILENT_HEARTBEATS * (this.hello?.heartbeatEvery ?? HEARTBEAT_DEFAULT);
      if (now - receivedAt() > silence || now - freshAt > STALE_MAX) {
        connection.abort(new BrokenFeed('The revocation feed is silent or late.'));
      }
    }, WATCH_INTERVAL).unref();
  }

  /** @throws SyntaxError if an event is missing before this one. */
  private receive({ type, process, sequence, content }: FeedEvent, sentAt: number): void {
    if (!this.hello || !this.position) {
      if (type !== 'hello') {
        throw new SyntaxError('The revocation feed does not begin with hello.');
      }
      this.begin(helloFrom(content, process), sequence, sentAt);
      return;
    }
    // Repeated and late events have a number that was already applied.
    const isNext = sequence === this.position.sequence + 1 && !UNNUMBERED.has(type);
    const isMissing = sequence > this.position.sequence && !isNext && type !== 'all';
    if (process !== this.hello.process || isMissing) {
      throw new SyntaxError('An event is missing. Check the proxies between this service and Latchkey.');
    }
    if (type === 'heartbeat') {
      this.prove(numberIn(content, 'time'));
    } else if (type === 'user' && typeof content.id === 'string') {
      this.memory.revokeUser(content.id);
    } else if (type === 'all' || isNext) {
      // A revocation of an unknown kind may affect everyone.
      this.memory.revokeAll();
    }
    this.position = { process, sequence: Math.max(sequence, this.position.sequence) };
  }

  private begin(hello: Hello, sequence: number, sentAt: number): void {
    const { process } = hello;
    const isResumed = process === this.position?.process && sequence === this.position.sequence;
    const isSteady = this.lease.start(sentAt, hello.time);
    if (!isResumed || !isSteady) {
      this.memory.restart();
    }
    this.position = { process, sequence };
    this.hello = hello;
    this.hooks.onHello(hello);
  }

  private prove(time: number): void {
    if (!this.lease.prove(time)) {
      // The cached answers are older than they seem.
      this.memory.revokeAll();
      throw new BrokenFeed('A clock jumped, or this machine slept.');
    }
    this.backOff = 0;
    this.hasProven = true;
    this.outage.end();
  }
}

/** Whether an error is about an event that was lost or altered. */
function isDamage(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof RangeError;
}

function helloFrom(content: Record<string, unknown>, process: string): Hello {
  return {
    time: numberIn(content, 'time'),
    process,
    heartbeatEvery: within(numberIn(content, 'heartbeatEvery'), 10, 60_000),
    reportEvery: within(numberIn(content, 'reportEvery'), 10, 600_000),
  };
}

function numberIn(content: Record<string, unknown>, name: string): number {
  const value = content[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new SyntaxError(`An event of the revocation feed has no number "${name}".`);
  }
  return value;
}

function within(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** Whether the server has rejected the own token. */
function isRejectedToken(error: unknown): error is LatchkeyError {
  return error instanceof LatchkeyError && (error.status === 401 || error.status === 403);
}

/** Returns the error for the log, because the message of the server does not name the token. */
function rejectedToken(error: LatchkeyError): Error {
  return new Error(`The token of this service was rejected. ${error.message}`, { cause: error });
}
