import { Injectable } from '@nestjs/common';
import {
  apiOf,
  USAGE_ROLES_MAX,
  type ChangeApiQueryDto,
  type PermissionUsageDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { REPEAT_WITH_FORCE } from '../../common/request-advice.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { API_MARK, GrantsReader } from '../grants.service.js';
import { permissionsIn, readScope, type Scope, scopeWithout } from '../scope.js';
import { removePermissionsFromScopes } from '../stored-scopes.js';
import { type Role } from '../roles/role.entity.js';
import { RolesRepository } from '../roles/roles.repository.js';
import { ResourceApiTokenCounts } from './resource-api-token-counts.js';

/** Removed uses, for the audit trail. */
export interface RemovedUses {
  /** Roles before their change, and their permissions after it. */
  readonly roles: readonly { readonly role: Role; readonly kept: string }[];
  /** Number of tokens. */
  readonly tokens: number;
}

/** Use of a permission, with the number of roles that grant it. */
type PermissionUse = PermissionUsageDto & { readonly roleCount: number };

/** Permissions of roles, by the names of the roles. */
type GrantingRoles = ReadonlyMap<string, ReadonlySet<string>>;

/** Number of users, or of tokens, with the same roles and the same scope. */
interface HolderCount {
  /** Names of the roles, separated by spaces. */
  readonly roles: string;
  /** Absent for users. */
  readonly scope?: Scope;
  readonly count: number;
}

/** Maximum number of permissions that an error describes. */
const DESCRIBED_MAX = 10;

/** Columns of a list of uses. */
export const USAGE_COLUMNS = [
  'permission',
  'roleCount',
  'roles',
  'tokenCount',
  'userCount',
  'apiTokenCount',
] as const;

/** Roles and tokens that use permissions, and the numbers of their holders. */
@Injectable()
export class ResourceApiUses {
  constructor(
    private readonly roles: RolesRepository,
    private readonly tokens: ResourceApiTokenCounts,
    private readonly grants: GrantsReader,
    private readonly clock: Clock,
  ) {}

  /** Returns the uses of permissions, as far as the actor may see them. */
  async findWithHolders(permissions: readonly string[], actor: Principal): Promise<PermissionUsageDto[]> {
    const granting = await this.findGranting(permissions);
    const uses = await this.find(permissions, granting);
    if (!actor.permissions.has('roles:read')) {
      // Together with the roles of users, the numbers of holders reveal what a role grants.
      return uses.map(({ permission, tokenCount }) => ({ permission, tokenCount }));
    }
    const [names, apis] = [[...granting.keys()], apisOf(permissions)];
    const countUsers =
      actor.permissions.has('users:read') && counting(await this.roles.countByRoles(names), granting);
    const countTokens =
      actor.permissions.has('tokens:read') &&
      counting(await this.tokens.countByRoles(names, apis, this.clock.now()), granting);
    return uses.map((use) => ({
      ...use,
      ...(countUsers && { userCount: countUsers(use.permission) }),
      ...(countTokens && { apiTokenCount: countTokens(use.permission) }),
    }));
  }

  /** Returns the roles and the number of live tokens that use each of some permissions. */
  private async find(
    permissions: readonly string[],
    granting: GrantingRoles,
    tx?: WriteTransaction,
  ): Promise<PermissionUse[]> {
    const scopes = await this.tokens.countScopes(apisOf(permissions), this.clock.now(), tx);
    const limits = scopes.map(({ scope, count }) => ({ permissions: permissionsIn(scope), count }));
    return permissions.map((permission) => {
      const roles = [...granting].flatMap(([name, granted]) => (granted.has(permission) ? [name] : []));
      return {
        permission,
        roleCount: roles.length,
        roles: roles.slice(0, USAGE_ROLES_MAX),
        tokenCount: sumOf(limits.filter((limit) => limit.permissions.includes(permission))),
      };
    });
  }

  /** Returns the roles that grant at least one of some permissions, sorted by name. */
  private async findGranting(permissions: readonly string[], tx?: WriteTransaction): Promise<GrantingRoles> {
    const roles = await this.roles.findNaming(apisOf(permissions), tx);
    const granted = roles.map((role) => [role.name, this.grants.readRoles([role]).permissions] as const);
    return new Map(granted.filter(([, names]) => permissions.some((permission) => names.has(permission))));
  }

  /**
   * Removes some permissions of an API from the roles and tokens that use them. The tokens keep their other
   * permissions, if any.
   *
   * @returns the uses that it removed; `undefined` if there was none.
   * @throws ApplicationError `permission_in_use` without `force`.
   */
  async remove(
    api: string,
    permissions: readonly string[],
    { force = false }: ChangeApiQueryDto,
    tx: WriteTransaction,
  ): Promise<RemovedUses | undefined> {
    if (permissions.length === 0) {
      return undefined;
    }
    const uses = await this.find(permissions, await this.findGranting(permissions, tx), tx);
    const used = uses.filter((use) => use.roleCount + use.tokenCount > 0);
    if (used.length > 0 && !force) {
      throw new ApplicationError('permission_in_use', {
        detail: `${used.slice(0, DESCRIBED_MAX).map(describeUse).join('; ')}. GET /apis/${api}/usage lists them. To remove the permissions there as well, ${REPEAT_WITH_FORCE}.`,
      });
    }
    const roles = await this.removeFromRoles(api, permissions, tx);
    const tokens = await removePermissionsFromScopes(api, permissions, tx);
    return roles.length + tokens > 0 ? { roles, tokens } : undefined;
  }

  private async removeFromRoles(
    api: string,
    permissions: readonly string[],
    tx: WriteTransaction,
  ): Promise<RemovedUses['roles']> {
    const stored = permissions.map((permission) => API_MARK + permission);
    const changed: { role: Role; kept: string }[] = [];
    for (const role of await this.roles.findNaming([api], tx)) {
      const kept = scopeWithout(role.permissions, stored);
      if (kept !== role.permissions) {
        await this.roles.update(role, { permissions: kept }, undefined, tx);
        changed.push({ role, kept });
      }
    }
    return changed;
  }
}

function apisOf(permissions: readonly string[]): string[] {
  return [...new Set(permissions.map(apiOf))];
}

/** Returns the function that counts the users or tokens with a permission. */
function counting(counts: readonly HolderCount[], granting: GrantingRoles): (permission: string) => number {
  const holders = counts.map(({ roles, scope = null, count }) => {
    const { permissions, sources } = readScope(scope);
    const granted = roles
      .split(' ')
      .flatMap((role) => ((sources?.has(role) ?? true) ? [granting.get(role)] : []));
    return { permissions, granted, count };
  });
  return (permission) =>
    sumOf(
      holders.filter(
        ({ permissions, granted }) =>
          (permissions?.has(permission) ?? true) && granted.some((names) => names?.has(permission)),
      ),
    );
}

function sumOf(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** Returns a sentence about the uses of a permission. */
function describeUse({ permission, roleCount, tokenCount }: PermissionUse): string {
  const counts = [
    ...(roleCount > 0 ? [`${roleCount} ${roleCount === 1 ? 'role' : 'roles'}`] : []),
    ...(tokenCount > 0 ? [`${tokenCount} ${tokenCount === 1 ? 'token' : 'tokens'}`] : []),
  ];
  return `${counts.join(' and ')} still ${roleCount + tokenCount === 1 ? 'uses' : 'use'} ${permission}`;
}
