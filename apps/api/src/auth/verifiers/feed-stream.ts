import { PassThrough } from 'node:stream';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { KEPT_MAX_BYTES } from './event-log.js';

/**
 * Maximum number of buffered bytes for a slow verifier. Beyond it, events are dropped, and `all` replaces
 * them later. A verifier that reconnects receives all kept events at once.
 */
const WAITING_MAX_BYTES = 2 * KEPT_MAX_BYTES;

/** Time after which the connection of an ended stream is closed. */
const END_MILLISECONDS = 1_000;

/** A verifier that receives the feed. */
export interface Subscriber {
  /** Key of the verifier among those of all users. */
  readonly verifier: string;
  readonly userId: string;
}

/**
 * Returns the expiry of the caller's token, `null` = none. Rejects if the caller may no longer receive the
 * feed.
 */
export type Recheck = () => Promise<EpochMilliseconds | null>;

/** Stream of server-sent events to one verifier. */
export class FeedStream {
  readonly body = new PassThrough();
  /** Whether events were dropped because the verifier reads too slowly. */
  isBehind = false;
  /** Whether a check of the caller waits for its turn. */
  isWaiting = false;
  /** Whether the last check failed, for example because the database did not respond. */
  isUncertain = false;
  /** Closes the connection of the response. Destroying its body instead would be logged as an error. */
  disconnect: () => void = () => this.body.destroy();

  /** @param expirationTime expiry of the verifier's token; `null` = none. */
  constructor(
    readonly subscriber: Subscriber,
    public expirationTime: EpochMilliseconds | null,
    readonly recheck: Recheck,
  ) {}

  /** Sends events. If the verifier does not read, they are dropped, and `all` replaces them later. */
  send(events: string): void {
    if (this.isBehind || this.body.writableEnded) {
      return;
    }
    this.body.write(events);
    this.isBehind = this.body.writableLength + this.body.readableLength > WAITING_MAX_BYTES;
  }

  /** Sends a heartbeat. `missed` returns the events that replace dropped ones. */
  heartbeat(event: string, missed: () => string): void {
    if (this.isBehind && this.body.writableLength + this.body.readableLength === 0) {
      this.isBehind = false;
      this.send(missed());
    }
    this.send(event);
  }

  /** Ends the stream. If the verifier does not read, closes the connection. */
  end(): void {
    if (!this.body.writableEnded) {
      this.body.end();
      setTimeout(() => this.disconnect(), END_MILLISECONDS).unref();
    }
  }
}
