import { computed, DestroyRef, inject, signal, type Signal } from '@angular/core';

export interface Countdown {
  readonly secondsLeft: Signal<number>;
  start(seconds: number): void;
}

/**
 * Creates a countdown that stops with its component. It reads the clock, because timers are throttled in
 * hidden tabs.
 */
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
      const started = Date.now();
      now.set(started);
      end.set(started + seconds * 1000);
      timer = setInterval(tick, 250);
    },
  };
}

/** Formats seconds as minutes and seconds: `0:09`, `14:30`. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
