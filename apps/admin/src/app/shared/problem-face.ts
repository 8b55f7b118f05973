import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { injectTexts } from '../core/language';
import { type Problem, problemText } from '../core/problem';
import { Face } from './face';
import { Icon } from './icon';

/** What a list shows when it could not be loaded: forbidden, out of reach or gone wrong. */
@Component({
  selector: 'app-problem-face',
  imports: [Face, Icon, MatButton],
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
          <button matButton="tonal" type="button" (click)="retry.emit()">
            <app-icon matButtonIcon name="refresh" />{{ t().common.retry }}
          </button>
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
  protected readonly kind = computed(() => {
    const { status, isUnexpected } = this.problem();
    if (status === 403) {
      return 'forbidden';
    }
    if (status === 404) {
      return 'notFound';
    }
    return status === 0 && !isUnexpected ? 'offline' : 'error';
  });
}
