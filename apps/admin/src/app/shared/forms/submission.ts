import { computed, ElementRef, inject, signal, type Signal } from '@angular/core';
import type { FormGroup } from '@angular/forms';
import { injectTexts } from '../../core/language';
import { type Problem, problemOf } from '../../core/problem';
import { focusFirstInvalid } from '../focus';
import { countdown } from '../time/countdown';
import { showServerErrors } from './server-errors';

/** Sends a form to the server and holds the outcome. */
export interface Submission {
  readonly isSending: Signal<boolean>;
  /** Problem of the last attempt. */
  readonly problem: Signal<Problem | null>;
  /** Message of the last attempt that belongs to the whole form and not to one field. */
  readonly error: Signal<string | null>;
  /** Seconds until the server accepts another attempt; 0 if it does now. */
  readonly secondsLeft: Signal<number>;
  /** Whether the wait that the server asked for is over. */
  readonly isWaitOver: Signal<boolean>;
  /**
   * Sends the form if it is valid, nothing is being sent and no wait is left. Shows the errors of an invalid form.
   *
   * @param handle handles a problem and returns the message for the whole form. By default errors of fields are shown beside them.
   */
  submit(send: () => Promise<void>, handle?: (problem: Problem) => string | null | void): Promise<void>;
  /** Removes the message of the last attempt. */
  clear(): void;
}

/** Creates the submission of a component's form. */
export function submission(form: FormGroup): Submission {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const texts = injectTexts();
  const isSending = signal(false);
  const problem = signal<Problem | null>(null);
  const error = signal<string | null>(null);
  const wait = countdown();
  const isWaitOver = computed(() => (problem()?.retryAfterSeconds ?? 0) > 0 && wait.secondsLeft() === 0);

  const clear = (): void => {
    problem.set(null);
    error.set(null);
  };
  const submit: Submission['submit'] = async (
    send,
    handle = (failure) => showServerErrors(form, failure, texts()),
  ) => {
    if (isSending() || wait.secondsLeft() > 0) {
      return;
    }
    if (form.invalid) {
      form.markAllAsTouched();
      focusFirstInvalid(host);
      return;
    }
    isSending.set(true);
    clear();
    try {
      await send();
    } catch (cause) {
      const failure = problemOf(cause);
      problem.set(failure);
      if (failure.retryAfterSeconds !== null) {
        wait.start(failure.retryAfterSeconds);
      }
      error.set(handle(failure) ?? null);
      focusFirstInvalid(host);
    } finally {
      isSending.set(false);
    }
  };
  return { isSending, problem, error, secondsLeft: wait.secondsLeft, isWaitOver, submit, clear };
}
