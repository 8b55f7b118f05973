import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { RoleDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';

/** Number of users with a role, linked to their list if the user may see it. */
@Component({
  selector: 'app-role-holders',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (role().userCount === 0) {
      <span class="quiet">{{ t().roles.noHolders }}</span>
    } @else if (canSeeUsers()) {
      <a class="link" routerLink="/users" [queryParams]="{ role: role().name }">{{ text() }}</a>
    } @else {
      {{ text() }}
    }
  `,
  styles: `
    :host {
      white-space: nowrap;
    }
  `,
})
export class RoleHolders {
  private readonly session = inject(Session);

  readonly role = input.required<RoleDto>();

  protected readonly t = injectTexts();
  protected readonly canSeeUsers = computed(() => this.session.can('users:read'));
  protected readonly text = computed(() => this.t().roles.holders(this.role().userCount));
}
