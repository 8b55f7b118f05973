import { PassThrough } from 'node:stream';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { KEPT_MAX_BYTES } from './event-log.js';

/**
 * Maximum number of buffered bytes for a slow verifier. Beyond it, events are dropped, and `all` replaces them later. A verifier that
 * reconnects receives all kept events at once.
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

/** Stream of server-sent events to one verifier. */
export class FeedStream {
  readonly body = new PassThrough();
  /** Expiry of the verifier's token in epoch milliseconds; `null` = none. */
  expirationTime: EpochMilliseconds | null = null;
  /** Whether events were dropped because the verifier reads too slowly. */
  isBehind = false;
  /** Closes the connection of the response. Destroying its body instead would be logged as an error. */
  disconnect: () => void = () => this.body.destroy();

  constructor(readonly subscriber: Subscriber) {}

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
