import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/trail/audit.service.js';
import { Clock } from '../../common/clock.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { type User } from '../../users/model/user.entity.js';
import { tokenReferences } from '../model/token-audit.js';
import { TokenLineageRepository, type Descendant } from '../model/token-lineage.repository.js';
import { TokensRepository } from '../model/tokens.repository.js';

/** Tokens in one audit entry and in one statement. */
const ENTRY_SIZE = 200;

/** Removes the tokens of users who are deleted, and revokes those that they created for others. */
@Injectable()
export class UserTokenRemovalService {
  constructor(
    private readonly lineage: TokenLineageRepository,
    private readonly tokens: TokensRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Returns the users among some who have more than `count` tokens. */
  findOwnersOfMore(count: number, userIds: readonly string[], tx: WriteTransaction): Promise<string[]> {
    return this.tokens.findOwnersOfMore(count, userIds, tx);
  }

  /** Deletes up to `limit` tokens of a user and returns their number. */
  deleteSomeOf(userId: string, limit: number, tx: WriteTransaction): Promise<number> {
    return this.tokens.deleteSomeOf(userId, limit, tx);
  }

  /**
   * Locks the tokens of users who are deleted, then revokes all tokens of others that were created with tokens of the
   * ancestor owners, directly or through others. It needs no permission on their owners, because a revocation grants nothing.
   *
   * @returns the revoked tokens. The caller records them with {@link record} once it has locked every row that it needs.
   */
  async revokeDescendants(
    deletedUserIds: readonly string[],
    ancestorUserIds: readonly string[],
    tx: WriteTransaction,
  ): Promise<Descendant[]> {
    await this.lineage.lockOfUsers(deletedUserIds, ancestorUserIds, tx);
    const now = this.clock.now();
    const revoked: Descendant[] = [];
    for (;;) {
      const found = await this.lineage.findUnrevokedOfOthers(ancestorUserIds, tx);
      if (found.length === 0) {
        return revoked;
      }
      for (const part of partsOf(found)) {
        const ids = part.map(({ id }) => id);
        await this.tokens.lockAll(ids, tx);
        await this.tokens.editAll(ids, { endReason: 'creator_deleted', revocationTime: now }, tx);
        revoked.push(...part);
      }
      // Again: another token may have been created with one of them while this transaction waited for its row.
    }
  }

  /** Records revoked tokens, with the deleted users whose tokens they were created with. */
  async record(
    tokens: readonly Descendant[],
    users: readonly Pick<User, 'id' | 'name'>[],
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    for (const part of partsOf(tokens)) {
      await this.audit.record(
        {
          action: 'authn_token_revoked',
          actor,
          origin: actor.origin,
          subject: { kind: 'token', id: null, name: 'bulk' },
          about: [...tokenReferences(part), ...users.map(({ id, name }) => ({ id, name }))],
          after: {
            action: 'revoke',
            createdWithTokensOf: users.map(({ name }) => name),
            tokens: part.map(({ id, user, preview }) => ({ id, user: user.name, tokenPreview: preview })),
          },
        },
        tx,
      );
    }
  }
}

function partsOf(tokens: readonly Descendant[]): (readonly Descendant[])[] {
  return Array.from({ length: Math.ceil(tokens.length / ENTRY_SIZE) }, (_, part) =>
    tokens.slice(part * ENTRY_SIZE, (part + 1) * ENTRY_SIZE),
  );
}
