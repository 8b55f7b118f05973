import type { HttpResponse } from '@angular/common/http';
import type { NgZone } from '@angular/core';
import type { BumpResponseDto } from '@latchkey/auth-models';
import type { Observable, Subscription } from 'rxjs';

/** Shortest and longest pause between bumps, and the pause after a failed one. */
const SHORTEST_PAUSE = 5_000;
const LONGEST_PAUSE = 3_600_000;
const PAUSE_AFTER_FAILURE = 60_000;

/**
 * While the page is visible, bumps a session now and before it expires. Returns a function that stops the
 * bumps.
 */
export function keepAlive(
  document: Document,
  zone: NgZone,
  bump: () => Observable<HttpResponse<BumpResponseDto>>,
): () => void {
  let dueTime = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let request: Subscription | undefined;
  const schedule = (): void => {
    clearTimeout(timer);
    if (document.visibilityState === 'visible') {
      // In the zone, the timer would keep the application unstable.
      timer = zone.runOutsideAngular(() => setTimeout(() => zone.run(send), dueTime - Date.now()));
    }
  };
  const pause = (milliseconds: number): void => {
    dueTime = Date.now() + milliseconds;
    schedule();
  };
  const send = (): void => {
    dueTime = Date.now() + LONGEST_PAUSE;
    // Ignore failures: the next request shows them to the user.
    request = bump().subscribe({
      next: (response) => pause(pauseAfter(response)),
      error: () => pause(PAUSE_AFTER_FAILURE),
    });
  };
  document.addEventListener('visibilitychange', schedule);
  schedule();
  return () => {
    document.removeEventListener('visibilitychange', schedule);
    clearTimeout(timer);
    request?.unsubscribe();
  };
}

/** Returns half of the remaining time of the session on the server's clock, within the limits. */
function pauseAfter({ body, headers }: HttpResponse<BumpResponseDto>): number {
  const expiry = Date.parse(headers.get('X-Auth-Token-Expires') ?? '');
  const remaining = expiry - Date.parse(body?.lastLoginTime ?? '');
  return Math.max(SHORTEST_PAUSE, Math.min(LONGEST_PAUSE, remaining / 2 || LONGEST_PAUSE));
}
