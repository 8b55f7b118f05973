import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { lockRows } from '../../../platform/database/queries/lock-rows.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { Token } from '../model/token.entity.js';

/** Every query that makes way for the deletion of users. */
@Injectable()
export class TokenRemovalRepository {
  /** Which of some users have more than so many tokens, ended ones too. */
  async findOwnersOfMore(count: number, userIds: readonly string[], tx: WriteTransaction): Promise<string[]> {
    const rows = await tx
      .createQueryBuilder(Token, 'token')
      .select('token.userId', 'userId')
      .where({ userId: In([...userIds]) })
      .groupBy('token.userId')
      .having('COUNT(*) > :count', { count })
      .getRawMany<{ userId: string }>();
    return rows.map(({ userId }) => userId);
  }

  /** Deletes at most so many tokens of a user, and returns how many that were. */
  async deleteSomeOf(userId: string, limit: number, tx: WriteTransaction): Promise<number> {
    const tokens = await tx.find(Token, { select: { id: true }, where: { userId }, take: limit });
    const ids = tokens.map(({ id }) => id);
    await lockRows(Token, ids, tx);
    await tx.delete(Token, { id: In(ids) });
    return ids.length;
  }
}
