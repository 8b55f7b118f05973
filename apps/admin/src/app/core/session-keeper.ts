import { DOCUMENT, effect, inject, Injectable } from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { EMPTY, fromEvent, startWith, switchMap, timer } from 'rxjs';
import { Session } from './session';
import { SessionApi } from './session-api';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Returns the milliseconds between bumps: an hour, or half of a shorter idle time, but at least five seconds. */
export function bumpInterval(
  { idleExpirationTime }: Pick<UserTokenDto, 'idleExpirationTime'>,
  now: number,
): number {
  const idle = idleExpirationTime === undefined ? Infinity : Date.parse(idleExpirationTime) - now;
  return Math.max(5 * SECOND, Math.min(HOUR, idle / 2));
}

/** Keeps the session alive while the console is visible, and lets it expire while it is not. */
@Injectable({ providedIn: 'root' })
export class SessionKeeper {
  private readonly api = inject(SessionApi);
  private readonly session = inject(Session);
  private readonly document = inject(DOCUMENT);

  constructor() {
    effect((onCleanup) => {
      const token = this.session.token();
      if (token !== null) {
        const bumps = this.keepAlive(bumpInterval(token, Date.now()));
        onCleanup(() => bumps.unsubscribe());
      }
    });
  }

  private keepAlive(interval: number): { unsubscribe(): void } {
    let dueTime = 0;
    return fromEvent(this.document, 'visibilitychange')
      .pipe(
        startWith(null),
        // Restart the timer whenever the tab becomes visible. Otherwise two bumps could be nearly two intervals apart,
        // which is the whole idle time.
        switchMap(() =>
          this.document.visibilityState === 'visible'
            ? timer(Math.max(0, dueTime - Date.now()), interval)
            : EMPTY,
        ),
      )
      .subscribe(() => {
        dueTime = Date.now() + interval;
        // Ignore failures: the next request shows them to the user.
        this.api.bump().subscribe({ error: () => undefined });
      });
  }
}
