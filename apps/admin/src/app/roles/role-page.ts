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
import { Router, RouterLink } from '@angular/router';
import type { RoleDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { attempt, Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { Session } from '../core/session';
import { type CanLeave, guardUnsaved } from '../shared/leave-guard';
import { loaded } from '../shared/loaded';
import { Icon } from '../shared/ui/icon';
import { Badge } from '../shared/ui/labels';
import { BackLink } from '../shared/ui/page';
import { RawJson } from '../shared/ui/raw-json';
import { LoadState } from '../shared/ui/states';
import { readOnlyReason } from './role-changes';
import { RoleEditor } from './role-editor';
import { RoleHolders } from './role-holders';
import { injectRoles } from './roles-api';

/** Page of a role. */
@Component({
  selector: 'app-role-page',
  imports: [BackLink, Badge, Icon, LoadState, MatButton, RawJson, RoleEditor, RoleHolders, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-page.html',
  styles: `
    .page-head .row {
      min-height: 24px;
    }
    .notice {
      margin-bottom: 20px;
    }
    .notice a {
      color: inherit;
      font-weight: 600;
    }
    app-raw-json {
      margin-top: 28px;
    }
    @media (max-width: 599px) {
      .page-head {
        flex-direction: column;
      }
    }
  `,
})
export class RolePage implements CanLeave {
  protected readonly api = injectRoles();
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly editor = viewChild(RoleEditor);
  private isDeleted = false;

  readonly name = input.required<string>();
  readonly mayLeave = guardUnsaved(() => !this.isDeleted && (this.editor()?.isChanged() ?? false));

  protected readonly t = injectTexts();
  protected readonly role = loaded(this.name, (name) => this.api.get(name));
  /** Whether the user attempted to delete a role that is still assigned. */
  protected readonly isInUse = signal(false);
  protected readonly isDeleting = signal(false);
  protected readonly canCreate = computed(() => this.session.can('roles:write'));
  protected readonly canSeeUsers = computed(() => this.session.can('users:read'));
  protected readonly canDelete = computed(() => {
    const role = this.role.value();
    return role !== undefined && readOnlyReason(role, this.session.user(), this.t()) === null;
  });

  /** Deletes a role that is not assigned. The message offers to create it again. */
  protected async delete(role: RoleDto): Promise<void> {
    this.isInUse.set(role.userCount > 0);
    if (role.userCount > 0) {
      return;
    }
    this.isDeleting.set(true);
    try {
      await firstValueFrom(this.api.delete(role.name, role.version));
      this.isDeleted = true;
      await this.router.navigateByUrl('/roles');
      this.notifier.undoable(this.t().roles.page.deleted(role.name), () => void this.recreate(role));
    } catch (error) {
      await this.handleFailedDeletion(role, error);
    } finally {
      this.isDeleting.set(false);
    }
  }

  private async handleFailedDeletion(role: RoleDto, error: unknown): Promise<void> {
    const problem = problemOf(error);
    if (problem.code !== 'role_in_use') {
      this.notifier.failure(problem);
      return;
    }
    const current = await firstValueFrom(this.api.get(role.name)).catch(() => role);
    this.role.set(current);
    this.isInUse.set(current.userCount > 0);
    if (current.userCount === 0) {
      this.notifier.failure(problem);
    }
  }

  private recreate({ name, description, permissions }: RoleDto): Promise<boolean> {
    const former = { name, permissions, ...(description !== undefined && { description }) };
    return attempt(this.notifier, async () => {
      await firstValueFrom(this.api.create(former));
      await this.router.navigate(['/roles', name]);
    });
  }
}
