import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';
import type { ApiPermissionDto } from '@latchkey/auth-models';
import type { Loaded } from '../shared/loaded';
import { ErrorState } from '../shared/ui/states';
import { PermissionGrid } from './permission-grid';
import { PermissionSummary } from './permission-summary';

/** Permissions of a role beside their summary, below projected fields. */
@Component({
  selector: 'app-permission-editor',
  imports: [ErrorState, PermissionGrid, PermissionSummary],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="stack">
      <ng-content />
      @if (permissions().value(); as all) {
        <app-permission-grid [permissions]="all" [isReadOnly]="isReadOnly()" [(selected)]="selected" />
      } @else if (permissions().problem(); as problem) {
        <app-error-state [problem]="problem" (retry)="permissions().reload()" />
      } @else {
        <div class="surface waiting"></div>
      }
    </div>
    @if (permissions().value(); as all) {
      <app-permission-summary [permissions]="all" [selected]="selected()" [isBuiltIn]="isBuiltIn()" />
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
      gap: 20px 24px;
      align-items: start;
    }
    app-permission-summary {
      position: sticky;
      top: 24px;
    }
    @media (max-width: 1023px) {
      :host {
        grid-template-columns: minmax(0, 1fr);
      }
      app-permission-summary {
        position: static;
      }
    }
  `,
})
export class PermissionEditor {
  /** All permissions that exist. */
  readonly permissions = input.required<Loaded<readonly ApiPermissionDto[]>>();
  /** Names of the selected permissions. */
  readonly selected = model.required<readonly string[]>();
  readonly isReadOnly = input(false);
  readonly isBuiltIn = input(false);
}
