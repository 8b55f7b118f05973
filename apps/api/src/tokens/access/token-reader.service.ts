import { Injectable } from '@nestjs/common';
import { GrantsReader } from '../../permissions/grants.service.js';
import { type Scope } from '../../permissions/scope.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { RotatedSecretsRepository, type SecretUse } from '../model/rotated-secrets.repository.js';
import { type OwnedToken, TokensRepository } from '../model/tokens.repository.js';

/** Whether a user, limited by a scope, holds all of these permissions and roles. */
export type HoldsAll = (
  userId: string,
  scope: Scope,
  permissions: readonly string[],
  roles: readonly string[],
) => boolean;

/** Tokens and the grants of their users as they are now, for the explanation of a rejection. */
@Injectable()
export class TokenReader {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly rotated: RotatedSecretsRepository,
    private readonly escalation: EscalationPolicy,
    private readonly grants: GrantsReader,
  ) {}

  /** Returns tokens with their users, without deleted ones, by their ids. */
  find(ids: readonly string[]): Promise<Map<string, OwnedToken>> {
    return this.tokens.findAllById(ids);
  }

  /** Returns the tokens whose rotations replaced the secrets with some digests, by digest. */
  async findRotated(digests: readonly string[]): Promise<Map<string, OwnedToken>> {
    if (digests.length === 0) {
      return new Map();
    }
    const ids = await this.rotated.findTokenIds(digests);
    const tokens = await this.find([...ids.values()]);
    return new Map(
      [...ids].flatMap(([digest, id]) => {
        const token = tokens.get(id);
        return token ? [[digest, token]] : [];
      }),
    );
  }

  /**
   * Returns the uses of a secret that their token has, or had at the time of the use. Canaries match nothing.
   */
  findMatching<Use extends SecretUse>(uses: readonly Use[]): Promise<Use[]> {
    return this.rotated.findMatching(uses);
  }

  /** Returns the users of tokens, by the id of the token. */
  ownersOf(ids: readonly string[]): Promise<Map<string, { id: string; name: string }>> {
    return this.tokens.findOwners(ids);
  }

  /**
   * Returns a function that checks whether one of some users, limited by a scope, holds permissions and
   * roles.
   */
  async holdsAllOf(userIds: readonly string[]): Promise<HoldsAll> {
    const stored = await this.escalation.grantsOf(userIds);
    return (userId, scope, permissions, roles) => {
      const held = this.grants.read(stored.get(userId) ?? null, scope);
      return (
        permissions.every((permission) => held.permissions.has(permission)) &&
        roles.every((role) => held.roles.includes(role))
      );
    };
  }
}
