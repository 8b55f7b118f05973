import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { lruCache } from '../../common/lru-cache.js';
import { isLimited, isRestricted, restricted, type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { TokenLineageRepository } from '../model/token-lineage.repository.js';
import { type Token } from '../model/token.entity.js';
import { type Presented } from '../model/token-lifetime-policy.service.js';
import { isLive } from '../model/token-state.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';
import { isVisible, visibilityOf, type VisibilityColumns, type TokenVisibility } from './token-visibility.js';

const FAMILIES_MAX = 20_000;

/**
 * Access of callers to single tokens: their own, and those of others with `tokens:read` and `tokens:write`.
 */
@Injectable()
export class TokenAccess {
  /** Ids of the families of limited tokens. */
  private readonly families = lruCache<string, string>(FAMILIES_MAX);

  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly escalation: EscalationPolicy,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the caller with the family of its token, if that is limited: the first limited token of its user
   * that it descends from. A family shares one write budget, because a limited token can create others.
   */
  async withFamily(actor: Principal): Promise<Principal> {
    if (!isLimited(actor)) {
      return actor;
    }
    const { id: userId, token } = actor;
    const familyId =
      this.families.get(token.id) ?? (await this.lineage.findLimitedRoot({ id: token.id, userId }));
    this.families.set(token.id, familyId);
    return { ...actor, token: { ...token, familyId } };
  }

  /**
   * Checks that the actor presents an unlimited session. Returns the refreshed actor. Otherwise a limited
   * token, or one that expires soon, could obtain a token with more permissions.
   *
   * @throws ApplicationError `forbidden`, or `token_revoked` if the session was just revoked.
   */
  async checkUnlimitedSession(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    const refreshed = await this.escalation.refresh(actor, tx);
    const token = refreshed.token && (await this.tokens.findById(refreshed.token.id, tx));
    if (token && !isLive(token, token.user, this.clock.now())) {
      throw new ApplicationError('token_revoked');
    }
    if (token?.kind !== 'session' || token.scope !== null) {
      throw new ApplicationError('forbidden', {
        detail:
          'This requires a session without limits. Sign in, instead of using an API token or a limited session.',
      });
    }
    return refreshed;
  }

  /**
   * Returns a token that the actor can see.
   *
   * @throws ApplicationError `not_found`, for hidden tokens as for unknown ones.
   */
  async getReadable(id: string, actor: Principal): Promise<OwnedToken> {
    const token = await this.tokens.findById(id);
    if (!token || !(await this.findVisible([token], visibilityOf(actor))).has(id)) {
      throw noSuchToken();
    }
    return token;
  }

  /** Returns the ids of those tokens that are visible. */
  async findVisible(
    tokens: readonly VisibilityColumns[],
    visibility: TokenVisibility,
    tx?: WriteTransaction,
  ): Promise<ReadonlySet<string>> {
    const { rootId } = visibility;
    const ids = tokens.map(({ id }) => id);
    const below = rootId === undefined ? undefined : await this.lineage.findDescendantsAmong(rootId, ids, tx);
    return new Set(tokens.filter((token) => isVisible(visibility, token, below)).map(({ id }) => id));
  }

  /**
   * Returns a token that the actor may change. Locks its row until the transaction ends, so that the checked
   * version is the one that is changed. Also locks authority if the token belongs to another user.
   *
   * @throws ApplicationError `not_found`, for hidden tokens as for unknown ones, or `forbidden` if the actor
   *   can only see it.
   */
  async getWritable(id: string, actor: Principal, tx: WriteTransaction): Promise<OwnedToken> {
    await this.checkWritable(id, actor, tx);
    return existing(await this.tokens.lock(id, tx));
  }

  /** Does the same as {@link getWritable}, and locks the descendants of the token as well. */
  async getWritableTree(id: string, actor: Principal, tx: WriteTransaction): Promise<OwnedToken> {
    await this.checkWritable(id, actor, tx);
    return existing(await this.tokens.lockTree(id, tx));
  }

  /**
   * Returns the presented token with the tokens among `ids` that were created with it, or `null` on the
   * command line, which presents none.
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
    return { ...presented, created: await this.lineage.findDescendantsAmong(token.id, ids, tx) };
  }

  /**
   * Checks that the actor may change a token. If the token belongs to another user, it locks authority.
   *
   * @throws ApplicationError as {@link getWritable} does.
   */
  async checkWritable(id: string, actor: Principal, tx: WriteTransaction): Promise<void> {
    const token = await this.tokens.findById(id, tx);
    if (!token || !(await this.findVisible([token], visibilityOf(actor), tx)).has(id)) {
      throw noSuchToken();
    }
    if (!isOwn(token, actor)) {
      checkMayWrite(token, actor);
      // Authority is locked before any row. Changes of the actor's own tokens need no lock on authority.
      checkMayWrite(token, await this.escalation.lockAndRefresh(actor, tx));
    } else if (isRestricted(actor) && !mayManage(token, await this.presentedBy(actor, [id], tx))) {
      throw restricted();
    }
  }
}

/** Whether a token belongs to the actor. */
export function isOwn({ userId }: { userId: string }, actor: Principal): boolean {
  return userId === actor.id;
}

/** Whether a restricted token manages a token: itself, or one created with it. */
export function mayManage({ id }: Pick<Token, 'id'>, presented: Presented | null): boolean {
  return presented?.id === id || presented?.created.has(id) === true;
}

/** @throws ApplicationError `conflict` for a token that is revoked, expired or used up. */
export function checkLive(token: OwnedToken, now: EpochMilliseconds): void {
  if (!isLive(token, token.user, now)) {
    const state =
      token.revocationReason === 'used_up'
        ? 'has reached its maximum number of uses'
        : 'is revoked or expired';
    throw new ApplicationError('conflict', { detail: `The token ${state}. Create a new one.` });
  }
}

/** @throws ApplicationError `conflict` for a canary, which has a note and nothing else to change. */
export function rejectCanary({ kind }: Pick<Token, 'kind'>): void {
  if (kind === 'canary') {
    throw new ApplicationError('conflict', {
      detail:
        'The token is a canary. You can change its note, or disable or revoke it. To replace its secret, create a new one.',
    });
  }
}

function existing(token: OwnedToken | null): OwnedToken {
  if (!token) {
    throw noSuchToken();
  }
  return token;
}

/** Returns the error for a token that is unknown, hidden, revoked or expired. */
export function noSuchToken(): ApplicationError {
  return new ApplicationError('not_found', {
    detail: 'There is no such token, or you cannot see it, or it is already revoked or expired.',
  });
}

/** Hides the existence of a token from actors who cannot see it. */
function checkMayWrite(token: OwnedToken, actor: Principal): void {
  if (!isVisible(visibilityOf(actor), token)) {
    throw noSuchToken();
  }
  if (!actor.permissions.has('tokens:write')) {
    throw new ApplicationError('forbidden', { detail: 'This requires tokens:write.' });
  }
}
