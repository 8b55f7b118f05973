import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';
import type { PermissionDto } from '@latchkey/auth-models';
import type { Loaded } from '../shared/loaded';
import { ErrorState } from '../shared/ui/error-state';
import { PermissionGrid } from './permission-grid';
import { RoleMeaning } from './role-meaning';

/** The permissions of a role beside what they mean; above them stands what is put inside. */
@Component({
  selector: 'app-role-rights',
  imports: [PermissionGrid, ErrorState, RoleMeaning],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="main">
      <ng-content />
      @if (permissions().value(); as all) {
        <app-permission-grid [permissions]="all" [isReadOnly]="isReadOnly()" [(given)]="given" />
      } @else if (permissions().problem(); as problem) {
        <app-error-state [problem]="problem" (retry)="permissions().reload()" />
      } @else {
        <div class="skeleton" aria-hidden="true"></div>
      }
    </div>
    @if (permissions().value(); as all) {
      <app-role-meaning [permissions]="all" [given]="given()" [isBuiltIn]="isBuiltIn()" />
    }
  `,
  styleUrl: './role-rights.scss',
})
export class RoleRights {
  /** All permissions that there are. */
  readonly permissions = input.required<Loaded<readonly PermissionDto[]>>();
  /** Names of those that the role gives. */
  readonly given = model.required<readonly string[]>();
  readonly isReadOnly = input(false);
  readonly isBuiltIn = input(false);
}
