import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { injectTexts } from '../../core/language';
import { type Problem, problemText } from '../../core/problem';
import { RejectionLink } from '../rejections/rejection-link';
import { clock } from '../time/countdown';
import { Icon } from '../ui/icon';
import type { Submission } from './submission';

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

/** Message about a failed request. */
@Component({
  selector: 'app-form-error',
  imports: [Icon, RejectionLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'alert', class: 'notice', '[class]': 'isOver() ? "plain" : "bad"' },
  template: `
    <app-icon [name]="isOver() ? 'done' : 'alert'" />
    <p>
      <!-- The hidden text keeps its place, so that nothing moves under the pointer. -->
      <span class="text">{{ message() }}</span>
      @if (isOver()) {
        <span>{{ t().common.tryAgainNow }}</span>
      }
      @if (problem().rejectionId && !isOver()) {
        <app-rejection-link [problem]="problem()" />
      }
      @if (problem().traceId; as traceId) {
        <small>{{ t().common.trace }} {{ traceId }}</small>
      }
    </p>
  `,
  styles: `
    p {
      display: grid;
    }
    span {
      grid-area: 1 / 1;
    }
    :host(.plain) .text {
      visibility: hidden;
    }
    small {
      grid-row: 2;
      margin-top: 4px;
      font: 12px/1.4 var(--app-mono);
    }
  `,
})
export class FormError {
  readonly problem = input.required<Problem>();
  /** Message; by default that of the problem. */
  readonly text = input<string | null>(null);
  /** Whether the wait that the error announced is over. */
  readonly isOver = input(false);

  protected readonly t = injectTexts();
  protected readonly message = computed(() => this.text() ?? problemText(this.problem(), this.t()));
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
