import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { injectTexts } from '../../core/language';
import { clock } from '../time/countdown';
import type { Submission } from './submission';

/** The button that sends a form. It says that the form is on its way, or how long a throttle still lasts. */
@Component({
  selector: 'app-submit-button',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      matButton="filled"
      type="submit"
      disabledInteractive
      [class.waiting]="submission().secondsLeft() > 0"
      [disabled]="isBusy()"
    >
      @if (submission().secondsLeft() > 0) {
        {{ t().common.tryAgainIn(clock(submission().secondsLeft())) }}
      } @else {
        {{ submission().isSending() ? sending() : label() }}
      }
    </button>
  `,
  styles: `
    :host {
      display: grid;
    }
    /* Whoever waits reads it. */
    .waiting {
      --mat-button-filled-disabled-label-text-color: var(--mat-sys-on-surface-variant);

      font-variant-numeric: tabular-nums;
    }
  `,
})
export class SubmitButton {
  readonly submission = input.required<Submission>();
  readonly label = input.required<string>();
  /** What it says while the form is on its way. */
  readonly sending = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly clock = clock;
  protected readonly isBusy = computed(
    () => this.submission().isSending() || this.submission().secondsLeft() > 0,
  );
}
