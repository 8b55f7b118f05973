import { DOCUMENT, effect, inject, Injectable } from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { EMPTY, fromEvent, startWith, switchMap, timer } from 'rxjs';
import { Session } from './session';
import { SessionApi } from './session-api';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** How often a session is bumped: hourly, or twice in an idle time that is shorter, with five seconds between bumps at least. */
export function bumpInterval(
  { idleExpirationTime }: Pick<UserTokenDto, 'idleExpirationTime'>,
  now: number,
): number {
  const idle = idleExpirationTime === undefined ? Infinity : Date.parse(idleExpirationTime) - now;
  return Math.max(5 * SECOND, Math.min(HOUR, idle / 2));
}

/** Keeps the session alive while somebody looks at the console, and lets it end while nobody does. */
@Injectable({ providedIn: 'root' })
export class SessionKeeper {
  private readonly api = inject(SessionApi);
  private readonly session = inject(Session);
  private readonly document = inject(DOCUMENT);

  constructor() {
    effect((onCleanup) => {
      const token = this.session.token();
      if (token !== null) {
        const keeping = this.keep(bumpInterval(token, Date.now()));
        onCleanup(() => keeping.unsubscribe());
      }
    });
  }

  private keep(interval: number): { unsubscribe(): void } {
    let dueTime = 0;
    return fromEvent(this.document, 'visibilitychange')
      .pipe(
        startWith(null),
        // Each look begins a timer of its own, or two bumps could lie nearly two intervals apart: the whole idle time.
        switchMap(() =>
          this.document.visibilityState === 'visible'
            ? timer(Math.max(0, dueTime - Date.now()), interval)
            : EMPTY,
        ),
      )
      .subscribe(() => {
        dueTime = Date.now() + interval;
        // A bump that fails is no news: the next one, or the next click, tells.
        this.api.bump().subscribe({ error: () => undefined });
      });
  }
}
