import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { injectTexts } from '../core/language';
import { Icon } from './icon';

/** Why the server refused a form, where no field says it. */
@Component({
  selector: 'app-refusal',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'alert' },
  template: `
    <app-icon name="alert" />
    <p>
      {{ text() }}
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
      margin: 0;
    }
    small {
      display: block;
      margin-top: 4px;
      font: 12px/1.4 var(--app-mono);
    }
  `,
})
export class Refusal {
  readonly text = input.required<string>();
  readonly traceId = input.required<string | null>();

  protected readonly t = injectTexts();
}
