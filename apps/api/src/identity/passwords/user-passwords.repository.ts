import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { nextTokensEndedBefore } from '../users/model/users.repository.js';
import { UserRole } from '../users/model/user-role.entity.js';
import { User } from '../users/model/user.entity.js';

const NO_SET_UP_LINK = { setUpDigest: null, setUpExpirationTime: null, setUpLimit: null };

/** Every query on passwords and set-up links. */
@Injectable()
export class UserPasswordsRepository {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  /** A user with the hash of their password. */
  findWithPassword(id: string): Promise<User | null> {
    return this.users
      .createQueryBuilder('user')
      .addSelect('user.passwordHash')
      .where('user.id = :id', { id })
      .getOne();
  }

  /** Hashes of passwords in the order of their users' ids, after an id. */
  async findHashes(
    afterId: string | undefined,
    limit: number,
  ): Promise<{ id: string; passwordHash: string }[]> {
    const hashes = this.users
      .createQueryBuilder('user')
      .select('user.id', 'id')
      .addSelect('user.passwordHash', 'passwordHash')
      .where('user.passwordHash IS NOT NULL');
    if (afterId !== undefined) {
      hashes.andWhere('user.id > :afterId', { afterId });
    }
    return hashes.orderBy('user.id').limit(limit).getRawMany();
  }

  /** Whether anybody has a password, so that somebody can log in. */
  hasPassword(): Promise<boolean> {
    return this.users.createQueryBuilder('user').where('user.passwordHash IS NOT NULL').getExists();
  }

  /** The first enabled holder of a role who has no password yet, with the fields of the set-up link. */
  findWithoutPassword(roleName: string): Promise<User | null> {
    return this.users
      .createQueryBuilder('user')
      .addSelect(['user.setUpDigest', 'user.setUpExpirationTime'])
      .innerJoin(UserRole, 'held', 'held.userId = user.id AND held.roleName = :roleName', { roleName })
      .where('user.passwordHash IS NULL')
      .andWhere('user.enabled = :enabled', { enabled: true })
      .orderBy('user.creationTime')
      .addOrderBy('user.id')
      .getOne();
  }

  /** The user whose set-up link has this digest and is still good, with what it is limited to. */
  findBySetUpDigest(setUpDigest: string, now: EpochMilliseconds): Promise<User | null> {
    return this.users
      .createQueryBuilder('user')
      .addSelect('user.setUpLimit')
      .where('user.setUpDigest = :setUpDigest', { setUpDigest })
      .andWhere('user.setUpExpirationTime > :now', { now })
      .andWhere('user.enabled = :enabled', { enabled: true })
      .getOne();
  }

  /** Sets a password, and voids a set-up link; `false` if the user is gone. Their tokens are ended apart. */
  async setPassword(id: string, passwordHash: string, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.update(User, { id }, { passwordHash, ...NO_SET_UP_LINK });
    return affected === 1;
  }

  /** Takes from some users whatever lets them in: they are disabled, without a password or a link, and their tokens end. */
  async shutOut(ids: readonly string[], now: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await tx
      .createQueryBuilder()
      .update(User)
      .set({
        enabled: false,
        passwordHash: null,
        tokensEndedBefore: nextTokensEndedBefore,
        version: () => '"version" + 1',
        ...NO_SET_UP_LINK,
      })
      .where({ id: In([...ids]) })
      .setParameters({ now })
      .execute();
  }

  /** Uses a set-up link up: sets the password and ends all tokens; `false` if somebody else just did. */
  async consumeSetUp(
    setUpDigest: string,
    passwordHash: string,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx
      .createQueryBuilder()
      .update(User)
      .set({ passwordHash, tokensEndedBefore: nextTokensEndedBefore, ...NO_SET_UP_LINK })
      .where({ setUpDigest, enabled: true })
      .setParameters({ now })
      .execute();
    return affected === 1;
  }
}
