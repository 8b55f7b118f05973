import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { injectTexts } from '../core/language';
import { type Problem, problemKind, problemText } from '../core/problem';
import { Face } from './face';
import { RetryButton } from './retry-button';

/** What a list shows when it could not be loaded: forbidden, out of reach or gone wrong. It waits as long as the server asks. */
@Component({
  selector: 'app-problem-face',
  imports: [Face, RetryButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @switch (kind()) {
      @case ('forbidden') {
        <app-face icon="lock" [heading]="t().problems.headings.forbidden">
          <p role="alert">{{ text() }}</p>
        </app-face>
      }
      @default {
        <app-face
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
        </app-face>
      }
    }
  `,
  styles: `
    .trace {
      font: var(--mat-sys-body-small);
    }
  `,
})
export class ProblemFace {
  readonly problem = input.required<Problem>();
  readonly retry = output();

  protected readonly t = injectTexts();
  protected readonly text = computed(() => problemText(this.problem(), this.t()));
  protected readonly kind = computed(() => problemKind(this.problem()));
}
