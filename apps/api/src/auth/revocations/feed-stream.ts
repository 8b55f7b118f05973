import { PassThrough } from 'node:stream';
import { type EpochMilliseconds } from '../../common/clock.js';

/** Bytes that wait for a slow verifier. Beyond it, events are dropped, and it later forgets everything. */
const WAITING_MAX_BYTES = 65_536;

/** A verifier that receives the feed. */
export interface Subscriber {
  /** Id that the verifier created when it started. */
  readonly verifier: string;
  readonly userId: string;
  /** Milliseconds after a heartbeat during which it answers from memory. */
  readonly freshFor: number;
}

/** Stream of server-sent events to one verifier. */
export class FeedStream {
  readonly body = new PassThrough();
  /** Expiry of the verifier's token in epoch milliseconds; `null` = none. */
  endTime: EpochMilliseconds | null = null;
  /** Time of the last heartbeat that was sent, on the monotonic clock. */
  heartbeatTime = -Infinity;
  private isBehind = false;

  constructor(readonly subscriber: Subscriber) {}

  /** Sends events. If the verifier does not read, they are dropped, and `all` replaces them later. */
  send(events: string): void {
    if (this.isBehind) {
      return;
    }
    this.body.write(events);
    this.isBehind = this.body.writableLength + this.body.readableLength > WAITING_MAX_BYTES;
  }

  /** Sends a heartbeat with the time up to which everything has been sent. */
  heartbeat(event: string, time: number, all: () => string): void {
    if (this.isBehind && this.body.writableLength + this.body.readableLength === 0) {
      this.isBehind = false;
      this.send(all());
    }
    if (!this.isBehind) {
      this.send(event);
      this.heartbeatTime = time;
    }
  }

  end(): void {
    this.body.end();
  }
}
