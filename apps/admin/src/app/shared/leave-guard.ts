import { inject, DestroyRef, DOCUMENT } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { CanDeactivateFn } from '@angular/router';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { confirmed } from './dialogs/confirm';

/** A page that may have unsaved data. */
export interface CanLeave {
  /** Whether the user may leave. May ask for confirmation. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Route guard that asks the page before it is left, unless the user is signed out. */
export const leaveGuard: CanDeactivateFn<CanLeave> = (page) =>
  !inject(Session).isSignedIn() || page.mayLeave();

/**
 * Guards a page whose data would be lost: the browser asks before the tab is closed or reloaded, the console
 * before another page is opened.
 *
 * @returns the `mayLeave` of the page.
 */
export function guardUnsaved(wouldLose: () => boolean): CanLeave['mayLeave'] {
  const dialog = inject(MatDialog);
  const texts = injectTexts();
  warnBeforeUnload(wouldLose);
  return () => {
    const { heading, text, action } = texts().common.leaveUnsaved;
    return !wouldLose() || confirmed(dialog, { heading, consequences: [text], action });
  };
}

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
