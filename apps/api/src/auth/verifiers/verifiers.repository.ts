import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { lockRows } from '../../platform/database/queries/lock-rows.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { User } from '../../users/model/user.entity.js';
import { Verifier } from './verifier.entity.js';

/** Queries on the verifiers. */
@Injectable()
export class VerifiersRepository {
  constructor(@InjectRepository(Verifier) private readonly verifiers: Repository<Verifier>) {}

  /** Returns the verifier with this id and locks its row on PostgreSQL. */
  lock(id: string, tx: WriteTransaction): Promise<Verifier | null> {
    const isPostgres = tx.dataSource.options.type === 'postgres';
    return tx.findOne(Verifier, {
      where: { id },
      ...(isPostgres && { lock: { mode: 'pessimistic_write' as const } }),
    });
  }

  count(tx: WriteTransaction): Promise<number> {
    return tx.count(Verifier);
  }

  /**
   * Locks the row of a user, so that simultaneous new verifiers of the user are counted one after the other.
   */
  lockUser(userId: string, tx: WriteTransaction): Promise<void> {
    return lockRows(User, [userId], tx);
  }

  countOf(userId: string, tx: WriteTransaction): Promise<number> {
    return tx.countBy(Verifier, { userId });
  }

  /**
   * Deletes the verifier of a user whose last report is the oldest, if that was before a time. Returns
   * whether there was one.
   */
  async deleteOldestOf(userId: string, before: EpochMilliseconds, tx: WriteTransaction): Promise<boolean> {
    const oldest = await tx.findOne(Verifier, {
      where: { userId, reportTime: LessThan(before) },
      order: { reportTime: 'ASC', id: 'ASC' },
    });
    if (oldest) {
      await tx.delete(Verifier, { id: oldest.id });
    }
    return oldest !== null;
  }

  /** Creates a verifier, unless another transaction has. */
  async insert(verifier: Verifier, tx: WriteTransaction): Promise<void> {
    await tx.createQueryBuilder().insert().into(Verifier).values(verifier).orIgnore().execute();
  }

  async update(id: string, changes: Partial<Verifier>, tx: WriteTransaction): Promise<void> {
    await tx.update(Verifier, { id }, changes);
  }

  /**
   * Deletes the verifiers that have not reported since a time. On PostgreSQL, skips those that another
   * transaction has locked.
   */
  async deleteBefore(time: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    const isPostgres = tx.dataSource.options.type === 'postgres';
    const lock = isPostgres ? ' FOR UPDATE SKIP LOCKED' : '';
    await tx
      .createQueryBuilder()
      .delete()
      .from(Verifier)
      .where(`"id" IN (SELECT "id" FROM "verifiers" WHERE "reportTime" < :time${lock})`, { time })
      .execute();
  }

  /** Returns the verifiers that reported since a time, newest first, with the number of all. */
  find(since: EpochMilliseconds, limit: number): Promise<[Verifier[], number]> {
    return this.verifiers
      .createQueryBuilder('verifier')
      .leftJoin('verifier.user', 'user')
      .addSelect(['user.id', 'user.name'])
      .where('verifier."reportTime" >= :since', { since })
      .orderBy('verifier.reportTime', 'DESC')
      .addOrderBy('verifier.id')
      .take(limit)
      .getManyAndCount();
  }
}
