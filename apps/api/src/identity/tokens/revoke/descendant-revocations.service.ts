import { Injectable } from '@nestjs/common';
import { AuditService } from '../../../audit/trail/audit.service.js';
import { Clock } from '../../../common/clock.js';
import { type Principal } from '../../../common/request/principal.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { type User } from '../../users/model/user.entity.js';
import { tokenReferences } from '../model/token-audit.js';
import { TokenBulkRepository } from '../../bulk/tokens/token-bulk.repository.js';
import { TokenLineageRepository, type Descendant } from '../model/token-lineage.repository.js';

/** Tokens in one entry of the audit trail, and in one statement. */
const ENTRY_SIZE = 200;

/** Revokes what users created for others with their tokens, when the users are deleted. */
@Injectable()
export class DescendantRevocations {
  constructor(
    private readonly lineage: TokenLineageRepository,
    private readonly tokens: TokenBulkRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Revokes all live tokens of others that were created with tokens of some users, directly or through others. It needs no
   * permission on the owners of these tokens: a revocation gives nobody anything.
   *
   * @returns the revoked tokens, which the caller records with {@link record} once it has locked every row that it needs.
   */
  async revokeOf(userIds: readonly string[], tx: WriteTransaction): Promise<Descendant[]> {
    const now = this.clock.now();
    const revoked: Descendant[] = [];
    for (;;) {
      const found = await this.lineage.findLiveOfOthers(userIds, now, tx);
      if (found.length === 0) {
        return revoked;
      }
      for (let start = 0; start < found.length; start += ENTRY_SIZE) {
        const ids = found.slice(start, start + ENTRY_SIZE).map(({ id }) => id);
        await this.tokens.lock(ids, tx);
        await this.tokens.edit(ids, { endReason: 'creator_deleted', revocationTime: now }, tx);
        revoked.push(...found.slice(start, start + ENTRY_SIZE));
      }
      // Once more: while we waited for a row, another token may have been created with it.
    }
  }

  /** Records revoked tokens, with the deleted users whose tokens they were created with. */
  async record(
    tokens: readonly Descendant[],
    users: readonly Pick<User, 'id' | 'name'>[],
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    for (let start = 0; start < tokens.length; start += ENTRY_SIZE) {
      await this.recordPart(tokens.slice(start, start + ENTRY_SIZE), users, actor, tx);
    }
  }

  private recordPart(
    tokens: readonly Descendant[],
    users: readonly Pick<User, 'id' | 'name'>[],
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    return this.audit.record(
      {
        action: 'authn_token_revoked',
        actor,
        origin: actor.origin,
        subject: { kind: 'token', id: null, name: 'bulk' },
        about: [...tokenReferences(tokens), ...users.map(({ id, name }) => ({ id, name }))],
        after: {
          action: 'revoke',
          createdWithTokensOf: users.map(({ name }) => name),
          tokens: tokens.map(({ id, user }) => ({ id, user: user.name })),
        },
      },
      tx,
    );
  }
}
