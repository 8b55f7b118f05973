import { inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { MESSAGES } from './messages';
import type { Problem } from './problem';

/** Short messages at the foot of the page. */
@Injectable({ providedIn: 'root' })
export class Notifier {
  private readonly snackBar = inject(MatSnackBar);

  /** Says that something worked, and goes away. */
  success(text: string): void {
    this.snackBar.open(text, MESSAGES.notices.dismiss, { duration: 6000 });
  }

  /** Says what went wrong, and stays until it is read. */
  failure({ detail, traceId }: Problem): void {
    const text = traceId === null ? detail : `${detail} (${traceId})`;
    this.snackBar.open(text, MESSAGES.notices.dismiss, { politeness: 'assertive' });
  }
}
