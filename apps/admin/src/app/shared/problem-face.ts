import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Problem } from '../core/problem';
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
        <app-face icon="lock" heading="You may not see this">
          <p role="alert">{{ problem().detail }}</p>
        </app-face>
      }
      @default {
        <app-face
          [icon]="kind() === 'offline' ? 'offline' : 'alert'"
          [heading]="kind() === 'offline' ? 'No connection' : 'This could not be loaded'"
        >
          <p role="alert">{{ problem().detail }}</p>
          @if (problem().traceId; as traceId) {
            <p class="trace">
              Trace <code>{{ traceId }}</code>
            </p>
          }
          <button matButton="tonal" type="button" (click)="retry.emit()">
            <app-icon matButtonIcon name="refresh" />Try again
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

  protected readonly kind = computed(() => {
    const { status } = this.problem();
    return status === 403 ? 'forbidden' : status === 0 ? 'offline' : 'error';
  });
}
