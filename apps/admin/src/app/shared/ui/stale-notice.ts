import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { injectTexts } from '../../core/language';
import { type Problem, problemKind, problemText } from '../../core/problem';
import { Icon } from './icon';
import { RetryButton } from './retry-button';

/** Says above what is shown that it could not be loaded again, and may have changed since. */
@Component({
  selector: 'app-stale-notice',
  imports: [Icon, RetryButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-icon [name]="kind() === 'offline' ? 'offline' : 'alert'" />
    <p role="alert">
      <strong>{{ t().problems.outOfDate }}</strong>
      {{ text() }}
      @if (problem().traceId; as traceId) {
        <small
          >{{ t().common.trace }} <code>{{ traceId }}</code></small
        >
      }
    </p>
    @if (kind() !== 'forbidden') {
      <app-retry-button [problem]="problem()" (retry)="retry.emit()" />
    }
  `,
  styleUrl: './stale-notice.scss',
})
export class StaleNotice {
  readonly problem = input.required<Problem>();
  readonly retry = output();

  protected readonly t = injectTexts();
  protected readonly text = computed(() => problemText(this.problem(), this.t()));
  protected readonly kind = computed(() => problemKind(this.problem()));
}
