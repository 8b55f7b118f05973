import { Injectable } from '@nestjs/common';
import { type ChangeApiQueryDto, type PermissionUsageDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { groupBy } from '../../common/group-by.js';
import { Clock } from '../../common/clock.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { API_MARK, GrantsReader } from '../permissions/grants.js';
import { permissionsIn, scopeWithout } from '../permissions/scope.js';
import { TokensRepository } from '../tokens/model/tokens.repository.js';
import { ApiUsesRepository } from './api-uses.repository.js';

/** Uses that were removed, for the audit trail. */
interface RemovedUses {
  readonly removedFromRoles: string[];
  readonly removedFromTokens: number;
}

/** Roles and tokens that use permissions of APIs. */
@Injectable()
export class ApiUses {
  constructor(
    private readonly repository: ApiUsesRepository,
    private readonly tokens: TokensRepository,
    private readonly grants: GrantsReader,
    private readonly clock: Clock,
  ) {}

  /** Returns the roles and the number of live tokens that use each of some permissions of an API. */
  async find(
    api: string,
    permissions: readonly string[],
    tx?: WriteTransaction,
  ): Promise<PermissionUsageDto[]> {
    const roles = await this.repository.findRoles(api, tx);
    const scopes = await this.repository.countScopes(api, this.clock.now(), tx);
    return permissions.map((permission) => ({
      permission,
      roles: roles
        .filter((role) => this.grants.readRoles([role]).permissions.has(permission))
        .map(({ name }) => name),
      tokenCount: scopes
        .filter((scope) => permissionsIn(scope.permissions).includes(permission))
        .reduce((sum, { count }) => sum + count, 0),
    }));
  }

  /**
   * Removes some permissions of an API from the roles and tokens that use them. The tokens keep their other permissions, if any.
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
    const used = (await this.find(api, permissions, tx)).filter(
      (use) => use.roles.length + use.tokenCount > 0,
    );
    if (used.length > 0 && !force) {
      throw new ApplicationError('permission_in_use', {
        detail: `In use: ${used.map(inWords).join('; ')}. To remove them there as well, repeat the request with ?force=true.`,
      });
    }
    const removedFromRoles = await this.removeFromRoles(api, permissions, tx);
    // Tokens that are not live keep no permission that a later API of this name could give another meaning.
    const removedFromTokens = await this.removeFromTokens(api, permissions, tx);
    return removedFromRoles.length + removedFromTokens > 0
      ? { removedFromRoles, removedFromTokens }
      : undefined;
  }

  private async removeFromRoles(
    api: string,
    permissions: readonly string[],
    tx: WriteTransaction,
  ): Promise<string[]> {
    const stored = permissions.map((permission) => API_MARK + permission);
    const changed: string[] = [];
    for (const role of await this.repository.findRoles(api, tx)) {
      const kept = scopeWithout(role.permissions, stored);
      if (kept !== role.permissions) {
        await this.repository.updateRole(role, kept, tx);
        changed.push(role.name);
      }
    }
    return changed;
  }

  private async removeFromTokens(
    api: string,
    permissions: readonly string[],
    tx: WriteTransaction,
  ): Promise<number> {
    let count = 0;
    for await (const tokens of this.repository.readTokens(api, tx)) {
      // Many tokens have the same scope.
      for (const [scope, alike] of groupBy(tokens, (token) => token.permissions)) {
        const kept = scopeWithout(scope, permissions);
        if (kept !== scope) {
          const ids = alike.map(({ id }) => id);
          await this.tokens.updateScopes(ids, { permissions: kept }, tx);
          count += ids.length;
        }
      }
    }
    return count;
  }
}

function inWords({ permission, roles, tokenCount }: PermissionUsageDto): string {
  const tokens = `${tokenCount} ${tokenCount === 1 ? 'token' : 'tokens'}`;
  return `${permission} by ${roles.length === 0 ? tokens : `${tokens} and the ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`}`;
}
