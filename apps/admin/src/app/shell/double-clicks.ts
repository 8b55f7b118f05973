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
      const isOpen = dialog.openDialogs.some(
        (other) => other !== opened && classOf(other) === classOf(opened),
      );
      if (isOpen && isDoubleClick()) {
        // Later, because the caller still waits for the reference.
        setTimeout(() => opened.close());
      } else {
        openedAt = performance.now();
      }
    });
    const keepOpen = (event: Event) => {
      if (isDoubleClick() && (event.target as Element).matches('.cdk-overlay-backdrop')) {
        event.stopPropagation();
      }
    };
    document.addEventListener('click', keepOpen, true);
    inject(DestroyRef).onDestroy(() => document.removeEventListener('click', keepOpen, true));
  }
}

function classOf({ componentInstance }: MatDialogRef<unknown>): unknown {
  return componentInstance?.constructor;
}
