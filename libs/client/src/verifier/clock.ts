/** Clocks of this process, in milliseconds. */
export interface Clock {
  /** Never jumps, but may stand still while the machine sleeps. */
  monotonic(): number;
  /** Time of day. Jumps when it is set, and after the machine slept. */
  wall(): number;
  /** Waits. Resolves early when the signal aborts. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  wait,
};

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal.addEventListener('abort', wake);
    if (signal.aborted) {
      wake();
    }
  });
}
