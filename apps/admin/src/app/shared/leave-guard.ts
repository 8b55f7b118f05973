import { DestroyRef, DOCUMENT, inject, InjectionToken } from '@angular/core';
import { MatDialog, MatDialogRef } from '@angular/material/dialog';
import { type CanDeactivateFn, Router } from '@angular/router';
import { filter, firstValueFrom, merge } from 'rxjs';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { confirmed } from './dialogs/confirm';

/** Whether the user may leave a page or dialog. May ask for confirmation. */
type MayLeave = () => boolean | Promise<boolean>;

/** Checks of the page, followed by those of the dialogs above it. */
const CHECKS = new InjectionToken<Set<MayLeave>>('checks before leaving', {
  providedIn: 'root',
  factory: () => new Set(),
});

/**
 * Route guard that runs the checks of the dialogs and the page, and then closes the dialogs. It skips the
 * checks if the user is signed out.
 */
export const leaveGuard: CanDeactivateFn<unknown> = async (_page, _route, { url }, { url: next }) => {
  const dialog = inject(MatDialog);
  const isBack = inject(Router).currentNavigation()?.trigger === 'popstate';
  if (inject(Session).isSignedIn()) {
    for (const mayLeave of [...inject(CHECKS)].reverse()) {
      if (!(await mayLeave())) {
        return false;
      }
    }
  }
  // A list opens dialogs while it changes its own URL.
  if (isBack || pathOf(url) !== pathOf(next)) {
    dialog.closeAll();
    // The code that opened a dialog may still handle its result.
    await firstValueFrom(dialog.afterAllClosed);
  }
  return true;
};

/** Asks `mayLeave` before the page around the caller is left. */
export function guardLeave(mayLeave: MayLeave): void {
  const checks = inject(CHECKS);
  checks.add(mayLeave);
  inject(DestroyRef).onDestroy(() => checks.delete(mayLeave));
}

/**
 * Asks `mayClose` before the dialog around the caller is closed by Esc, a click outside or a navigation.
 *
 * @param close closes the dialog, by default without a result.
 * @returns a function that asks and then closes the dialog.
 */
export function guardClose(mayClose: MayLeave, close?: () => void): () => Promise<void> {
  const dialog = inject<MatDialogRef<unknown>>(MatDialogRef);
  const ask = async (): Promise<void> => {
    if (await mayClose()) {
      (close ?? (() => dialog.close()))();
    }
  };
  dialog.disableClose = true;
  guardLeave(mayClose);
  const escapes = dialog.keydownEvents().pipe(filter(({ key }) => key === 'Escape'));
  merge(dialog.backdropClick(), escapes).subscribe(() => void ask());
  return ask;
}

/**
 * Asks before the input in the page or dialog around the caller is lost, but not on Cancel in a dialog. The
 * browser also asks before its tab is closed or reloaded.
 *
 * @param wouldLose whether there is input; `null` keeps a dialog open.
 * @param close closes the dialog, by default without a result.
 * @returns a function that asks before the input is lost.
 */
export function guardUnsaved(wouldLose: () => boolean | null, close?: () => void): MayLeave {
  const dialog = inject(MatDialog);
  const isDialog = inject(MatDialogRef, { optional: true }) !== null;
  const texts = injectTexts();
  let answer: Promise<boolean> | undefined;
  const mayLeave = (): boolean | Promise<boolean> => {
    const loses = wouldLose();
    if (!loses) {
      return loses === false;
    }
    const { discard, leaveUnsaved } = texts().common;
    const { heading, text, action } = isDialog ? discard : leaveUnsaved;
    // A second Back shares the open question.
    answer ??= confirmed(dialog, { heading, consequences: [text], action }).finally(
      () => (answer = undefined),
    );
    return answer;
  };
  if (isDialog) {
    guardClose(mayLeave, close);
  } else {
    guardLeave(mayLeave);
  }
  warnBeforeUnload(() => wouldLose() === true);
  return mayLeave;
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

function pathOf(url: string): string {
  return url.replace(/[?#].*/, '');
}
