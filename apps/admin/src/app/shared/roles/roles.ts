import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { PageDto, RoleDto, MeDto } from '@latchkey/auth-models';
import {
  PAGE_SIZE_MAX,
  BUILT_IN_PERMISSIONS,
  BUILT_IN_ROLES,
  DEFAULT_ROLE,
} from '@latchkey/auth-models/lists';
import { EMPTY, expand, type Observable, reduce } from 'rxjs';
import { Session } from '../../core/session';
import type { Texts } from '../../core/texts/texts';
import { type Loaded, loaded } from '../loaded';

/** Reads all roles. */
@Injectable({ providedIn: 'root' })
export class RoleCatalogue {
  private readonly http = inject(HttpClient);

  /** Returns all roles by name. */
  all(): Observable<readonly RoleDto[]> {
    return allPages((params) => this.http.get<PageDto<RoleDto>>('/roles', { params }));
  }
}

/** Reads a list page by page, by name. */
export function allPages<T>(
  read: (params: { page: number; size: number; sort: string }) => Observable<PageDto<T>>,
): Observable<readonly T[]> {
  const readPage = (page: number) => read({ page, size: PAGE_SIZE_MAX, sort: 'name' });
  return readPage(1).pipe(
    expand(({ page, size, total }) => (page * size < total ? readPage(page + 1) : EMPTY)),
    reduce<PageDto<T>, readonly T[]>((all, { items }) => [...all, ...items], []),
  );
}

/** Loads all roles for users who may see them, and nothing for others. */
export function loadedRoles(): Loaded<readonly RoleDto[]> {
  const session = inject(Session);
  const catalogue = inject(RoleCatalogue);
  return loaded(
    () => (session.can('roles:read') ? 'roles' : null),
    () => catalogue.all(),
  );
}

/** A role to choose, with the parts that the user may see. */
export interface RoleChoice {
  readonly name: string;
  /** Description by the server; `null` if there is none. */
  readonly description: string | null;
  /** `null` if the user may not see them. */
  readonly permissions: readonly string[] | null;
  readonly isBuiltIn: boolean;
  /** Permissions of the role, or the role itself, that the user does not hold and so cannot assign. */
  readonly missing: readonly string[];
}

/**
 * Returns the roles to choose from.
 *
 * @param roles all roles; `undefined` for users who may not see them. They choose from the built-in roles,
 *   their own and those in `known`.
 */
export function roleChoices(
  roles: readonly RoleDto[] | undefined,
  me: MeDto | null,
  known: readonly string[] = [],
): RoleChoice[] {
  const held = new Set(me?.permissions ?? []);
  const ownRoles = new Set([DEFAULT_ROLE, ...(me?.roles ?? [])]);
  const mayAssignAny = held.has('roles:write');
  const choice = (name: string, permissions: readonly string[] | null, role?: RoleDto): RoleChoice => ({
    name,
    description: role?.description ?? null,
    permissions,
    isBuiltIn: name in BUILT_IN_ROLES,
    missing: [
      ...(permissions?.filter((permission) => !mayGrant(me, permission)) ?? []),
      ...(mayAssignAny || ownRoles.has(name) ? [] : [name]),
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

/** Returns the sorted permissions of some roles, without those of roles the user may not see. */
export function permissionsOf(choices: readonly RoleChoice[], names: readonly string[]): string[] {
  const permissions = choices
    .filter(({ name }) => names.includes(name))
    .flatMap((choice) => choice.permissions ?? []);
  return [...new Set(permissions)].sort();
}

/** Returns the permissions of a role as a sentence. */
export function rolePermits({ permissions }: RoleChoice, { userAccess }: Texts): string {
  if (permissions === null) {
    return userAccess.unseen;
  }
  return permissions.length === 0 ? userAccess.permitsNothing : userAccess.permits(permissions.join(', '));
}

interface DescribedRole {
  readonly name: string;
  readonly description?: string | null;
  readonly isBuiltIn: boolean;
}

/** Returns the description of a role, translated for built-in ones; `null` if it has none. */
export function roleDescription(
  { name, description, isBuiltIn }: DescribedRole,
  { permissions }: Texts,
): string | null {
  const known: Readonly<Record<string, string>> = permissions.roles;
  return (isBuiltIn ? known[name] : undefined) ?? description ?? null;
}

/** Whether a user may grant a permission: one that they hold, or with `apis:write` one of an API. */
export function mayGrant(me: MeDto | null, permission: string): boolean {
  const held = me?.permissions ?? [];
  return held.includes(permission) || (held.includes('apis:write') && !(permission in BUILT_IN_PERMISSIONS));
}
