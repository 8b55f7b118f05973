import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { injectTexts } from '../../core/language';
import { type Problem, problemText } from '../../core/problem';
import { RejectionLink } from '../rejections/rejection-link';
import { Icon } from '../ui/icon';

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
      margin-top: var(--space-1);
      font: 0.75rem/1.4 var(--app-mono);
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
