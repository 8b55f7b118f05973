import { type Clock } from './clock.js';

/**
 * State of something that can fail many times in a row. Reports the first failure, and the end with the
 * duration.
 */
export class Outage {
  private since: number | undefined;
  private isReported = false;

  /**
   * @param began message of the first failure, without its cause.
   * @param ended message of the end, without the duration.
   */
  constructor(
    private readonly began: string,
    private readonly ended: string,
    private readonly clock: Clock,
    private readonly onWarning: (error: unknown) => void,
  ) {}

  /** Begins without a report, because the next attempt may succeed. */
  begin(): void {
    this.since ??= this.clock.monotonic();
  }

  /** Records a failure. */
  fail(cause: unknown): void {
    this.begin();
    if (!this.isReported) {
      this.isReported = true;
      this.onWarning(warning(this.began, cause));
    }
  }

  /** Records a success. */
  end(): void {
    if (this.isReported) {
      const milliseconds = this.clock.monotonic() - (this.since ?? 0);
      this.onWarning(new Error(`${this.ended} after ${(milliseconds / 1_000).toFixed(1)} s.`));
    }
    this.since = undefined;
    this.isReported = false;
  }
}

/** Returns an error for the log of an operator. */
export function warning(what: string, cause: unknown): Error {
  return new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
