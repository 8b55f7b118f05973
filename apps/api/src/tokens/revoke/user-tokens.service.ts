import { Injectable } from '@nestjs/common';
import { type PresentedTokenDto } from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { Clock } from '../../common/clock.service.js';
import { inParts } from '../../common/in-parts.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type User } from '../../users/model/user.entity.js';
import { type RevokedTokens, type UserTokens } from '../../users/user-tokens.js';
import { AUDITED_TOKENS_MAX, auditedToken, tokenReferences } from '../model/token-audit.js';
import { TokenLineageRepository, type Descendant } from '../model/token-lineage.repository.js';
import { toPresentedTokenDto } from '../model/token.mapper.js';
import { ownerIdsOf, TokensRepository } from '../model/tokens.repository.js';
import { UserRevocationsService } from './user-revocations.service.js';

/** Tokens of users whose account changes. */
@Injectable()
export class UserTokensService implements UserTokens {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly revocations: UserRevocationsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async presented({ token }: Principal): Promise<PresentedTokenDto | undefined> {
    const stored = token && (await this.tokens.findById(token.id));
    return stored ? toPresentedTokenDto(stored, token.isSuperseded) : undefined;
  }

  revokeOthers(actor: Principal, tx: WriteTransaction): Promise<void> {
    return this.revocations.revokeOthersIn(actor, tx);
  }

  findOwnersOfMore(count: number, userIds: readonly string[], tx: WriteTransaction): Promise<string[]> {
    return this.tokens.findOwnersOfMore(count, userIds, tx);
  }

  deleteSomeOf(userId: string, limit: number, tx: WriteTransaction): Promise<number> {
    return this.tokens.deleteSomeOf(userId, limit, tx);
  }

  async revokeDescendants(
    deletedUserIds: readonly string[],
    ancestorUserIds: readonly string[],
    tx: WriteTransaction,
  ): Promise<RevokedTokens> {
    await this.lineage.lockOfUsers(deletedUserIds, ancestorUserIds, tx);
    const now = this.clock.now();
    const revoked: Descendant[] = [];
    for (;;) {
      const found = await this.lineage.findUnrevokedOfOthers(ancestorUserIds, tx);
      if (found.length === 0) {
        return {
          userIds: ownerIdsOf(revoked),
          record: (users, actor, recordTx) => this.record(revoked, users, actor, recordTx),
        };
      }
      for await (const part of inParts(found, AUDITED_TOKENS_MAX)) {
        const ids = part.map(({ id }) => id);
        await this.tokens.lockAll(ids, tx);
        await this.tokens.editAll(ids, { revocationReason: 'creator_deleted', revocationTime: now }, tx);
        revoked.push(...part);
      }
      // Again: another token may have been created with one of them while this transaction waited for its
      // row.
    }
  }

  private async record(
    tokens: readonly Descendant[],
    users: readonly Pick<User, 'id' | 'name'>[],
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    for await (const part of inParts(tokens, AUDITED_TOKENS_MAX)) {
      await this.audit.record(
        {
          action: 'authn_token_revoked',
          actor,
          subject: { kind: 'token', id: null, name: 'bulk' },
          about: [...tokenReferences(part), ...users.map(({ id, name }) => ({ id, name }))],
          after: {
            action: 'revoke',
            createdWithTokensOf: users.map(({ name }) => name),
            tokens: part.map(auditedToken),
          },
        },
        tx,
      );
    }
  }
}
