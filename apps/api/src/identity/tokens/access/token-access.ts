import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../../common/application-error.js';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { type Principal } from '../../../common/request/principal.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { ActorReader } from '../../permissions/actor-reader.js';
import { TokenLineageRepository } from '../model/token-lineage.repository.js';
import { type Token } from '../model/token.entity.js';
import { type Presented } from '../model/token-lifetime-policy.js';
import { isVisible, visibilityOf } from './token-visibility.js';
import { isLive } from '../model/token-state.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';

/** Who may see and change which token: its owner, and who may see or change all of them. */
@Injectable()
export class TokenAccess {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly actors: ActorReader,
  ) {}

  /** A token that somebody may see. @throws ApplicationError `not_found`, alike for unknown and hidden. */
  async getReadable(id: string, actor: Principal): Promise<OwnedToken> {
    const token = await this.tokens.findById(id);
    if (!token || !isVisible(visibilityOf(actor), token)) {
      throw noSuchToken();
    }
    return token;
  }

  /**
   * Returns a token that the actor may change, and locks its row until the transaction ends: the version that a
   * condition is compared with is the one that is changed. If the token belongs to another user, it locks authority as well.
   *
   * @throws ApplicationError `not_found`, alike for unknown and hidden, or `forbidden` to who sees it only.
   */
  async getWritable(id: string, actor: Principal, tx: WriteTransaction): Promise<OwnedToken> {
    await this.checkWritable(id, actor, tx);
    const token = await this.tokens.lock(id, tx);
    if (!token) {
      throw noSuchToken();
    }
    return token;
  }

  /** Does the same, and locks the descendants of the token as well. */
  async getWritableTree(id: string, actor: Principal, tx: WriteTransaction): Promise<OwnedToken> {
    await this.checkWritable(id, actor, tx);
    await this.lineage.lockTree(id, tx);
    return this.getWritable(id, actor, tx);
  }

  /**
   * Returns the token that the actor presents, and which of some tokens were created with it; `null` on the command line,
   * where none is presented.
   *
   * @throws ApplicationError `token_revoked` if it was deleted meanwhile.
   */
  async presentedBy(
    { token }: Principal,
    ids: readonly string[],
    tx: WriteTransaction,
  ): Promise<Presented | null> {
    if (!token) {
      return null;
    }
    const presented = await this.tokens.findById(token.id, tx);
    if (!presented) {
      throw new ApplicationError('token_revoked');
    }
    return { ...presented, created: await this.lineage.findBelow(token.id, ids, tx) };
  }

  private async checkWritable(id: string, actor: Principal, tx: WriteTransaction): Promise<void> {
    const token = await this.tokens.findById(id, tx);
    if (!token) {
      throw noSuchToken();
    }
    if (!isOwn(token, actor)) {
      checkMayWrite(token, actor);
      // The lock on authority comes before that on any row. Changes of one's own tokens need none.
      checkMayWrite(token, await this.actors.lockAndRefresh(actor, tx));
    } else if (isRestricted(actor) && !mayManage(token, await this.presentedBy(actor, [id], tx))) {
      throw narrowed();
    }
  }
}

/** Whether a token belongs to somebody. */
export function isOwn({ userId }: { userId: string }, actor: Principal): boolean {
  return userId === actor.id;
}

/**
 * Whether the presented token is limited, and conveys no permission to go beyond that: then it manages itself and tokens
 * created with it, and nothing else of its user's.
 */
export function isRestricted({ token, permissions }: Principal, permission = 'tokens:write'): boolean {
  return token !== undefined && token.limit !== null && !permissions.has(permission);
}

/** Whether a token is the presented one, or was created with it. */
export function mayManage({ id }: Pick<Token, 'id'>, presented: Presented | null): boolean {
  return presented?.id === id || presented?.created.has(id) === true;
}

/**
 * Checks that the presented token may change more of its user's account than itself.
 *
 * @throws ApplicationError `forbidden`.
 */
export function checkNotRestricted(actor: Principal, permission = 'tokens:write'): void {
  if (isRestricted(actor, permission)) {
    throw narrowed(permission);
  }
}

function narrowed(permission = 'tokens:write'): ApplicationError {
  return new ApplicationError('forbidden', {
    detail: `The token you use is limited, so it manages only itself and tokens created with it. Use one without limits, or with ${permission}.`,
  });
}

/** @throws ApplicationError `conflict` for a token that is revoked or expired. */
export function checkLive(token: OwnedToken, now: EpochMilliseconds): void {
  if (!isLive(token, token.user, now)) {
    throw new ApplicationError('conflict', { detail: 'The token has ended and stays so; make a new one.' });
  }
}

/** What is said of a token that is not there, or not to be seen. */
export function noSuchToken(): ApplicationError {
  return new ApplicationError('not_found', {
    detail: 'There is no such token, or none that you may see; it may have ended already.',
  });
}

/** Who sees another's token and may not change it is told so; to who does not see it, it is not there. */
function checkMayWrite(token: OwnedToken, actor: Principal): void {
  if (!isVisible(visibilityOf(actor), token)) {
    throw noSuchToken();
  }
  if (!actor.permissions.has('tokens:write')) {
    throw new ApplicationError('forbidden', { detail: 'This needs tokens:write.' });
  }
}
