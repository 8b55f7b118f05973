import { inject, DestroyRef, DOCUMENT } from '@angular/core';
import type { CanDeactivateFn } from '@angular/router';
import { Session } from '../core/session';

/** A page that may have unsaved data. */
export interface CanLeave {
  /** Whether the user may leave. May ask for confirmation. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Route guard that asks the page before it is left, unless the user is signed out. */
export const leaveGuard: CanDeactivateFn<CanLeave> = (page) =>
  !inject(Session).isSignedIn() || page.mayLeave();

/** Makes the browser ask before the tab is closed or reloaded while data would be lost. */
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
