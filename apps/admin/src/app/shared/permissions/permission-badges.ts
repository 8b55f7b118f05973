import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { injectTexts } from '../../core/language';
import { Badge } from '../ui/labels';

/** Maximum number of badges in a row. The rest are only counted. */
const BADGES_MAX = 3;

/** Badges of the first permissions. A tooltip names the others. */
@Component({
  selector: 'app-permission-badges',
  imports: [Badge, MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'row' },
  template: `
    @for (name of names().slice(0, max); track name) {
      <app-badge>{{ name }}</app-badge>
    } @empty {
      <span class="quiet">{{ t().common.noPermissions }}</span>
    }
    @let others = names().slice(max);
    @if (others.length > 0) {
      <app-badge [matTooltip]="others.join(', ')">
        <span aria-hidden="true">+{{ others.length }}</span>
        <span class="visually-hidden">{{ others.join(', ') }}</span>
      </app-badge>
    }
  `,
  styles: ':host(.row) { gap: var(--space-1); }',
})
export class PermissionBadges {
  readonly names = input.required<readonly string[]>();

  protected readonly t = injectTexts();
  protected readonly max = BADGES_MAX;
}
