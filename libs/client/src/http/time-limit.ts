import { LatchkeyError } from './latchkey-error.js';

/** Time limit of one call with all its attempts. The caller's signal also aborts it. */
export class TimeLimit {
  private readonly controller = new AbortController();
  private readonly deadline: number;
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor(
    milliseconds: number,
    private readonly caller?: AbortSignal,
  ) {
    caller?.throwIfAborted();
    this.deadline = Date.now() + milliseconds;
    this.timer = setTimeout(() => this.controller.abort(timeoutAfter(milliseconds)), milliseconds);
    caller?.addEventListener('abort', this.abort);
  }

  /** Aborts when the time is up, and when the caller's signal does. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits before the next attempt. Returns `false` at once if the limit is earlier. */
  async pause(milliseconds: number): Promise<boolean> {
    if (Date.now() + milliseconds >= this.deadline) {
      return false;
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds);
      this.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(this.signal.reason as Error);
      });
    });
    return true;
  }

  /** Releases the timer and the caller's signal. */
  end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.abort);
  }

  private readonly abort = (): void => this.controller.abort(this.caller?.reason);
}

function timeoutAfter(milliseconds: number): LatchkeyError {
  return new LatchkeyError({
    code: 'timeout',
    title: 'Timeout',
    detail: `Latchkey did not respond within ${milliseconds} ms.`,
  });
}
