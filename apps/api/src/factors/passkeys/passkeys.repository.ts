import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Equal, LessThan, LessThanOrEqual, type Repository } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { isUniqueViolation } from '../../platform/database/driver-errors.js';
import { returning } from '../../platform/database/queries/fixed-statements.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { SecondFactor, UsedChallenge } from '../second-factor.entity.js';

const ADD_CHALLENGE =
  'INSERT INTO "used_challenges" ("digest", "expirationTime") VALUES (?, ?) ' +
  'ON CONFLICT ("digest") DO NOTHING RETURNING "digest"';

/** Second factor with the columns of a passkey. */
export type Passkey = SecondFactor & {
  credentialId: string;
  publicKey: string;
  signCount: number;
};

/** Queries on passkeys, and on the challenges that they have signed. */
@Injectable()
export class PasskeysRepository {
  constructor(@InjectRepository(SecondFactor) private readonly factors: Repository<SecondFactor>) {}

  /** Returns the passkey with this id of its credential. */
  find(credentialId: string): Promise<Passkey | null> {
    const credentialDigest = digestOf(credentialId);
    return this.factors.findOneBy({ kind: 'passkey', credentialDigest }) as Promise<Passkey | null>;
  }

  findById(id: string, tx: WriteTransaction): Promise<Passkey | null> {
    return tx.findOneBy(SecondFactor, { id, kind: 'passkey' }) as Promise<Passkey | null>;
  }

  /** Returns the passkeys of a user. */
  findOf(userId: string, tx: WriteTransaction): Promise<Passkey[]> {
    return tx.findBy(SecondFactor, { userId, kind: 'passkey' }) as Promise<Passkey[]>;
  }

  /** Adds a passkey. @throws ApplicationError `conflict` if its credential is that of another one. */
  async add(passkey: SecondFactor, tx: WriteTransaction): Promise<void> {
    try {
      await tx.insert(SecondFactor, passkey);
    } catch (error) {
      throw isUniqueViolation(error)
        ? new ApplicationError('conflict', { detail: 'This passkey was added before.', cause: error })
        : error;
    }
  }

  /**
   * Records the use of a passkey. Returns `false` if it was removed, or if its counter did not increase. Many
   * authenticators do not count: their counter is always 0.
   */
  async use(
    id: string,
    signCount: number,
    lastUsedTime: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const earlier = signCount === 0 ? Equal(0) : LessThan(signCount);
    const { affected } = await tx.update(
      SecondFactor,
      { id, signCount: earlier },
      { signCount, lastUsedTime },
    );
    return affected === 1;
  }

  /** Records that someone may have copied a passkey. */
  async markCopied(id: string, copiedTime: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await tx.update(SecondFactor, { id }, { copiedTime });
  }

  /** Stores a used challenge until it expires. Returns `false` if it was stored before. */
  async addUsedChallenge(
    digest: string,
    expirationTime: EpochMilliseconds,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<boolean> {
    await tx.delete(UsedChallenge, { expirationTime: LessThanOrEqual(now) });
    return (await returning(ADD_CHALLENGE, [digest, expirationTime], tx)).length === 1;
  }
}
