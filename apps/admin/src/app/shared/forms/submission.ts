import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  input,
  signal,
  type Signal,
} from '@angular/core';
import type { FormGroup } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { injectTexts } from '../../core/language';
import { type Problem, problemOf } from '../../core/problem';
import { focusFirstInvalid } from '../focus';
import { clock, countdown } from '../time/countdown';
import { FormError } from './form-error';
import { showServerErrors } from './server-errors';

/** Sends a form to the server and holds the outcome. */
export interface Submission {
  readonly isSending: Signal<boolean>;
  readonly problem: Signal<Problem | null>;
  /** Message of the last attempt that belongs to the whole form and not to one field. */
  readonly error: Signal<string | null>;
  /** Seconds until the server accepts another attempt; 0 if it does now. */
  readonly secondsLeft: Signal<number>;
  /** Whether the wait that the server asked for is over. */
  readonly isWaitOver: Signal<boolean>;
  /**
   * Sends the form if it is valid, nothing is being sent and no wait is left. Shows the errors of an invalid
   * form.
   *
   * @param handle handles a problem and returns the message for the whole form. By default errors of fields
   *   are shown beside them.
   */
  submit(
    send: () => Promise<void>,
    handle?: (problem: Problem, cause: unknown) => string | null | void,
  ): Promise<void>;
  clear(): void;
}

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
      error.set(handle(failure, cause) ?? null);
      focusFirstInvalid(host);
    } finally {
      isSending.set(false);
    }
  };
  return { isSending, problem, error, secondsLeft: wait.secondsLeft, isWaitOver, submit, clear };
}

/** Button that submits a form. Its caption shows the progress, or the seconds until the next attempt. */
@Component({
  selector: 'app-submit-button',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      matButton="filled"
      type="submit"
      disabledInteractive
      [class.counting]="submission().secondsLeft() > 0"
      [disabled]="isBusy()"
    >
      @if (submission().secondsLeft() > 0) {
        {{ t().common.tryAgainIn(clock(submission().secondsLeft())) }}
      } @else {
        {{ submission().isSending() ? sending() || t().common.saving : label() }}
      }
    </button>
  `,
  styles: `
    :host {
      display: grid;
    }
  `,
})
export class SubmitButton {
  readonly submission = input.required<Submission>();
  readonly label = input.required<string>();
  /** Caption while the form is being sent; by default that of saving. */
  readonly sending = input('');

  protected readonly t = injectTexts();
  protected readonly clock = clock;
  protected readonly isBusy = computed(
    () => this.submission().isSending() || this.submission().secondsLeft() > 0,
  );
}

/** Error message of the last attempt to submit a form, if it failed. */
@Component({
  selector: 'app-submission-error',
  imports: [FormError],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let text = submission().error();
    @if (submission().problem(); as problem) {
      @if (text !== null) {
        <app-form-error [problem]="problem" [text]="text" [isOver]="submission().isWaitOver()" />
      }
    }
  `,
  styles: `
    :host:empty {
      display: none;
    }
  `,
})
export class SubmissionError {
  readonly submission = input.required<Submission>();
}
