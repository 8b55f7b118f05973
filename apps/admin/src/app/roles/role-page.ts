import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import type { RoleDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { guardUnsaved } from '../shared/leave-guard';
import { loaded } from '../shared/loaded';
import { injectResourceActions } from '../shared/resources';
import { Holders } from '../shared/permissions/holders';
import { Icon } from '../shared/ui/icon';
import { Badge } from '../shared/ui/labels';
import { BackLink } from '../shared/ui/page';
import { RawJson } from '../shared/ui/raw-json';
import { LoadState } from '../shared/ui/states';
import { readOnlyReason } from './role-changes';
import { RoleEditor } from './role-editor';
import { injectRoles } from './roles-api';

/** Page of a role. */
@Component({
  selector: 'app-role-page',
  imports: [BackLink, Badge, Holders, Icon, LoadState, MatButton, MatMenuModule, RoleEditor, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-page.html',
  styles: `
    .page-head .row {
      min-height: 24px;
    }
    .notice {
      margin-bottom: var(--space-5);
    }
    .notice a {
      color: inherit;
      font-weight: 600;
    }
  `,
})
export class RolePage {
  protected readonly api = injectRoles();
  protected readonly actions = injectResourceActions(this.api);
  private readonly dialog = inject(MatDialog);
  private readonly session = inject(Session);
  private readonly editor = viewChild(RoleEditor);

  readonly name = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly role = loaded(this.name, (name) => this.api.get(name));
  protected readonly usage = loaded(
    () => (this.session.can('users:read') || this.session.can('tokens:read') ? this.name() : null),
    (name) => this.api.usage(name),
  );
  /** Whether the user attempted to delete a role that is still assigned. */
  protected readonly isInUse = signal(false);
  protected readonly canCreate = computed(() => this.session.can('roles:write'));
  protected readonly canSeeUsers = computed(() => this.session.can('users:read'));
  protected readonly canDelete = computed(() => {
    const role = this.role.value();
    return role !== undefined && readOnlyReason(role, this.session.user(), this.t()) === null;
  });

  constructor() {
    guardUnsaved(() => !this.actions.isDone() && (this.editor()?.isChanged() ?? false));
  }

  protected showRaw(role: RoleDto): void {
    RawJson.open(this.dialog, this.api.pathOf(role.name), role);
  }

  /** Deletes a role. If it is still assigned, shows the number of its users. */
  protected delete(role: RoleDto): Promise<boolean> {
    return this.actions.delete(role, async (error) => {
      const current = await firstValueFrom(this.api.get(role.name));
      this.role.set(current);
      this.isInUse.set(true);
      if (current.userCount === 0) {
        throw error;
      }
    });
  }
}
