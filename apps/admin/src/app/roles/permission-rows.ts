import type { PermissionDto } from '@latchkey/auth-models';

/** The permissions on one resource, in the order of the actions; `null` where there is none. */
export interface PermissionRow {
  readonly resource: string;
  readonly cells: readonly (PermissionDto | null)[];
}

/** All permissions as a table: a row a resource, a column an action. */
export interface PermissionTable {
  readonly actions: readonly string[];
  readonly rows: readonly PermissionRow[];
}

/** The actions that come first; those of feature modules follow by name. */
const FIRST_ACTIONS = ['read', 'write'];

/** Puts permissions, which come by name, into a table. */
export function permissionTable(permissions: readonly PermissionDto[]): PermissionTable {
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
