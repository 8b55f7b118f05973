import { Injectable } from '@nestjs/common';
import { apiOf, type BuiltInRole, DEFAULT_ROLE } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { lruCache } from '../common/lru-cache.js';
import { type Principal } from '../common/request/principal.js';
import { Config } from '../platform/config/config.js';
import { type Role } from './roles/role.entity.js';
import { PermissionRegistry } from './permission-registry.service.js';
import { intersect, readScope, type Scope } from './scope.js';

/** Roles of a user, and the permissions in them. */
export interface Grants {
  /** Names of the roles, sorted. */
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
  /** Permissions of APIs in the database, without the server's own. */
  readonly apiPermissions: ReadonlySet<string>;
  /**
   * Permissions of the server that this build does not know, so it does not grant them. They come from a
   * newer build, or from a removed feature module.
   */
  readonly unknownPermissions: readonly string[];
  /** Whether sessions of the user require a second factor. */
  readonly requiresSecondFactor: boolean;
}

/**
 * Mark before a permission of an API in the stored permissions of a role. Permissions without it are the
 * server's own, which a build without the feature module does not know.
 */
export const API_MARK = '+';

/** Mark after the name of a role that requires a second factor. No permission has this name. */
export const FACTOR_MARK = '!';

/** Maximum characters of all keys in the cache. The cached sets take several times as much memory. */
const CACHE_SIZE = 10_000_000;

/** Number of characters as which a key counts at least, so that the cache has at most 10,000 entries. */
const KEY_SIZE_MIN = 1_000;

/**
 * Parses the roles of a user as one statement returns them: `name permission permission`, separated by
 * commas. It returns the same object for the same text, so that a request costs a cache hit instead of a
 * parse.
 */
@Injectable()
export class GrantsReader {
  private readonly cache = lruCache<string, Grants>(CACHE_SIZE, ({ length }) =>
    Math.max(length, KEY_SIZE_MIN),
  );

  constructor(
    private readonly registry: PermissionRegistry,
    private readonly config: Config,
  ) {}

  /** @param scope scope of a token, which limits the grants. */
  read(text: string | null, scope: Scope = null): Grants {
    // No role and no permission contains this character.
    const key = scope === null ? (text ?? '') : `${text ?? ''}|${scope}`;
    const cached = this.cache.get(key);
    if (cached) {
      return cached;
    }
    const grants = scope === null ? this.parse(text ?? '') : this.limit(text ?? '', scope);
    this.cache.set(key, grants);
    return grants;
  }

  /** Returns the grants of a user who holds all of these roles. */
  readRoles(roles: readonly Pick<Role, 'name' | 'permissions'>[]): Grants {
    return this.read(roles.map(({ name, permissions }) => `${name} ${permissions}`).join(','));
  }

  /** Returns the words in the stored permissions of a role that grant a permission, at most three. */
  wordsGranting(permission: string): string[] {
    if (this.registry.has(permission)) {
      return [permission, '*', ...(permission.endsWith(':read') ? ['*:read'] : [])];
    }
    return this.registry.isReserved(apiOf(permission)) ? [] : [API_MARK + permission];
  }

  private limit(text: string, scope: string): Grants {
    const { permissions, roles, sources } = readScope(scope);
    const counting = text.split(',').filter((part) => sources?.has(roleOf(part)) ?? true);
    const granted = this.read(counting.join(','));
    return {
      roles: this.read(text).roles.filter((role) => roles?.has(role) ?? true),
      permissions: intersect(granted.permissions, permissions) ?? new Set(),
      apiPermissions: intersect(granted.apiPermissions, permissions) ?? new Set(),
      unknownPermissions: granted.unknownPermissions.filter((name) => permissions?.has(name) ?? true),
      // Whatever its scope, a session belongs to a user who needs one.
      requiresSecondFactor: this.read(text).requiresSecondFactor,
    };
  }

  private parse(text: string): Grants {
    const roles: string[] = [];
    const permissions = new Set<string>();
    const apiPermissions = new Set<string>();
    const unknownPermissions = new Set<string>();
    const { secondFactor } = this.config;
    let requiresSecondFactor = secondFactor === 'all';
    for (const [role, ...granted] of text.split(',').map((part) => part.split(' '))) {
      if (role) {
        roles.push(role);
        requiresSecondFactor ||= secondFactor === 'administrators' && role === ADMINISTRATOR_ROLE;
        for (const pattern of granted.filter(Boolean)) {
          const expanded = this.expand(pattern);
          if (pattern === FACTOR_MARK) {
            requiresSecondFactor = true;
          } else if (expanded) {
            expanded.forEach((permission) => permissions.add(permission));
          } else if (this.isOfApi(pattern)) {
            permissions.add(pattern.slice(API_MARK.length));
            apiPermissions.add(pattern.slice(API_MARK.length));
          } else {
            unknownPermissions.add(pattern);
          }
        }
      }
    }
    return {
      roles: roles.sort(),
      permissions,
      apiPermissions,
      unknownPermissions: [...unknownPermissions].sort(),
      requiresSecondFactor,
    };
  }

  /**
   * Whether a stored permission belongs to an API. A replica without a feature module can have created an API
   * with its name.
   */
  private isOfApi(pattern: string): boolean {
    return pattern.startsWith(API_MARK) && !this.registry.isReserved(apiOf(pattern.slice(API_MARK.length)));
  }

  /**
   * Returns the server's own permissions that match a name or the pattern of a built-in role; `undefined` if
   * none does.
   */
  private expand(pattern: string): string[] | undefined {
    if (pattern === '*') {
      return this.registry.names();
    }
    if (pattern === '*:read') {
      return this.registry.names().filter((name) => name.endsWith(':read'));
    }
    return this.registry.has(pattern) ? [pattern] : undefined;
  }
}

/** Returns the name of a role in the text of {@link GrantsReader.read}. */
function roleOf(part: string): string {
  return part.split(' ', 1)[0] ?? '';
}

/** Role that holds every permission of the server itself. */
export const ADMINISTRATOR_ROLE: BuiltInRole = 'admin';

type Actor = Pick<Principal, 'roles' | 'permissions' | 'token'>;

/** Whether the actor is an administrator, by a credential without a limit. */
export function isAdministrator({ roles, token }: Actor): boolean {
  return (token?.scope ?? null) === null && roles.includes(ADMINISTRATOR_ROLE);
}

/**
 * Checks that the actor may filter users or tokens by permission. The rows name roles, so the filter reveals
 * which permissions they grant.
 *
 * @throws ApplicationError `forbidden`.
 */
export function checkPermissionFilter(
  { permission }: { readonly permission?: string },
  actor: Pick<Principal, 'permissions'>,
): void {
  if (permission !== undefined && !actor.permissions.has('roles:read')) {
    throw new ApplicationError('forbidden', {
      detail: 'The permission filter requires roles:read, because it reveals the permissions of roles.',
      missingPermissions: ['roles:read'],
    });
  }
}

/**
 * Returns the parts of some grants that the actor does not hold, for an error message. The actor may neither
 * grant them nor act on a user who holds them.
 *
 * - A permission is above actors who do not hold it. Permissions of APIs are not above actors with
 *   `apis:write`.
 * - A role, even without permissions, is above actors who neither hold it nor have `roles:write`, because
 *   services behind a gateway grant rights by role. The default role is above no actor.
 * - A permission that this build does not know is above all actors except administrators. Another build may
 *   know it.
 */
export function grantsAbove(
  actor: Actor,
  { roles, permissions, apiPermissions, unknownPermissions }: Omit<Grants, 'requiresSecondFactor'>,
): string[] {
  const mayGrantApis = actor.permissions.has('apis:write');
  const missing = permissionsAbove(actor, permissions).filter(
    (permission) => !(mayGrantApis && apiPermissions.has(permission)),
  );
  if (isAdministrator(actor)) {
    return missing;
  }
  const rolesAbove = actor.permissions.has('roles:write')
    ? []
    : roles.filter((role) => role !== DEFAULT_ROLE && !actor.roles.includes(role));
  return [...missing, ...unknownPermissions, ...rolesAbove.map((role) => `the role ${role}`)];
}

/** Returns the permissions that the actor does not hold. */
export function permissionsAbove(
  { permissions: held }: Pick<Principal, 'permissions'>,
  permissions: Iterable<string>,
): string[] {
  return [...permissions].filter((permission) => !held.has(permission));
}
