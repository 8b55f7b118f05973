import { DestroyRef, DOCUMENT, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatDialog, type MatDialogRef } from '@angular/material/dialog';

/** Milliseconds in which a click can be the second one of a double click. */
const DOUBLE_CLICK = 500;

/**
 * Makes a double click on a button that opens a dialog act like one click. Its second click would open the
 * dialog again, or close it, because it hits the backdrop.
 */
export class DoubleClicks {
  constructor() {
    const dialog = inject(MatDialog);
    const document = inject(DOCUMENT);
    let openedAt = -Infinity;
    const isDoubleClick = () => performance.now() - openedAt < DOUBLE_CLICK;

    dialog.afterOpened.pipe(takeUntilDestroyed()).subscribe((opened) => {
      const first = dialog.openDialogs.find(
        (other) => other !== opened && classOf(other) === classOf(opened),
      );
      if (first && isDoubleClick()) {
        // It could return the focus to the button behind the first dialog.
        opened.afterClosed().subscribe(() => focusIn(document.getElementById(first.id)));
        // Later, because the caller still waits for the reference.
        setTimeout(() => opened.close());
      } else {
        openedAt = performance.now();
      }
    });
    /** Ignores the second click on the backdrop, which would close the dialog or take the focus from it. */
    const ignore = (event: Event) => {
      if (isDoubleClick() && (event.target as Element).matches('.cdk-overlay-backdrop')) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    const events = ['mousedown', 'click'];
    events.forEach((name) => document.addEventListener(name, ignore, true));
    inject(DestroyRef).onDestroy(() =>
      events.forEach((name) => document.removeEventListener(name, ignore, true)),
    );
  }
}

function classOf({ componentInstance }: MatDialogRef<unknown>): unknown {
  return componentInstance?.constructor;
}

function focusIn(dialog: HTMLElement | null): void {
  if (dialog && !dialog.contains(document.activeElement)) {
    dialog.focus();
  }
}
