import { inject, DestroyRef, DOCUMENT } from '@angular/core';
import type { CanDeactivateFn } from '@angular/router';
import { Session } from '../core/session';

/** A page that may hold what would be lost if it was left. */
export interface CanLeave {
  /** Whether it may be left; it may ask first. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Asks a page before it is left. Whoever is signed out is kept on no page. */
export const leaveGuard: CanDeactivateFn<CanLeave> = (page) =>
  !inject(Session).isSignedIn() || page.mayLeave();

/** Has the browser ask before the tab is closed or reloaded, as long as something would be lost. */
export function warnBeforeUnload(wouldLose: () => boolean): void {
  const window = inject(DOCUMENT).defaultView;
  const ask = (event: BeforeUnloadEvent): void => {
    if (wouldLose()) {
      event.preventDefault();
    }
  };
  window?.addEventListener('beforeunload', ask);
  inject(DestroyRef).onDestroy(() => window?.removeEventListener('beforeunload', ask));
}
