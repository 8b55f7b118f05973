import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { Config } from '../../platform/config/config.js';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { type Ancestor, TokenLineageRepository } from '../model/token-lineage.repository.js';
import { type Token } from '../model/token.entity.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';

/**
 * Longest chain of tokens, each created with the one before. A token stores one row for each of its
 * ancestors.
 */
export const ANCESTORS_MAX = 20;

/** Whether a token can create others. */
export type CanIssue = (token: Token, owner: User, now: EpochMilliseconds) => boolean;

/** Stores new tokens and locks the rows that they depend on. */
@Injectable()
export class NewTokens {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly users: UsersService,
    private readonly config: Config,
  ) {}

  createSecret(): string {
    return createTokenSecret(this.config.tokenPrefix);
  }

  /**
   * Returns the user and locks the row, so that concurrent requests cannot exceed the maximum number of
   * tokens.
   *
   * @throws ApplicationError `not_found` or `token_limit`.
   */
  async lockOwner(userId: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<User> {
    const { perUser } = this.config.apiTokens;
    const owner = await this.users.lock(userId, tx);
    if (!owner) {
      throw new ApplicationError('not_found', { detail: 'The user has just been deleted.' });
    }
    if ((await this.tokens.countLiveApiOf(userId, now, tx)) >= perUser) {
      throw new ApplicationError('token_limit', {
        detail: `${owner.name} has ${perUser} API tokens, the maximum. Revoke one first.`,
      });
    }
    return owner;
  }

  /**
   * Returns the presented token and locks its row, so that a concurrent revocation with descendants finds the
   * new token. Returns `null` on the command line, which presents none.
   *
   * @throws ApplicationError `token_revoked` if it can no longer create tokens, or `conflict` if its scope
   *   was just changed.
   */
  async lockParent(
    { token }: Principal,
    now: EpochMilliseconds,
    canIssue: CanIssue,
    tx: WriteTransaction,
  ): Promise<OwnedToken | null> {
    if (!token) {
      return null;
    }
    const parent = await this.tokens.lock(token.id, tx);
    if (!parent || !canIssue(parent, parent.user, now)) {
      throw new ApplicationError('token_revoked');
    }
    if (parent.scope !== token.scope) {
      throw new ApplicationError('conflict', {
        detail: 'The scope of the token you use has just changed. Send the request again.',
      });
    }
    return parent;
  }

  /**
   * Returns the ancestors of a token that is created with another.
   *
   * @throws ApplicationError `token_limit`.
   */
  async ancestorsOfChild(parent: OwnedToken | null, tx: WriteTransaction): Promise<Ancestor[]> {
    const ancestors = parent ? await this.lineage.ancestorsOfChild(parent, tx) : [];
    if (ancestors.length > ANCESTORS_MAX) {
      throw new ApplicationError('token_limit', {
        detail: `The token you use is the last in a chain of ${ANCESTORS_MAX} tokens, each created with the one before. Sign in to create more.`,
      });
    }
    return ancestors;
  }

  async insert(token: Token, ancestors: readonly Ancestor[], tx: WriteTransaction): Promise<void> {
    await this.tokens.insert(token, tx);
    await this.lineage.insert(token, ancestors, tx);
  }
}
