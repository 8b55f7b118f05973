import { ChangeDetectionStrategy, Component, inject, input, model } from '@angular/core';
import type { PermissionUsageListDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import type { Loaded } from '../shared/loaded';
import { mayGrant } from '../shared/roles/roles';
import type { PermissionGroup } from '../shared/permissions/permission-groups';
import { PermissionPicker } from '../shared/permissions/permission-picker';
import { ErrorState, LoadState } from '../shared/ui/states';
import { PermissionSummary } from './permission-summary';

/** Permissions of a role beside their summary, below projected fields. */
@Component({
  selector: 'app-permission-editor',
  imports: [ErrorState, LoadState, PermissionPicker, PermissionSummary],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="stack">
      <ng-content />
      @if (permissions().value(); as all) {
        <app-permission-picker
          [groups]="all"
          [isReadOnly]="isReadOnly()"
          [reasonFor]="reasonFor"
          [usage]="usage()?.value()?.items ?? []"
          [(selected)]="selected"
        />
        @if (usage()?.problem(); as problem) {
          <app-error-state [problem]="problem" (retry)="usage()?.reload()" />
        }
      } @else {
        <app-load-state class="surface" [of]="permissions()" />
      }
    </div>
    @if (permissions().value(); as all) {
      <app-permission-summary [groups]="all" [selected]="selected()" [isBuiltIn]="isBuiltIn()" />
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
      gap: var(--space-5) var(--space-6);
      align-items: start;
    }
    app-permission-summary {
      position: sticky;
      top: 24px;
    }
    @media (width < 64em) {
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
  private readonly session = inject(Session);

  /** All permissions that exist. */
  readonly permissions = input.required<Loaded<readonly PermissionGroup[]>>();
  /** Names of the selected permissions. */
  readonly selected = model.required<readonly string[]>();
  /** Holders of the permissions, if the role exists. */
  readonly usage = input<Loaded<PermissionUsageListDto>>();
  readonly isReadOnly = input(false);
  readonly isBuiltIn = input(false);

  private readonly t = injectTexts();
  protected readonly reasonFor = (permission: string): string | null =>
    mayGrant(this.session.user(), permission) ? null : this.t().picker.notYours;
}
