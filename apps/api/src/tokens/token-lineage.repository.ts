import { Injectable } from '@nestjs/common';
import { lockRows } from '../database/lock-rows.js';
import { type EpochMilliseconds } from '../common/clock.js';
import { type WriteTransaction } from '../database/writes.js';
import { type User } from '../users/user.entity.js';
import { Token } from './token.entity.js';
import { TokenAncestor } from './token-ancestor.entity.js';
import { onlyLive } from './tokens.repository.js';

/** A token that others were created with, and its owner. */
export type Ancestor = Pick<TokenAncestor, 'ancestorId' | 'ancestorUserId'>;

/** A token that was created with others, and its owner. */
export type Descendant = Pick<Token, 'id' | 'userId'> & { user: Pick<User, 'name'> };

/** Every query on which tokens were created with which, directly or through others. Purged and deleted ones count as well. */
@Injectable()
export class TokenLineageRepository {
  /** Returns the ancestors of a token that is created with this one. */
  async ancestorsBelow({ id, userId }: Token, tx: WriteTransaction): Promise<Ancestor[]> {
    const above = await tx.find(TokenAncestor, {
      select: { ancestorId: true, ancestorUserId: true },
      where: { tokenId: id },
    });
    return [{ ancestorId: id, ancestorUserId: userId }, ...above];
  }

  async insert({ id }: Token, ancestors: readonly Ancestor[], tx: WriteTransaction): Promise<void> {
    if (ancestors.length > 0) {
      await tx.insert(
        TokenAncestor,
        ancestors.map(({ ancestorId, ancestorUserId }) => ({ tokenId: id, ancestorId, ancestorUserId })),
      );
    }
  }

  /** Returns which of some tokens were created with a token. */
  async findBelow(id: string, among: readonly string[], tx: WriteTransaction): Promise<ReadonlySet<string>> {
    if (among.length === 0) {
      return new Set();
    }
    const rows = await tx
      .createQueryBuilder(TokenAncestor, 'link')
      .select('link.tokenId', 'tokenId')
      .where('link.ancestorId = :id AND link.tokenId IN (:...among)', { id, among })
      .getRawMany<Pick<TokenAncestor, 'tokenId'>>();
    return new Set(rows.map(({ tokenId }) => tokenId));
  }

  /** Locks a token and all its descendants, in the order of their ids like every other transaction that locks several. */
  async lockTree(id: string, tx: WriteTransaction): Promise<void> {
    const links = await tx.find(TokenAncestor, { select: { tokenId: true }, where: { ancestorId: id } });
    await lockRows(Token, [id, ...links.map(({ tokenId }) => tokenId)], tx);
  }

  /** Returns the live tokens that were created with a token, in the order of their ids. */
  async findLiveBelow(id: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<Descendant[]> {
    const rows = await onlyLive(tx.createQueryBuilder(Token, 'token'), now)
      .andWhere(
        'token.id IN (SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorId" = :id)',
      )
      .setParameter('id', id)
      .select('token.id', 'id')
      .addSelect('token.userId', 'userId')
      .addSelect('owner.name', 'name')
      .orderBy('token.id')
      .getRawMany<Pick<Token, 'id' | 'userId'> & Pick<User, 'name'>>();
    return rows.map(({ id, userId, name }) => ({ id, userId, user: { name } }));
  }
}
