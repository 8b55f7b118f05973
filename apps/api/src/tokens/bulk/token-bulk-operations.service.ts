import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type ErrorCode, type TokenBulkRequestDto } from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { isRestricted, type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { isOwn, mayManage, TokenAccess } from '../access/token-access.service.js';
import { TokenPermissions } from '../access/token-permissions.service.js';
import { isVisible, visibilityOf } from '../access/token-visibility.js';
import { auditedExpiry, auditedReason, auditedToken, tokenReferences } from '../model/token-audit.js';
import { TokenLifetimePolicy, type Presented } from '../model/token-lifetime-policy.service.js';
import {
  ownerIdsOf,
  TokensRepository,
  type BulkToken,
  type TokenBulkEdit,
} from '../model/tokens.repository.js';
import {
  type BulkChunk,
  type BulkEffect,
  type BulkOperation,
  type BulkPlan,
} from '../../users/bulk/bulk-engine.service.js';
import { tokenBulkAction, type TokenBulkAction } from './token-bulk-actions.js';

interface ChangedToken {
  token: BulkToken;
  edit: TokenBulkEdit;
}

/** Bulk requests on tokens as operations of the bulk engine, with one audit entry for each transaction. */
@Injectable()
export class TokenBulkOperations {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly escalation: EscalationPolicy,
    private readonly access: TokenAccess,
    private readonly permissions: TokenPermissions,
    private readonly lifetimes: TokenLifetimePolicy,
    private readonly audit: AuditService,
  ) {}

  /** @throws ApplicationError `validation_failed` if the requested expiry has passed. */
  of(
    bulk: TokenBulkRequestDto,
    actor: Principal,
    now: EpochMilliseconds,
  ): BulkOperation<string, ChangedToken> {
    const action = tokenBulkAction(bulk, now, this.lifetimes);
    return {
      status: action.status,
      idOf: (id) => id,
      open: (ids, tx) => this.open(ids, action, bulk, actor, tx),
    };
  }

  private async open(
    ids: readonly string[],
    action: TokenBulkAction,
    bulk: TokenBulkRequestDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<BulkChunk<string, ChangedToken>> {
    // Only actors who may change the tokens of others lock authority, because all changes of authority wait
    // for the lock.
    const refreshed = actor.permissions.has('tokens:write')
      ? await this.escalation.lockAndRefresh(actor, tx)
      : await this.escalation.refresh(actor, tx);
    const tokens = await this.tokens.lockAll(ids, tx);
    const presented = await this.access.presentedBy(actor, ids, tx);
    const above = action.checksEscalation
      ? await this.permissions.findMorePowerful([...tokens.values()], refreshed, tx)
      : new Set<string>();
    return {
      plan: (id) => planOf(tokens.get(id), action, above.has(id), presented, refreshed),
      apply: (changed) => this.apply(changed, action, bulk, actor, tx),
    };
  }

  private async apply(
    changed: readonly ChangedToken[],
    { auditAction, isForAdministrators }: TokenBulkAction,
    { action, reason, expirationTime, expiresIn }: TokenBulkRequestDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<BulkEffect<ChangedToken>> {
    await this.edit(changed, tx);
    // Let other requests run first: the audit entry takes as long as the edit.
    await otherWork();
    const tokens = changed.map(({ token }) => token);
    await this.audit.record(
      {
        action: auditAction,
        actor,
        subject: { kind: 'token', id: null, name: 'bulk' },
        about: tokenReferences(tokens),
        ...auditedBefore(changed),
        after: {
          action,
          ...auditedReason(reason),
          ...(expirationTime !== undefined && { expirationTime }),
          ...(expiresIn !== undefined && { expiresIn }),
          tokens: changed.map(({ token, edit }) => ({
            ...auditedToken(token),
            ...(edit.expirationTime !== undefined && { expirationTime: auditedExpiry(edit.expirationTime) }),
          })),
        },
      },
      tx,
    );
    return { affected: isForAdministrators ? [] : ownerIdsOf(tokens) };
  }

  /** Makes the edits with one statement for all tokens with the same edit, which are most. */
  private async edit(changed: readonly ChangedToken[], tx: WriteTransaction): Promise<void> {
    const groups = new Map<string, { edit: TokenBulkEdit; ids: string[] }>();
    for (const { token, edit } of changed) {
      const key = JSON.stringify(edit);
      const group = groups.get(key) ?? { edit, ids: [] };
      group.ids.push(token.id);
      groups.set(key, group);
    }
    for (const { edit, ids } of groups.values()) {
      await this.tokens.editAll(ids, edit, tx);
    }
  }
}

function planOf(
  token: BulkToken | undefined,
  action: TokenBulkAction,
  isAbove: boolean,
  presented: Presented | null,
  actor: Principal,
): BulkPlan<ChangedToken> | ErrorCode {
  if (!token || !isVisible(visibilityOf(actor), token, presented?.created)) {
    return 'not_found';
  }
  const requiresWrite = action.isForAdministrators || !isOwn(token, actor);
  if (requiresWrite && !actor.permissions.has('tokens:write')) {
    return 'forbidden';
  }
  if (isRestricted(actor) && !mayManage(token, presented)) {
    return 'forbidden';
  }
  const plan = action.plan(token, presented);
  const isUnchanged = typeof plan !== 'string' && !plan.change;
  if (isAbove && !isUnchanged) {
    return 'above_your_permissions';
  }
  if (typeof plan === 'string') {
    return plan;
  }
  const { change: edit, warnings } = plan;
  return { ...(edit && { change: { token, edit } }), ...(warnings && { warnings }) };
}

/** Returns the former values of edited tokens. A revocation changes none that are audited. */
function auditedBefore(changed: readonly ChangedToken[]): { before?: object } {
  const tokens = changed.flatMap(({ token: { id, enabled, expirationTime }, edit }) => {
    const before = {
      ...(edit.enabled !== undefined && { enabled }),
      ...(edit.expirationTime !== undefined && { expirationTime: auditedExpiry(expirationTime) }),
    };
    return Object.keys(before).length > 0 ? [{ id, ...before }] : [];
  });
  return tokens.length > 0 ? { before: { tokens } } : {};
}
