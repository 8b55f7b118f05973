import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, stale, type VersionCondition } from '../../common/request/version-condition.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import {
  auditedExpiry,
  auditedIdentity,
  auditedReason,
  auditedTokens,
  type AuditedToken,
} from '../model/token-audit.js';
import { isLive, isRenewable } from '../model/token-state.js';
import { noSuchToken, TokenAccess } from '../access/token-access.service.js';
import { ownerIdsOf, TokensRepository } from '../model/tokens.repository.js';
import { DescendantRevocations, isNothing } from './descendant-revocations.service.js';

/** Options for the revocation of a token. */
interface Revocation {
  /** Whether tokens that were created with it, directly or through others, are revoked as well. */
  descendants?: boolean;
  /** Reason for the audit trail. */
  reason?: string;
  condition?: VersionCondition;
}

/** Revokes single tokens. A revocation is final. */
@Injectable()
export class RevocationsService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly access: TokenAccess,
    private readonly descendants: DescendantRevocations,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Revokes the presented token.
   *
   * @throws ApplicationError `token_revoked` if it was just revoked, or the error of the condition.
   */
  logOut(actor: Principal, condition?: VersionCondition): Promise<void> {
    const id = actor.token?.id ?? '';
    return this.writes.transaction(
      async (tx) => {
        checkVersion(condition, condition && (await this.tokens.lock(id, tx))?.version);
        if (!(await this.tokens.revoke(id, 'logged_out', tx))) {
          throw new ApplicationError('token_revoked');
        }
        const token = { id, userId: actor.id, user: actor };
        await this.descendants.record(token, { action: 'authn_logout', actor }, tx);
      },
      [actor.id],
    );
  }

  /**
   * Revokes a token, and on request its descendants, even if the token itself was purged or deleted.
   *
   * @throws ApplicationError `forbidden`, or `not_found` for unknown, hidden, revoked and expired tokens.
   *   An expired token that can be renewed counts as valid.
   */
  async revoke(id: string, revocation: Revocation, actor: Principal): Promise<void> {
    const { descendants, reason, condition } = revocation;
    /** Returns tokens of all affected owners. */
    const revoke = async (tx: WriteTransaction): Promise<readonly Pick<AuditedToken, 'userId'>[]> => {
      // Descendants can belong to other users, and authority is locked before any row.
      const refreshed = descendants ? await this.descendants.lockAuthority(id, actor, tx) : actor;
      if (descendants && !condition && !(await this.tokens.findById(id, tx))) {
        return this.descendants.revokeOfDeleted(id, refreshed, auditedReason(reason), tx);
      }
      const token = descendants
        ? await this.access.getWritableTree(id, refreshed, tx)
        : await this.access.getWritable(id, refreshed, tx);
      checkVersion(condition, token.version);

      const now = this.clock.now();
      const canWork = isLive(token, token.user, now) || isRenewable(token, token.user, now);
      const isRevoked = canWork && (await this.tokens.revoke(id, 'revoked', tx));
      const revoked = descendants ? await this.descendants.revoke(id, tx, refreshed) : undefined;
      if (!isRevoked && (!revoked || isNothing(revoked))) {
        throw noSuchToken();
      }
      const before = auditedIdentity(token);
      const all = [...(isRevoked ? [token] : []), ...(revoked?.tokens ?? [])];
      const after =
        reason === undefined && !revoked
          ? undefined
          : { ...auditedReason(reason), ...(revoked && auditedTokens(all)) };
      const record = { action: 'authn_token_revoked', actor, before, after, revoked } as const;
      await this.descendants.record(token, record, tx);
      return [token, ...(revoked?.tokens ?? [])];
    };
    await this.writes.transaction(revoke, ownerIdsOf);
  }

  /**
   * Revokes the superseded secret of a token. The current secret keeps working.
   *
   * @throws ApplicationError `not_found` if no superseded secret works, or as {@link revoke} does.
   */
  async revokeSuperseded(id: string, actor: Principal, condition?: VersionCondition): Promise<void> {
    await this.writes.transaction(async (tx) => {
      const token = await this.access.getWritable(id, actor, tx);
      checkVersion(condition, token.version);
      const now = this.clock.now();
      const { previousExpirationTime } = token;
      if (
        previousExpirationTime === null ||
        previousExpirationTime <= now ||
        !isLive(token, token.user, now)
      ) {
        throw new ApplicationError('not_found', {
          detail: 'The token has no superseded secret that still works.',
        });
      }
      // Without the digest, the secret stays revoked if the clock is set back. Its uses are kept.
      if (!(await this.tokens.update(token, { previousDigest: null, previousExpirationTime: now }, tx))) {
        throw stale(condition);
      }
      await this.descendants.record(
        token,
        {
          action: 'authn_token_updated',
          actor,
          before: { ...auditedIdentity(token), supersededUntil: auditedExpiry(previousExpirationTime) },
          after: { ...auditedIdentity(token), supersededUntil: auditedExpiry(now) },
        },
        tx,
      );
      return token;
    }, ownerIdsOf);
  }
}
