import { Injectable } from '@nestjs/common';
import { type TokenBulkRequestDto } from '@latchkey/auth-models';
import { AuditService } from '../../../audit/trail/audit.service.js';
import { type Principal } from '../../../common/request/principal.js';
import { type BulkChunk } from '../bulk-writes.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { rejectedItem } from '../bulk-items.js';
import { RolesRepository } from '../../roles/roles.repository.js';
import { ActorReader } from '../../permissions/actor-reader.js';
import { auditedExpiry, tokenReferences } from '../../tokens/model/token-audit.js';
import { isRestricted, isOwn, mayManage, TokenAccess } from '../../tokens/access/token-access.js';
import { type TokenBulkChange } from './token-bulk-actions.js';
import { TokenBulkRepository, type BulkToken, type TokenBulkEdit } from './token-bulk.repository.js';
import { TokenPermissions } from '../../tokens/access/token-permissions.js';
import { ownerIdsOf } from '../../tokens/model/tokens.repository.js';
import { isVisible, visibilityOf } from '../../tokens/access/token-visibility.js';

/** A token that is changed, and what of it. */
interface ChangedToken {
  token: BulkToken;
  edit: TokenBulkEdit;
}

/** Does a bulk request to a few tokens, in one transaction with one entry in the audit trail. */
@Injectable()
export class TokenBulkChunks {
  constructor(
    private readonly repository: TokenBulkRepository,
    private readonly roles: RolesRepository,
    private readonly actors: ActorReader,
    private readonly access: TokenAccess,
    private readonly permissions: TokenPermissions,
    private readonly audit: AuditService,
  ) {}

  async run(
    ids: readonly string[],
    change: TokenBulkChange,
    bulk: TokenBulkRequestDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<BulkChunk> {
    if (actor.permissions.has('tokens:write')) {
      await this.roles.lockAuthority(tx);
    }
    // What the caller may do, as of now: a long request is not to outlive it.
    const present = await this.actors.refresh(actor, tx);
    const tokens = await this.repository.lock(ids, tx);
    const presented = await this.access.presentedBy(actor, ids, tx);
    const above = change.checksEscalation
      ? await this.permissions.findAbove([...tokens.values()], present, tx)
      : new Set<string>();
    const changed: ChangedToken[] = [];
    const items = ids.map((id) => {
      const token = tokens.get(id);
      if (!token || !isVisible(visibilityOf(present), token)) {
        return rejectedItem(id, 'not_found');
      }
      if (!isOwn(token, present) && !present.permissions.has('tokens:write')) {
        return rejectedItem(id, 'forbidden');
      }
      if (isRestricted(present) && !mayManage(token, presented)) {
        return rejectedItem(id, 'forbidden');
      }
      const outcome = change.of(token, presented);
      const isAsWished = typeof outcome !== 'string' && !outcome.edit;
      if (above.has(id) && !isAsWished) {
        return rejectedItem(id, 'above_your_permissions');
      }
      if (typeof outcome === 'string') {
        return rejectedItem(id, outcome);
      }
      const { edit, warnings = [] } = outcome;
      if (edit) {
        changed.push({ token, edit });
      }
      return { id, status: change.status, ...(warnings.length > 0 && { warnings: [...warnings] }) };
    });
    if (changed.length > 0) {
      await this.apply(changed, tx);
      await this.record(changed, change, bulk, actor, tx);
    }
    return { items, affected: ownerIdsOf(changed.map(({ token }) => token)) };
  }

  private async apply(changed: readonly ChangedToken[], tx: WriteTransaction): Promise<void> {
    // Most edits of a request are the same.
    const alike = new Map<string, { edit: TokenBulkEdit; ids: string[] }>();
    for (const { token, edit } of changed) {
      const key = JSON.stringify(edit);
      const group = alike.get(key) ?? { edit, ids: [] };
      group.ids.push(token.id);
      alike.set(key, group);
    }
    for (const { edit, ids } of alike.values()) {
      await this.repository.edit(ids, edit, tx);
    }
  }

  private record(
    changed: readonly ChangedToken[],
    { auditAction }: TokenBulkChange,
    { action, expirationTime }: TokenBulkRequestDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    return this.audit.record(
      {
        action: auditAction,
        actor,
        origin: actor.origin,
        subject: { kind: 'token', id: null, name: 'bulk' },
        about: tokenReferences(changed.map(({ token }) => token)),
        ...beforeOf(changed),
        after: {
          action,
          ...(expirationTime !== undefined && { expirationTime }),
          tokens: changed.map(({ token, edit }) => ({
            id: token.id,
            user: token.user.name,
            ...(edit.expirationTime !== undefined && { expirationTime: auditedExpiry(edit.expirationTime) }),
          })),
        },
      },
      tx,
    );
  }
}

/** What was changed, as it was before; what is ended has nothing of that. */
function beforeOf(changed: readonly ChangedToken[]): { before?: object } {
  const tokens = changed.flatMap(({ token: { id, enabled, expirationTime }, edit }) => {
    const before = {
      ...(edit.enabled !== undefined && { enabled }),
      ...(edit.expirationTime !== undefined && { expirationTime: auditedExpiry(expirationTime) }),
    };
    return Object.keys(before).length > 0 ? [{ id, ...before }] : [];
  });
  return tokens.length > 0 ? { before: { tokens } } : {};
}
