import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { injectTexts } from '../../core/language';
import { Icon } from '../ui/icon';

/** Why the server refused a form, where no field says it. */
@Component({
  selector: 'app-form-error',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'alert', '[class.over]': 'isOver()' },
  template: `
    <app-icon [name]="isOver() ? 'done' : 'alert'" />
    <p>
      <!-- It keeps its place, so that nothing moves under the pointer. -->
      <span class="text">{{ text() }}</span>
      @if (isOver()) {
        <span>{{ t().common.tryAgainNow }}</span>
      }
      @if (traceId(); as traceId) {
        <small>{{ t().common.trace }} {{ traceId }}</small>
      }
    </p>
  `,
  styles: `
    :host {
      display: flex;
      gap: 12px;
      padding: 12px 14px;
      border-radius: 10px;
      background: var(--mat-sys-error-container);
      color: var(--mat-sys-on-error-container);
    }
    p {
      display: grid;
      margin: 0;
    }
    span {
      grid-area: 1 / 1;
    }
    :host(.over) {
      background: var(--mat-sys-surface-container-high);
      color: var(--mat-sys-on-surface);
    }
    :host(.over) .text {
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
  readonly text = input.required<string>();
  readonly traceId = input.required<string | null>();
  /** Whether it is past: it was to be tried later, and that is now. */
  readonly isOver = input(false);

  protected readonly t = injectTexts();
}
