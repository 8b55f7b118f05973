import { type Clock } from './clock.js';

/** Milliseconds by which two clocks may disagree, for rounding and for scheduling between two reads. */
const TOLERANCE = 50;

/** Rate at which the clocks of two machines may drift apart. Quartz stays below a tenth of it. */
const DRIFT = 200e-6;

/**
 * Decides until when the memory is fresh. A heartbeat with the server time S proves that everything committed
 * before S has arrived. The server read its clock for `hello` after this process sent the request. So S is at
 * least as late on the clock of this process as the time of the request plus the server time passed since
 * `hello`. A proxy that delays the stream makes proofs look older, never younger.
 */
export class Lease {
  /** Lower bound of this process's time minus the server's time. */
  private offset = -Infinity;
  private calibratedAt = -Infinity;
  /** Time of the request that began the connection. */
  private startedAt = -Infinity;
  /** Wall clock minus monotonic clock when the connection began. */
  private skew: number | undefined;
  private proven = -Infinity;
  /** Age of the last proof when it arrived. */
  lag: number | undefined;

  constructor(
    private readonly freshFor: number,
    private readonly clock: Clock,
  ) {}

  /**
   * Starts a connection.
   *
   * @param sentAt time just before the request was sent.
   * @returns false if a clock has jumped since the last connection. Then nothing that is timed by these
   *   clocks is certain.
   */
  start(sentAt: number, serverTime: number): boolean {
    const isSteady = this.skew === undefined || !this.hasJumped(this.clock.monotonic());
    if (!isSteady) {
      this.proven = -Infinity;
    }
    this.skew = this.clock.wall() - this.clock.monotonic();
    this.offset = sentAt - serverTime;
    this.startedAt = sentAt;
    this.calibratedAt = this.clock.monotonic();
    return isSteady;
  }

  /** Improves the comparison of the clocks with a later request to the same process. */
  calibrate(sentAt: number, serverTime: number): void {
    if (sentAt < this.startedAt) {
      // The machine may have slept since then, so the offset would be too high.
      return;
    }
    const now = this.clock.monotonic();
    // A slow response is a worse bound than an earlier fast one.
    this.offset = Math.max(this.offset - (now - this.calibratedAt) * DRIFT, sentAt - serverTime);
    this.calibratedAt = now;
  }

  /**
   * Records a heartbeat.
   *
   * @returns false if the clocks contradict each other, so that the connection must be replaced.
   */
  prove(serverTime: number): boolean {
    const now = this.clock.monotonic();
    const at = serverTime + this.offset;
    // A heartbeat from the future: this machine slept, and its clock stood still.
    if (this.hasJumped(now) || at > now + TOLERANCE) {
      this.proven = -Infinity;
      return false;
    }
    this.proven = Math.max(this.proven, Math.min(now, at - (now - this.calibratedAt) * DRIFT));
    this.lag = Math.max(0, now - at);
    return true;
  }

  /** Whether the memory may answer. */
  isFresh(now = this.clock.monotonic()): boolean {
    // A clock can be wrong by the tolerance without a jump.
    return now - this.proven < this.freshFor - TOLERANCE && !this.hasJumped(now);
  }

  // NTP slews both clocks alike, so their difference changes only by a jump, or by the time that the machine
  // slept.
  private hasJumped(now: number): boolean {
    return this.skew === undefined || Math.abs(this.clock.wall() - now - this.skew) > TOLERANCE;
  }
}
