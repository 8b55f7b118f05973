import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { injectTexts } from '../../core/language';
import { type Problem, problemKind, problemText } from '../../core/problem';
import { EmptyState } from './empty-state';
import { RetryButton } from './retry-button';

/** What a list shows when it could not be loaded: forbidden, out of reach or gone wrong. It waits as long as the server asks. */
@Component({
  selector: 'app-error-state',
  imports: [EmptyState, RetryButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @switch (kind()) {
      @case ('forbidden') {
        <app-empty-state icon="lock" [heading]="t().problems.headings.forbidden">
          <p role="alert">{{ text() }}</p>
        </app-empty-state>
      }
      @default {
        <app-empty-state
          [icon]="kind() === 'offline' ? 'offline' : 'alert'"
          [heading]="t().problems.headings[kind()]"
        >
          <p role="alert">{{ text() }}</p>
          @if (problem().traceId; as traceId) {
            <p class="trace">
              {{ t().common.trace }} <code>{{ traceId }}</code>
            </p>
          }
          <app-retry-button [problem]="problem()" (retry)="retry.emit()" />
        </app-empty-state>
      }
    }
  `,
  styles: `
    .trace {
      font: var(--mat-sys-body-small);
    }
  `,
})
export class ErrorState {
  readonly problem = input.required<Problem>();
  readonly retry = output();

  protected readonly t = injectTexts();
  protected readonly text = computed(() => problemText(this.problem(), this.t()));
  protected readonly kind = computed(() => problemKind(this.problem()));
}
