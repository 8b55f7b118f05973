import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSelectModule } from '@angular/material/select';
import { ROLE_NAME_PATTERN } from '@latchkey/auth-models/lists';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { guardUnsaved } from '../../shared/leave-guard';
import { roleDescription, loadedRoles, roleChoices, rolePermits } from '../../shared/roles/roles';
import { ErrorState } from '../../shared/ui/states';

interface RoleDialogData {
  readonly action: 'addRole' | 'removeRole';
  /** Number of selected users. */
  readonly count: number;
}

/** Dialog to choose the role that users get or lose; closes with its name. */
@Component({
  selector: 'app-choose-role',
  imports: [MatButton, MatDialogModule, MatFormFieldModule, MatInput, MatSelectModule, ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './choose-role.html',
  styles: `
    mat-form-field {
      margin-top: var(--space-2);
    }
    .what {
      min-height: 48px;
    }
  `,
})
export class ChooseRole {
  private readonly dialog = inject<MatDialogRef<ChooseRole, string>>(MatDialogRef);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly data = inject<RoleDialogData>(MAT_DIALOG_DATA);
  protected readonly texts = computed(() => this.t().userBulk.roleDialog[this.data.action]);
  protected readonly roles = loadedRoles();
  protected readonly maySeeRoles = this.session.can('roles:read');
  protected readonly choices = computed(() =>
    roleChoices(this.roles.value(), this.session.user()).map((choice) => ({
      ...choice,
      // Removing a role requires the permissions of each holder, which the server checks.
      isDisabled: this.data.action === 'addRole' && choice.missing.length > 0,
    })),
  );
  protected readonly chosen = signal('');
  protected readonly choice = computed(() => this.choices().find(({ name }) => name === this.chosen()));
  protected readonly roleDescription = roleDescription;
  protected readonly rolePermits = rolePermits;
  protected readonly isReady = computed(() => ROLE_NAME_PATTERN.test(this.chosen()));

  constructor() {
    guardUnsaved(() => this.chosen() !== '');
  }

  protected choose(): void {
    if (this.isReady()) {
      this.dialog.close(this.chosen());
    }
  }
}
