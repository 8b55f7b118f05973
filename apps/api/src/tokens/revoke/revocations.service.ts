import { Injectable } from '@nestjs/common';
import { type AuditAction } from '@latchkey/auth-models';
import { type AuditRecord, AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { inParts } from '../../common/in-parts.js';
import { Clock } from '../../common/clock.service.js';
import { isRestricted, type Principal } from '../../common/request/principal.js';
import { checkVersion, stale, type VersionCondition } from '../../common/request/version-condition.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import {
  auditedExpiry,
  auditedIdentity,
  auditedReason,
  tokenReferences,
  tokenSubject,
  type AuditedToken,
} from '../model/token-audit.js';
import { isLive, isRenewable } from '../model/token-state.js';
import { isOwn, noSuchToken, TokenAccess } from '../access/token-access.service.js';
import { isVisible, visibilityOf } from '../access/token-visibility.js';
import { REFERENCES_MAX, TokenLineageRepository, type Ancestor } from '../model/token-lineage.repository.js';
import { ownerIdsOf, TokensRepository, type OwnedToken } from '../model/tokens.repository.js';
import { TokenApprovals } from './token-approvals.js';

/** Options for the revocation of a token. */
interface Revocation {
  /** Whether tokens that were created with it, directly or through others, are revoked as well. */
  descendants?: boolean;
  /** Reason for the audit trail. */
  reason?: string;
  condition?: VersionCondition;
}

/** Result of a revocation of descendants. */
export interface RevokedDescendants {
  readonly tokens: readonly AuditedToken[];
  /** Number of revoked approvals: see {@link TokenApprovals}. */
  readonly approvals: number;
}

/** Revokes single tokens. A revocation is final. */
@Injectable()
export class RevocationsService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly approvals: TokenApprovals,
    private readonly access: TokenAccess,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
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
        if (!(await this.tokens.revoke(id, 'logged_out', this.clock.now(), tx))) {
          throw new ApplicationError('token_revoked');
        }
        await this.record('authn_logout', { id, userId: actor.id, user: actor }, [], actor, tx);
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
      const refreshed = descendants ? await this.lockForDescendants(id, actor, tx) : actor;
      if (descendants && !condition && !(await this.tokens.findById(id, tx))) {
        return this.revokeDescendantsOfDeleted(id, refreshed, reason, tx);
      }
      const token = descendants
        ? await this.access.getWritableTree(id, refreshed, tx)
        : await this.access.getWritable(id, refreshed, tx);
      checkVersion(condition, token.version);

      const isRevoked = await this.revokeOne(token, tx);
      const revoked = descendants ? await this.revokeDescendants(token, tx, refreshed) : undefined;
      if (!isRevoked && (!revoked || isNothing(revoked))) {
        throw noSuchToken();
      }
      const below = revoked?.tokens ?? [];
      await this.record('authn_token_revoked', token, below, actor, tx, {
        before: auditedIdentity(token),
        ...((revoked || reason !== undefined) && {
          after: { ...auditedReason(reason), ...(revoked && auditedDescendants(revoked)) },
        }),
      });
      return [token, ...below];
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
      await this.audit.record(
        {
          action: 'authn_token_updated',
          actor,
          ...tokenSubject(token),
          before: { ...auditedIdentity(token), supersededUntil: auditedExpiry(previousExpirationTime) },
          after: { ...auditedIdentity(token), supersededUntil: auditedExpiry(now) },
        },
        tx,
      );
      return token;
    }, ownerIdsOf);
  }

  /**
   * Locks authority if the actor may revoke the tokens of others. Returns the refreshed actor. All changes of
   * authority wait for this lock, so only such actors take it: revoking one's own tokens needs no permission.
   *
   * @throws ApplicationError `not_found` for a token that the actor may not see, before it locks.
   */
  async lockForDescendants(id: string, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    if (!actor.permissions.has('tokens:write')) {
      return actor;
    }
    const token = await this.tokens.findById(id, tx);
    const ancestor = token ? null : await this.lineage.findAncestor(id, tx);
    if (!(token ? isVisible(visibilityOf(actor), token) : ancestor && isVisibleDeleted(ancestor, actor))) {
      throw noSuchToken();
    }
    return this.escalation.lockAndRefresh(actor, tx);
  }

  /** Revokes the descendants of a token that was purged, or deleted with its user. */
  private async revokeDescendantsOfDeleted(
    id: string,
    actor: Principal,
    reason: string | undefined,
    tx: WriteTransaction,
  ): Promise<AuditedToken[]> {
    const gone = await this.lineage.findAncestor(id, tx);
    const canSee = gone && !isRestricted(actor) && isVisibleDeleted(gone, actor);
    const revoked = canSee ? await this.revokeDescendants({ id }, tx, actor) : undefined;
    if (!revoked || revoked.tokens.length === 0) {
      throw noSuchToken();
    }
    const below = [...revoked.tokens];
    await this.audit.record(
      {
        action: 'authn_token_revoked',
        actor,
        subject: { kind: 'token', id, name: 'deleted' },
        about: tokenReferences(below.slice(0, REFERENCES_MAX)),
        after: { ...auditedReason(reason), ...auditedDescendants(revoked) },
      },
      tx,
    );
    return below;
  }

  /** Revokes a token, or an expired one that can be renewed. Returns `false` for all others. */
  private async revokeOne(token: OwnedToken, tx: WriteTransaction): Promise<boolean> {
    const now = this.clock.now();
    const canWork = isLive(token, token.user, now) || isRenewable(token, token.user, now);
    return canWork && (await this.tokens.revoke(token.id, 'revoked', now, tx));
  }

  /**
   * Revokes all descendants of a token, including expired ones, because they can be renewed. Also ends the
   * approvals with it, which would create more of them.
   *
   * @param actor the user who revokes them; absent = a leak report.
   * @throws ApplicationError `forbidden`.
   */
  async revokeDescendants(
    token: Pick<OwnedToken, 'id'>,
    tx: WriteTransaction,
    actor?: Principal,
  ): Promise<RevokedDescendants> {
    const now = this.clock.now();
    const tokens: AuditedToken[] = [];
    // Approvals with revoked descendants do not work.
    const approvals = await this.approvals.endApprovals(token.id, tx);
    for (;;) {
      const below = await this.lineage.findUnrevokedDescendants(token.id, tx);
      if (below.length === 0) {
        return { tokens, approvals };
      }
      if (actor) {
        checkOwnOrMayWrite(below, actor);
      }
      for await (const ids of inParts(below.map(({ id }) => id))) {
        await this.tokens.editAll(ids, { revocationReason: 'ancestor_revoked', revocationTime: now }, tx);
      }
      tokens.push(...below);
      // Again: another token may have been created with one of them while this transaction waited for its
      // row.
    }
  }

  private record(
    action: AuditAction,
    token: AuditedToken,
    below: readonly AuditedToken[],
    actor: Principal,
    tx: WriteTransaction,
    details?: Pick<AuditRecord, 'before' | 'after'>,
  ): Promise<void> {
    const { subject, about } = tokenSubject(token);
    return this.audit.record(
      {
        action,
        actor,
        subject,
        about: [...about, ...tokenReferences(below.slice(0, REFERENCES_MAX))],
        ...details,
      },
      tx,
    );
  }
}

/**
 * Returns the ids of revoked descendants for the audit trail, with the number of revoked approvals. If there
 * are too many, returns the first ones and the number.
 */
export function auditedDescendants({ tokens, approvals }: RevokedDescendants) {
  return {
    descendants: tokens.slice(0, REFERENCES_MAX).map(({ id }) => id),
    ...(tokens.length > REFERENCES_MAX && { descendantCount: tokens.length }),
    ...(approvals > 0 && { approvals }),
  };
}

/** Whether a revocation of descendants changed nothing. */
export function isNothing({ tokens, approvals }: RevokedDescendants): boolean {
  return tokens.length + approvals === 0;
}

/**
 * Whether an actor can see a deleted token that others were created with. Canaries cannot create tokens, so
 * it was not one.
 */
function isVisibleDeleted({ ancestorId, ancestorUserId }: Ancestor, actor: Principal): boolean {
  return isVisible(visibilityOf(actor), { id: ancestorId, userId: ancestorUserId ?? '', kind: 'api' });
}

function checkOwnOrMayWrite(tokens: readonly { userId: string }[], actor: Principal): void {
  const others = tokens.filter((token) => !isOwn(token, actor));
  if (others.length > 0 && !actor.permissions.has('tokens:write')) {
    throw new ApplicationError('forbidden', {
      detail: `${others.length} of the descendants belong to other users. Revoking them requires tokens:write.`,
    });
  }
}
