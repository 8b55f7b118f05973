import { Injectable } from '@nestjs/common';
import { USAGE_ROLES_MAX, type ChangeApiQueryDto, type PermissionUsageDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { REPEAT_WITH_FORCE } from '../../common/request-advice.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { API_MARK, GrantsReader } from '../grants.service.js';
import { permissionsIn, scopeWithout } from '../scope.js';
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

/** Maximum number of permissions that an error describes. */
const DESCRIBED_MAX = 10;

/** Roles and tokens that use permissions of APIs. */
@Injectable()
export class ResourceApiUses {
  constructor(
    private readonly roles: RolesRepository,
    private readonly tokens: ResourceApiTokenCounts,
    private readonly grants: GrantsReader,
    private readonly clock: Clock,
  ) {}

  /** Returns the roles and the number of live tokens that use each of some permissions of an API. */
  async find(
    api: string,
    permissions: readonly string[],
    tx?: WriteTransaction,
  ): Promise<PermissionUsageDto[]> {
    const roles = await this.roles.findNaming(`${api}:`, tx);
    const scopes = await this.tokens.countScopes(api, this.clock.now(), tx);
    return permissions.map((permission) => {
      const granting = roles.filter((role) => this.grants.readRoles([role]).permissions.has(permission));
      return {
        permission,
        roleCount: granting.length,
        roles: granting.slice(0, USAGE_ROLES_MAX).map(({ name }) => name),
        tokenCount: scopes
          .filter((scope) => permissionsIn(scope.scope).includes(permission))
          .reduce((sum, { count }) => sum + count, 0),
      };
    });
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
    const used = (await this.find(api, permissions, tx)).filter((use) => use.roleCount + use.tokenCount > 0);
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
    for (const role of await this.roles.findNaming(`${api}:`, tx)) {
      const kept = scopeWithout(role.permissions, stored);
      if (kept !== role.permissions) {
        await this.roles.update(role, { permissions: kept }, undefined, tx);
        changed.push({ role, kept });
      }
    }
    return changed;
  }
}

/** Returns a sentence about the uses of a permission. */
function describeUse({ permission, roleCount, tokenCount }: PermissionUsageDto): string {
  const counts = [
    ...(roleCount > 0 ? [`${roleCount} ${roleCount === 1 ? 'role' : 'roles'}`] : []),
    ...(tokenCount > 0 ? [`${tokenCount} ${tokenCount === 1 ? 'token' : 'tokens'}`] : []),
  ];
  return `${counts.join(' and ')} still ${roleCount + tokenCount === 1 ? 'uses' : 'use'} ${permission}`;
}
