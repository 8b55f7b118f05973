import { DOCUMENT, effect, inject, Injectable } from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { filter, fromEvent, merge, timer } from 'rxjs';
import { Session } from './session';
import { SessionApi } from './session-api';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How often a session is bumped: hourly, or twice in an idle time that is shorter. */
export function bumpInterval(
  { idleExpirationTime }: Pick<UserTokenDto, 'idleExpirationTime'>,
  now: number,
): number {
  const idle = idleExpirationTime === undefined ? Infinity : Date.parse(idleExpirationTime) - now;
  return Math.max(MINUTE, Math.min(HOUR, idle / 2));
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
    let lastBump = -Infinity;
    return merge(timer(0, interval), fromEvent(this.document, 'visibilitychange'))
      .pipe(
        filter(() => this.document.visibilityState === 'visible'),
        filter(() => Date.now() - lastBump >= interval),
      )
      .subscribe(() => {
        lastBump = Date.now();
        // A bump that fails is no news: the next one, or the next click, tells.
        this.api.bump().subscribe({ error: () => undefined });
      });
  }
}
