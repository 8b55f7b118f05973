import { inject, Injectable, type WritableSignal } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { Router } from '@angular/router';
import { EffectiveNotice, withEffect } from './effective-notice';
import { Language } from './language';
import { type Problem, problemOf, problemText } from './problem';

/** Short messages at the bottom of the page. */
@Injectable({ providedIn: 'root' })
export class Notifier {
  private readonly snackBar = inject(MatSnackBar);
  private readonly router = inject(Router);
  private readonly language = inject(Language);
  private readonly texts = this.language.texts;

  /** Confirms a change. The message closes by itself. */
  success(text: string): void {
    this.snackBar.open(text, this.texts().common.close, { duration: 6000 });
  }

  /** Confirms a revocation, with the time by which it is in effect everywhere. */
  revoked(done: string, effectiveBy: string | undefined): void {
    if (effectiveBy === undefined) {
      this.success(done);
    } else {
      this.snackBar.openFromComponent(EffectiveNotice, { data: { done, effectiveBy }, duration: 6000 });
    }
  }

  /**
   * Confirms a change, with the time by which it is in effect if it revokes something. Offers to undo it
   * meanwhile.
   */
  undoable(done: string, undo: () => void, effectiveBy?: string): void {
    const text = withEffect(done, effectiveBy, this.language);
    this.snackBar.open(text, this.texts().common.undo, { duration: 10_000 }).onAction().subscribe(undo);
  }

  /**
   * Reports a failure. The message stays until the user closes it, except that about a rejection, which
   * offers its explanation.
   */
  failure(problem: Problem): void {
    const { traceId, rejectionId } = problem;
    const sentence = problemText(problem, this.texts());
    const text = traceId === null ? sentence : `${sentence} (${traceId})`;
    if (rejectionId === null) {
      this.snackBar.open(text, this.texts().common.close, { politeness: 'assertive' });
      return;
    }
    this.snackBar
      .open(text, this.texts().problems.why, { politeness: 'assertive', duration: 30_000 })
      .onAction()
      .subscribe(() => void this.router.navigate(['/explanations', rejectionId]));
  }
}

/**
 * Makes a change and reports its failure.
 *
 * @param isBusy is `true` meanwhile.
 * @returns whether the change succeeded.
 */
export async function attempt(
  notifier: Pick<Notifier, 'failure'>,
  change: () => Promise<unknown>,
  isBusy?: WritableSignal<boolean>,
): Promise<boolean> {
  isBusy?.set(true);
  try {
    await change();
    return true;
  } catch (error) {
    notifier.failure(problemOf(error));
    return false;
  } finally {
    isBusy?.set(false);
  }
}
