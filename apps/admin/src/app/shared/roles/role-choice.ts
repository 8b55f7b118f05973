import {
  BUILT_IN_PERMISSIONS,
  BUILT_IN_ROLES,
  DEFAULT_ROLE,
  type MeDto,
  type RoleDto,
} from '@latchkey/auth-models';
import type { Texts } from '../../core/texts/texts';

/** A role that can be given, as far as the person knows it. */
export interface RoleChoice {
  readonly name: string;
  /** The server's own words; `null` if there are none. */
  readonly description: string | null;
  /** What it permits; `null` if the person may not see that. */
  readonly permissions: readonly string[] | null;
  readonly isBuiltIn: boolean;
  /** Permissions of it, and the role itself, that the person does not hold and so cannot grant. */
  readonly above: readonly string[];
}

/**
 * The roles to choose from.
 *
 * @param roles all roles; `undefined` for those who may not see them, who have the built-in ones, their own and those in
 * `known` to choose from.
 */
export function roleChoices(
  roles: readonly RoleDto[] | undefined,
  me: MeDto | null,
  known: readonly string[] = [],
): RoleChoice[] {
  const held = new Set(me?.permissions ?? []);
  const ownRoles = new Set([DEFAULT_ROLE, ...(me?.roles ?? [])]);
  const mayGrantAny = held.has('roles:write');
  const choice = (name: string, permissions: readonly string[] | null, role?: RoleDto): RoleChoice => ({
    name,
    description: role?.description ?? null,
    permissions,
    isBuiltIn: name in BUILT_IN_ROLES,
    above: [
      ...(permissions?.filter((permission) => !held.has(permission)) ?? []),
      ...(mayGrantAny || ownRoles.has(name) ? [] : [name]),
    ],
  });
  if (roles !== undefined) {
    return roles.map((role) => choice(role.name, role.permissions, role));
  }
  const names = new Set([...Object.keys(BUILT_IN_ROLES), ...(me?.roles ?? []), ...known]);
  return [...names].sort().map((name) => choice(name, builtInPermissions(name)));
}

function builtInPermissions(name: string): readonly string[] | null {
  const all = Object.keys(BUILT_IN_PERMISSIONS);
  switch (name) {
    case 'admin':
      return all;
    case 'auditor':
      return all.filter((permission) => permission.endsWith(':read'));
    case 'user':
      return [];
    default:
      return null;
  }
}

/** What some of the roles permit together, sorted; roles that the person cannot look into count for nothing. */
export function permissionsOf(choices: readonly RoleChoice[], names: readonly string[]): string[] {
  const permissions = choices
    .filter(({ name }) => names.includes(name))
    .flatMap((choice) => choice.permissions ?? []);
  return [...new Set(permissions)].sort();
}

/** What a role permits, as a sentence. */
export function rolePermits({ permissions }: RoleChoice, { userAccess }: Texts): string {
  if (permissions === null) {
    return userAccess.unseen;
  }
  return permissions.length === 0 ? userAccess.permitsNothing : userAccess.permits(permissions.join(', '));
}
