import { Injectable } from '@nestjs/common';
import { AuditService, type AuditRecord } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { inParts } from '../../common/in-parts.js';
import { isRestricted, type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { isOwn, noSuchToken } from '../access/token-access.service.js';
import { isVisible, visibilityOf } from '../access/token-visibility.js';
import { auditedTokens, tokenReferences, tokenSubject, type AuditedToken } from '../model/token-audit.js';
import { REFERENCES_MAX, TokenLineageRepository, type Ancestor } from '../model/token-lineage.repository.js';
import { TokensRepository } from '../model/tokens.repository.js';
import { TokenApprovals } from './token-approvals.js';

/** Result of a revocation of descendants. */
export interface RevokedDescendants {
  readonly tokens: readonly AuditedToken[];
  /** Number of revoked approvals: see {@link TokenApprovals}. */
  readonly approvals: number;
}

/** Audit entry of a change of a token, and the descendants that were revoked with it. */
type TokenRecord = Omit<AuditRecord, 'subject'> & { readonly revoked?: RevokedDescendants | undefined };

/** Revokes the tokens that were created with a token, directly or through others, and records it. */
@Injectable()
export class DescendantRevocations {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly approvals: TokenApprovals,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Locks authority if the actor may revoke the tokens of others. Returns the refreshed actor. All changes of
   * authority wait for this lock, so only such actors take it: revoking one's own tokens needs no permission.
   *
   * @throws ApplicationError `not_found` for a token that the actor may not see, before it locks.
   */
  async lockAuthority(id: string, actor: Principal, tx: WriteTransaction): Promise<Principal> {
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

  /**
   * Revokes all descendants of a token, including expired ones, because they can be renewed. Also ends the
   * approvals with it, which would create more of them.
   *
   * @param actor the user who revokes them; absent = a leak report.
   * @throws ApplicationError `forbidden`.
   */
  async revoke(id: string, tx: WriteTransaction, actor?: Principal): Promise<RevokedDescendants> {
    const now = this.clock.now();
    const tokens: AuditedToken[] = [];
    // Approvals with revoked descendants do not work.
    const approvals = await this.approvals.endApprovals(id, tx);
    for (;;) {
      const below = await this.lineage.findUnrevokedDescendants(id, tx);
      if (below.length === 0) {
        return { tokens, approvals };
      }
      if (actor) {
        checkOwnOrMayWrite(below, actor);
      }
      for await (const ids of inParts(below.map((token) => token.id))) {
        await this.tokens.editAll(ids, { revocationReason: 'ancestor_revoked', revocationTime: now }, tx);
      }
      tokens.push(...below);
      // Again: another token may have been created with one of them while this transaction waited for its
      // row.
    }
  }

  /**
   * Revokes the descendants of a token that was purged, or deleted with its user.
   *
   * @throws ApplicationError `not_found`, also if it has none.
   */
  async revokeOfDeleted(
    id: string,
    actor: Principal,
    reason: { reason?: string },
    tx: WriteTransaction,
  ): Promise<readonly AuditedToken[]> {
    const gone = await this.lineage.findAncestor(id, tx);
    const canSee = gone && !isRestricted(actor) && isVisibleDeleted(gone, actor);
    const revoked = canSee ? await this.revoke(id, tx, actor) : undefined;
    if (!revoked || revoked.tokens.length === 0) {
      throw noSuchToken();
    }
    await this.audit.record(
      {
        action: 'authn_token_revoked',
        actor,
        subject: { kind: 'token', id, name: 'deleted' },
        about: referencesTo(revoked),
        after: { ...reason, ...auditedTokens(revoked.tokens), ...auditedDescendants(revoked) },
      },
      tx,
    );
    return revoked.tokens;
  }

  /** Records a change of a token, which is also found by the revoked descendants. */
  record(
    token: AuditedToken,
    { about = [], after, revoked, ...record }: TokenRecord,
    tx: WriteTransaction,
  ): Promise<void> {
    const { subject, about: owners } = tokenSubject(token);
    return this.audit.record(
      {
        ...record,
        subject,
        about: [...owners, ...about, ...(revoked ? referencesTo(revoked) : [])],
        ...((after ?? revoked) && { after: { ...after, ...(revoked && auditedDescendants(revoked)) } }),
      },
      tx,
    );
  }
}

function referencesTo({ tokens }: RevokedDescendants) {
  return tokenReferences(tokens.slice(0, REFERENCES_MAX));
}

/**
 * Returns the ids of revoked descendants for the audit trail, with the number of revoked approvals. If there
 * are too many, returns the first ones and the number.
 */
function auditedDescendants({ tokens, approvals }: RevokedDescendants) {
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
