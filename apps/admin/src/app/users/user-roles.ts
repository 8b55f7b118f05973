import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { injectTexts } from '../core/language';
import { Badge } from '../shared/ui/badge';

/** The roles a user holds; the one that may do everything stands out. */
@Component({
  selector: 'app-user-roles',
  imports: [Badge],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (role of roles(); track role) {
      <app-badge [tone]="role === 'admin' ? 'brass' : 'quiet'">{{ role }}</app-badge>
    } @empty {
      <span class="none">{{ t().common.none }}</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
    }
    .none {
      color: var(--mat-sys-on-surface-variant);
    }
  `,
})
export class UserRoles {
  readonly roles = input.required<readonly string[]>();

  protected readonly t = injectTexts();
}
