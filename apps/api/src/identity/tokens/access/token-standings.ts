import { Injectable } from '@nestjs/common';
import { GrantsReader } from '../../permissions/grants.js';
import { type StoredScope } from '../../permissions/scope.js';
import { UserRolesRepository } from '../../users/model/user-roles.repository.js';
import { type OwnedToken, TokensRepository } from '../model/tokens.repository.js';

/** Tokens and the grants of their users as they are now, for the explanation of a rejection. */
@Injectable()
export class TokenStandings {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly grants: GrantsReader,
  ) {}

  /** Returns a token with its user; `null` if it was deleted. */
  find(id: string): Promise<OwnedToken | null> {
    return this.tokens.findById(id);
  }

  /** Returns the users of tokens, by the id of the token. */
  ownersOf(ids: readonly string[]): Promise<Map<string, { id: string; name: string }>> {
    return this.tokens.findOwners(ids);
  }

  /** Whether a user, limited by a scope, holds all of these permissions and roles. */
  async holds(
    userId: string,
    scope: StoredScope,
    permissions: readonly string[],
    roles: readonly string[],
  ): Promise<boolean> {
    const stored = await this.userRoles.grantsOf([userId]);
    const held = this.grants.read(stored.get(userId) ?? null, scope);
    return (
      permissions.every((permission) => held.permissions.has(permission)) &&
      roles.every((role) => held.roles.includes(role))
    );
  }
}
