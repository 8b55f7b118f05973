import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import type { RoleDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Badge } from '../shared/ui/badge';

/** Permissions that are named; the others are counted. */
const NAMED = 3;

/** What a role gives, in the room of a cell. */
@Component({
  selector: 'app-role-permissions',
  imports: [Badge, MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (givesEverything()) {
      <app-badge tone="brass">{{ t().roles.allPermissions }}</app-badge>
    } @else {
      @for (permission of named(); track permission) {
        <app-badge>{{ permission }}</app-badge>
      } @empty {
        <span class="none">{{ t().roles.noPermissions }}</span>
      }
      @if (others().length > 0) {
        <app-badge [matTooltip]="others().join(', ')">
          <span aria-hidden="true">{{ t().roles.more(others().length) }}</span>
          <span class="visually-hidden">{{ others().join(', ') }}</span>
        </app-badge>
      }
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
export class RolePermissions {
  readonly role = input.required<RoleDto>();

  protected readonly t = injectTexts();
  protected readonly givesEverything = computed(() => this.role().isBuiltIn && this.role().name === 'admin');
  protected readonly named = computed(() => this.role().permissions.slice(0, NAMED));
  protected readonly others = computed(() => this.role().permissions.slice(NAMED));
}
