import { computed, ElementRef, inject, signal, type Signal } from '@angular/core';
import type { FormGroup } from '@angular/forms';
import { type Problem, problemOf } from '../../core/problem';
import { focusFirstInvalid } from '../focus';
import { countdown } from '../time/countdown';

/** The sending of a form to the server, and what came of it. */
export interface Submission {
  readonly isSending: Signal<boolean>;
  /** Why the server refused the last try. */
  readonly problem: Signal<Problem | null>;
  /** Seconds until the server takes another try; 0 when it does. */
  readonly secondsLeft: Signal<number>;
  /** Whether the last try was to be repeated later, and that is now. */
  readonly isWaitOver: Signal<boolean>;
  /** Sends a form that is right, once at a time and not while a throttle lasts; what is wrong with it is shown instead. */
  submit(send: () => Promise<void>, refuse: (problem: Problem) => void): Promise<void>;
}

/** Makes the submission of the form of a component. */
export function submission(form: FormGroup): Submission {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const isSending = signal(false);
  const problem = signal<Problem | null>(null);
  const wait = countdown();
  const isWaitOver = computed(() => (problem()?.retryAfterSeconds ?? 0) > 0 && wait.secondsLeft() === 0);

  const submit: Submission['submit'] = async (send, refuse) => {
    if (isSending() || wait.secondsLeft() > 0) {
      return;
    }
    if (form.invalid) {
      form.markAllAsTouched();
      focusFirstInvalid(host);
      return;
    }
    isSending.set(true);
    problem.set(null);
    try {
      await send();
    } catch (error) {
      const refusal = problemOf(error);
      problem.set(refusal);
      if (refusal.retryAfterSeconds !== null) {
        wait.start(refusal.retryAfterSeconds);
      }
      refuse(refusal);
    } finally {
      isSending.set(false);
    }
  };
  return { isSending, problem, secondsLeft: wait.secondsLeft, isWaitOver, submit };
}
