import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { Config } from '../../platform/config/config.js';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { type Ancestor, TokenLineageRepository } from '../model/token-lineage.repository.js';
import { RotatedSecretsRepository, ROTATED_SECRETS_MAX } from '../model/rotated-secrets.repository.js';
import { type Token } from '../model/token.entity.js';
import { isRenewable } from '../model/token-state.js';
import { type Presented } from '../model/token-lifetime-policy.service.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';

/**
 * Longest chain of tokens, each created with the one before. A token stores one row for each of its
 * ancestors.
 */
const ANCESTORS_MAX = 20;

/** Whether a token can create others. */
export type CanIssue = (token: Token, owner: User, now: EpochMilliseconds) => boolean;

/** Stores new tokens and secrets, and locks the rows that they depend on. */
@Injectable()
export class NewTokens {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly rotatedSecrets: RotatedSecretsRepository,
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
   * Locks the user of a token if it is to be renewed, because a renewal counts as a creation. The order of
   * locks is authority, user, token.
   */
  async lockOwnerOfRenewed(id: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    const token = await this.tokens.findById(id, tx);
    if (token && isRenewable(token, token.user, now)) {
      await this.lockOwner(token.userId, now, tx);
    }
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

  /**
   * Replaces the secret of a token and keeps the digest of the replaced one for leak reports. Returns `false`
   * if the token was changed meanwhile.
   *
   * @param presented the token that the actor used; `null` on the command line.
   * @throws ApplicationError `token_limit`.
   */
  async replaceSecret(
    token: Token,
    edit: Partial<Token> & Pick<Token, 'digest' | 'lifeStartTime'>,
    presented: Presented | null,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<boolean> {
    if (!(await this.tokens.update(token, edit, tx))) {
      return false;
    }
    const secret = {
      digest: token.digest,
      tokenId: token.id,
      version: token.version,
      rotationTime: edit.lifeStartTime,
      nextDigest: edit.digest,
      rotatorDigest: actor.token?.digest ?? null,
      rotatorTokenId: presented?.kind === 'api' ? presented.id : null,
      leakReportTime: null,
    };
    const deleted = await this.rotatedSecrets.insert(secret, tx);
    // A thief could otherwise drop the stolen secret within a day.
    if (deleted && deleted.rotationTime > edit.lifeStartTime - DAY_MILLISECONDS) {
      throw new ApplicationError('token_limit', {
        detail: `This token was rotated ${ROTATED_SECRETS_MAX} times in the last 24 hours. Rotate it less often, or create a new one.`,
      });
    }
    if (presented && token.userId !== actor.id) {
      await this.addSecretHolders(token, { id: presented.id, userId: actor.id }, tx);
    }
    return true;
  }

  /**
   * Adds the owners of the presented token and of its ancestors to the lineage of a token of another user:
   * they can know its secret now, and their deletion revokes it. Each user takes one row, however often they
   * rotate it.
   *
   * @throws ApplicationError `token_limit`.
   */
  private async addSecretHolders(
    token: Token,
    presented: Pick<Token, 'id' | 'userId'>,
    tx: WriteTransaction,
  ): Promise<void> {
    const above = await this.lineage.findAncestors(token, tx);
    const holders = new Set(ancestorOwnersOf(await this.lineage.ancestorsOfChild(presented, tx)));
    [token.userId, ...ancestorOwnersOf(above)].forEach((known) => holders.delete(known));
    if (holders.size > 0 && above.length + holders.size > ANCESTORS_MAX) {
      throw new ApplicationError('token_limit', {
        detail: `More than ${ANCESTORS_MAX} tokens and users have created or rotated this token. Revoke it, and create a new one.`,
      });
    }
    const rows = [...holders].map((id) => ({ ancestorId: id, ancestorUserId: id }));
    await this.lineage.insert(token, rows, tx);
  }
}

function ancestorOwnersOf(ancestors: readonly Ancestor[]): string[] {
  return ancestors.flatMap(({ ancestorUserId }) => ancestorUserId ?? []);
}
