import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type BuiltInRole, DEFAULT_ROLE } from '@latchkey/auth-models';
import { type Principal } from '../../common/request/principal.js';
import { type Role } from '../roles/role.entity.js';
import { PermissionRegistry } from './permission-registry.js';

/** Roles of a user, and the permissions in them. */
export interface Grants {
  /** Names of the roles, sorted. */
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
  /** Permissions in these roles that this build does not know and does not grant. */
  readonly unknownPermissions: readonly string[];
}

/** Combinations of roles in the cache. There are few, and each is small. */
const CACHE_SIZE = 10_000;

/**
 * Parses the roles of a user as one statement returns them: `name permission permission`, separated by commas. It returns the same
 * object for the same text, so that a request costs a cache hit instead of a parse.
 */
@Injectable()
export class GrantsReader {
  private readonly cache = new LRUCache<string, Grants>({ max: CACHE_SIZE });

  constructor(private readonly registry: PermissionRegistry) {}

  read(text: string | null): Grants {
    const cached = this.cache.get(text ?? '');
    if (cached) {
      return cached;
    }
    const grants = this.parse(text ?? '');
    this.cache.set(text ?? '', grants);
    return grants;
  }

  /** Returns the grants of a user who holds all of these roles. */
  readRoles(roles: readonly Pick<Role, 'name' | 'permissions'>[]): Grants {
    return this.read(roles.map(({ name, permissions }) => `${name} ${permissions}`).join(','));
  }

  private parse(text: string): Grants {
    const roles: string[] = [];
    const permissions = new Set<string>();
    const unknownPermissions = new Set<string>();
    for (const [role, ...granted] of text.split(',').map((part) => part.split(' '))) {
      if (role) {
        roles.push(role);
        for (const pattern of granted.filter(Boolean)) {
          const expanded = this.expand(pattern);
          expanded?.forEach((permission) => permissions.add(permission));
          if (!expanded) {
            unknownPermissions.add(pattern);
          }
        }
      }
    }
    return { roles: roles.sort(), permissions, unknownPermissions: [...unknownPermissions].sort() };
  }

  /** Returns the permissions of a name or of a built-in role's pattern, or `undefined` if it is unknown. */
  private expand(pattern: string): string[] | undefined {
    if (pattern === '*') {
      return this.registry.names();
    }
    if (pattern === '*:read') {
      return this.registry.names().filter((name) => name.endsWith(':read'));
    }
    // A removed feature module or a newer build leaves permissions that are not registered here.
    return this.registry.has(pattern) ? [pattern] : undefined;
  }
}

/** Role that holds every permission. */
export const ADMINISTRATOR_ROLE: BuiltInRole = 'admin';

type Actor = Pick<Principal, 'roles' | 'permissions' | 'token'>;

/**
 * Returns the roles that an actor holds when privileges are compared. A token that is limited to permissions holds none:
 * the services that read roles cannot see the limit.
 */
export function rolesHeldBy({ roles, token }: Actor): readonly string[] {
  return (token?.limit ?? null) === null ? roles : [];
}

/** Whether the actor is an administrator, by a credential without a limit. */
export function isAdministrator(actor: Actor): boolean {
  return rolesHeldBy(actor).includes(ADMINISTRATOR_ROLE);
}

/**
 * Returns the parts of some grants that the actor does not hold, for an error message. The actor may neither grant them nor act
 * on a user who holds them.
 *
 * - A permission is above actors who do not hold it.
 * - A role, even without permissions, is above actors who neither hold it nor have `roles:write`, because services behind a
 *   gateway grant rights by role. The default role is above no actor.
 * - A permission that this build does not know is above all actors except administrators. Another build may know it.
 */
export function grantsAbove(actor: Actor, { roles, permissions, unknownPermissions }: Grants): string[] {
  const missing = permissionsAbove(actor, permissions);
  if (isAdministrator(actor)) {
    return missing;
  }
  const held = rolesHeldBy(actor);
  const rolesAbove = actor.permissions.has('roles:write')
    ? []
    : roles.filter((role) => role !== DEFAULT_ROLE && !held.includes(role));
  return [...missing, ...unknownPermissions, ...rolesAbove.map((role) => `the role ${role}`)];
}

/** Returns the permissions that the actor does not hold. */
export function permissionsAbove(
  { permissions: held }: Pick<Principal, 'permissions'>,
  permissions: Iterable<string>,
): string[] {
  return [...permissions].filter((permission) => !held.has(permission));
}
