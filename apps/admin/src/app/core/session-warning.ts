import { computed, effect, inject, Injectable, signal } from '@angular/core';
import { timer } from 'rxjs';
import { Session } from './session';

/** How long before its end a session warns, at most; a short one warns in the last fifth of its life. */
const WARNING_MILLISECONDS = 300_000;
const PART_OF_LIFE = 5;

/** How often the clock is looked at. */
const LOOK_MILLISECONDS = 15_000;

/** Tells that the session will end soon for good. That it is used does not prolong it then: see the keeper for that. */
@Injectable({ providedIn: 'root' })
export class SessionWarning {
  private readonly session = inject(Session);
  private readonly now = signal(Date.now());

  /** When the session ends, RFC 3339, if that is soon; else `null`. */
  readonly end = computed(() => {
    const { expirationTime, creationTime } = this.session.token() ?? {};
    if (expirationTime === undefined || creationTime === undefined) {
      return null;
    }
    const end = Date.parse(expirationTime);
    const notice = Math.min(WARNING_MILLISECONDS, (end - Date.parse(creationTime)) / PART_OF_LIFE);
    return end - this.now() <= notice ? expirationTime : null;
  });

  constructor() {
    effect((onCleanup) => {
      const { expirationTime, creationTime } = this.session.token() ?? {};
      if (expirationTime === undefined || creationTime === undefined) {
        return;
      }
      const life = Date.parse(expirationTime) - Date.parse(creationTime);
      const looking = timer(0, Math.min(LOOK_MILLISECONDS, life / (2 * PART_OF_LIFE))).subscribe(() =>
        this.now.set(Date.now()),
      );
      onCleanup(() => looking.unsubscribe());
    });
  }
}
