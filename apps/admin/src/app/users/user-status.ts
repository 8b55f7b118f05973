import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { injectTexts } from '../core/language';

/** Whether a user may sign in, told by word, colour and shape. */
@Component({
  selector: 'app-user-status',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.enabled]': 'isEnabled()' },
  template: `{{ isEnabled() ? t().users.states.true : t().users.states.false }}`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      white-space: nowrap;
      color: var(--mat-sys-on-surface-variant);
    }
    :host::before {
      content: '';
      box-sizing: border-box;
      width: 8px;
      height: 8px;
      border: 2px solid var(--mat-sys-outline);
      border-radius: 50%;
    }
    :host(.enabled) {
      color: inherit;
    }
    :host(.enabled)::before {
      border-color: var(--app-good);
      background: var(--app-good);
    }
  `,
})
export class UserStatus {
  readonly isEnabled = input.required<boolean>();

  protected readonly t = injectTexts();
}
