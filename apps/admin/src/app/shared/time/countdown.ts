import { computed, DestroyRef, inject, signal, type Signal } from '@angular/core';

/** Seconds that are left of a wait. */
export interface Countdown {
  /** Whole seconds left; 0 when the wait is over. */
  readonly secondsLeft: Signal<number>;
  /** Begins a wait, in place of the one before. */
  start(seconds: number): void;
}

/** A wait that counts down on the screen and ends with its component. It follows the clock, not the ticks: hidden tabs skip those. */
export function countdown(): Countdown {
  const end = signal(0);
  const now = signal(0);
  let timer: ReturnType<typeof setInterval> | undefined;
  const secondsLeft = computed(() => Math.max(0, Math.ceil((end() - now()) / 1000)));

  const stop = (): void => clearInterval(timer);
  const tick = (): void => {
    now.set(Date.now());
    if (secondsLeft() === 0) {
      stop();
    }
  };
  inject(DestroyRef).onDestroy(stop);

  return {
    secondsLeft,
    start: (seconds) => {
      stop();
      now.set(Date.now());
      end.set(Date.now() + seconds * 1000);
      timer = setInterval(tick, 250);
    },
  };
}

/** A wait as a clock shows it: `0:09`, `14:30`. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
