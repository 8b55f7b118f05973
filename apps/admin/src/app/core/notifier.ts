import { inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { Language } from './language';
import { type Problem, problemText } from './problem';

/** Short messages at the foot of the page. */
@Injectable({ providedIn: 'root' })
export class Notifier {
  private readonly snackBar = inject(MatSnackBar);
  private readonly texts = inject(Language).texts;

  /** Says that something worked, and goes away. */
  success(text: string): void {
    this.snackBar.open(text, this.texts().common.close, { duration: 6000 });
  }

  /** Says that something worked, and offers to take it back as long as the message is there. */
  undoable(text: string, undo: () => void): void {
    this.snackBar.open(text, this.texts().common.undo, { duration: 10_000 }).onAction().subscribe(undo);
  }

  /** Says what went wrong, and stays until it is read. */
  failure(problem: Problem): void {
    const { traceId } = problem;
    const sentence = problemText(problem, this.texts());
    const text = traceId === null ? sentence : `${sentence} (${traceId})`;
    this.snackBar.open(text, this.texts().common.close, { politeness: 'assertive' });
  }
}
