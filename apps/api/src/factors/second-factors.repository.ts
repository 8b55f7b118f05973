import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, Like, Not, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.service.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { SEALED_SQL, type SealedCount } from './missing-seal-key.js';
import { RecoveryCode, SecondFactor } from './second-factor.entity.js';

const CONFIRMED = { confirmationTime: Not(IsNull()) };

/** Factor, and the id of the key that encrypts its secret. */
export interface SealedWith {
  readonly id: string;
  readonly keyId: string;
}

/** Queries on second factors and recovery codes. */
@Injectable()
export class SecondFactorsRepository {
  private readonly confirmedStatement: string;

  constructor(
    @InjectRepository(SecondFactor) private readonly factors: Repository<SecondFactor>,
    @InjectRepository(RecoveryCode) private readonly codes: Repository<RecoveryCode>,
  ) {
    this.confirmedStatement =
      'SELECT "id" FROM "second_factors" WHERE "confirmationTime" IS NOT NULL ' +
      `AND "userId" = ${this.factors.manager.dataSource.driver.createParameter('userId', 0)} LIMIT 1`;
  }

  /** Whether a user has a confirmed factor. Every login asks, so the statement is fixed. */
  async hasConfirmed(userId: string, tx?: WriteTransaction): Promise<boolean> {
    return (await (tx ?? this.factors).query<unknown[]>(this.confirmedStatement, [userId])).length > 0;
  }

  /** Returns the confirmed factors of a user, oldest first. */
  findConfirmed(userId: string, tx?: WriteTransaction): Promise<SecondFactor[]> {
    const factors = tx ? tx.getRepository(SecondFactor) : this.factors;
    return factors.find({ where: { userId, ...CONFIRMED }, order: { creationTime: 'ASC', id: 'ASC' } });
  }

  findOwn(id: string, userId: string, tx?: WriteTransaction): Promise<SecondFactor | null> {
    return (tx ? tx.getRepository(SecondFactor) : this.factors).findOneBy({ id, userId });
  }

  /** Adds an unconfirmed factor, which replaces an earlier one of the user. */
  async add(factor: SecondFactor, tx: WriteTransaction): Promise<void> {
    await tx.delete(SecondFactor, { userId: factor.userId, confirmationTime: IsNull() });
    await tx.insert(SecondFactor, factor);
  }

  /** Confirms a factor. Returns `false` if it was confirmed or removed in the meantime. */
  async confirm(
    id: string,
    { now, ...columns }: { lastStep: number; name: string | null; now: EpochMilliseconds },
    tx: WriteTransaction,
  ): Promise<boolean> {
    const change = { confirmationTime: now, lastUsedTime: now, ...columns };
    const { affected } = await tx.update(SecondFactor, { id, confirmationTime: IsNull() }, change);
    return affected === 1;
  }

  /** Consumes the code of a time step. Returns `false` if it, or a later one, was accepted before. */
  async consumeStep(
    id: string,
    lastStep: number,
    lastUsedTime: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const criteria = { id, ...CONFIRMED, lastStep: LessThan(lastStep) };
    const { affected } = await tx.update(SecondFactor, criteria, { lastStep, lastUsedTime });
    return affected === 1;
  }

  /**
   * Removes a confirmed factor, and the recovery codes with the last one. Returns `false` if there is none.
   */
  async remove(id: string, userId: string, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.delete(SecondFactor, { id, userId, ...CONFIRMED });
    if (!(await this.hasConfirmed(userId, tx))) {
      await tx.delete(RecoveryCode, { userId });
    }
    return affected === 1;
  }

  /** Removes all factors and recovery codes of a user. Returns the number of confirmed factors. */
  async removeAll(userId: string, tx: WriteTransaction): Promise<number> {
    const count = (await this.findConfirmed(userId, tx)).length;
    await tx.delete(SecondFactor, { userId });
    await tx.delete(RecoveryCode, { userId });
    return count;
  }

  /** Counts the secrets of confirmed factors by key. */
  countSealed(): Promise<SealedCount[]> {
    return this.factors.query<SealedCount[]>(SEALED_SQL);
  }

  /** Returns the factors whose secrets are encrypted with another key than this one. */
  findSealedOtherwise(keyId: string): Promise<SealedWith[]> {
    return this.factors
      .createQueryBuilder('factor')
      .select(['factor.id AS "id"', `substr(factor.sealedSecret, 1, ${keyId.length}) AS "keyId"`])
      .where({ kind: 'totp', sealedSecret: Not(Like(`${keyId}:%`)) })
      .getRawMany<SealedWith>();
  }

  findByIds(ids: readonly string[], tx: WriteTransaction): Promise<SecondFactor[]> {
    return tx.findBy(SecondFactor, { id: In(ids) });
  }

  /** Replaces an encrypted secret, unless it was replaced or removed in the meantime. */
  async reseal(id: string, sealedSecret: string, resealed: string, tx: WriteTransaction): Promise<void> {
    await tx.update(SecondFactor, { id, sealedSecret }, { sealedSecret: resealed });
  }

  countCodes(userId: string, tx?: WriteTransaction): Promise<number> {
    return (tx ? tx.getRepository(RecoveryCode) : this.codes).countBy({ userId });
  }

  /** Consumes a recovery code. Returns `false` if the user has no such code. */
  async consumeCode(userId: string, digest: string, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.delete(RecoveryCode, { userId, digest });
    return affected === 1;
  }

  async replaceCodes(userId: string, digests: readonly string[], tx: WriteTransaction): Promise<void> {
    await tx.delete(RecoveryCode, { userId });
    await tx.insert(
      RecoveryCode,
      digests.map((digest) => ({ userId, digest })),
    );
  }
}
