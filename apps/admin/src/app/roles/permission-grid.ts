import { ChangeDetectionStrategy, Component, computed, inject, input, model } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatTooltip } from '@angular/material/tooltip';
import type { ApiPermissionDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { mayGrant, permissionDescription } from '../shared/roles/roles';

interface PermissionTable {
  readonly actions: readonly string[];
  /** `null` marks a resource without a permission for the action. */
  readonly rows: readonly { resource: string; cells: readonly (ApiPermissionDto | null)[] }[];
}

/** Other actions follow these in alphabetical order. */
const FIRST_ACTIONS = ['read', 'write'];

/** Checkboxes for all permissions, with a row per resource and a column per action. */
@Component({
  selector: 'app-permission-grid',
  imports: [MatCheckbox, MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './permission-grid.html',
  styles: `
    .surface {
      overflow-x: auto;
    }
    table {
      width: 100%;
      border-collapse: collapse;
    }
    caption {
      padding: 14px 20px 6px clamp(16px, 2vw, 20px);
      text-align: left;
    }
    th,
    td {
      height: 44px;
      padding: 0 8px;
      text-align: center;
    }
    thead th {
      height: 36px;
      color: var(--mat-sys-on-surface-variant);
      font-weight: 550;
    }
    .resource {
      padding-left: clamp(16px, 2vw, 20px);
      text-align: left;
    }
    tbody tr {
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    tbody tr:hover {
      background: color-mix(in srgb, var(--mat-sys-primary-container) 25%, transparent);
    }
    p {
      margin: 10px 4px 0;
    }
  `,
})
export class PermissionGrid {
  private readonly session = inject(Session);

  /** All permissions that exist. */
  readonly permissions = input.required<readonly ApiPermissionDto[]>();
  /** Names of the selected permissions. */
  readonly selected = model.required<readonly string[]>();
  readonly isReadOnly = input(false);

  protected readonly t = injectTexts();
  protected readonly table = computed(() => permissionTable(this.permissions()));
  protected readonly hasNotHeld = computed(
    () => !this.isReadOnly() && this.permissions().some((permission) => !this.mayGrant(permission)),
  );

  protected mayGrant({ name }: ApiPermissionDto): boolean {
    return mayGrant(this.session.me(), name);
  }

  protected explain(permission: ApiPermissionDto): string {
    const description = permissionDescription(permission.name, this.t(), permission.description);
    return this.isReadOnly() || this.mayGrant(permission)
      ? description
      : `${description} ${this.t().roles.grid.above}`;
  }

  protected toggle(name: string, isSelected: boolean): void {
    this.selected.update((names) => [
      ...names.filter((other) => other !== name),
      ...(isSelected ? [name] : []),
    ]);
  }
}

/** Arranges permissions, which are sorted by name, in a table. */
export function permissionTable(permissions: readonly ApiPermissionDto[]): PermissionTable {
  const byName = new Map(permissions.map((permission) => [permission.name, permission]));
  const parts = permissions.map(({ name }) => name.split(':'));
  const found = new Set(parts.map(([, action]) => action ?? ''));
  const actions = [
    ...FIRST_ACTIONS.filter((action) => found.has(action)),
    ...[...found].filter((action) => !FIRST_ACTIONS.includes(action)).sort(),
  ];
  const rows = [...new Set(parts.map(([resource]) => resource ?? ''))].map((resource) => ({
    resource,
    cells: actions.map((action) => byName.get(`${resource}:${action}`) ?? null),
  }));
  return { actions, rows };
}
