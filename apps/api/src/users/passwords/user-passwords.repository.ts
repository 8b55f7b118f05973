import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThanOrEqual, type Repository } from 'typeorm';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { nextTokensRevokedBefore } from '../model/users.repository.js';
import { UserRole } from '../../permissions/roles/user-role.entity.js';
import { grantsSql } from '../../permissions/user-grants.repository.js';
import { User } from '../model/user.entity.js';

const NO_SET_UP_LINK = { setUpDigest: null, setUpExpirationTime: null, setUpLimit: null };

/** Users with one e-mail address to whom a request for a lost password sends links. */
const SAME_ADDRESS_MAX = 5;

/** Columns of a user that a login needs. */
export interface LoginRecord {
  id: string;
  /** Canonical name. */
  name: string;
  enabled: boolean;
  passwordHash: string | null;
  tokensRevokedBefore: number;
  /** Roles with their permissions, as `GrantsReader` reads them. */
  grants: string | null;
}

/** Queries on passwords and set-up links. */
@Injectable()
export class UserPasswordsRepository {
  private readonly loginStatement: string;
  private readonly loginByIdStatement: string;

  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly clock: Clock,
  ) {
    const loginBy = (column: string) =>
      `SELECT u."id", u."name", u."enabled", u."passwordHash", u."tokensRevokedBefore", ` +
      `${grantsSql('u')} AS "grants" ` +
      `FROM "users" u WHERE u."${column}" = ${this.users.manager.dataSource.driver.createParameter(column, 0)}`;
    this.loginStatement = loginBy('name');
    this.loginByIdStatement = loginBy('id');
  }

  findForLogin(name: string): Promise<LoginRecord | null> {
    return this.find(this.loginStatement, name);
  }

  findForLoginById(id: string): Promise<LoginRecord | null> {
    return this.find(this.loginByIdStatement, id);
  }

  /** Returns a user with the password hash. */
  findWithPassword(id: string): Promise<User | null> {
    return this.users
      .createQueryBuilder('user')
      .addSelect('user.passwordHash')
      .where('user.id = :id', { id })
      .getOne();
  }

  /** Returns password hashes after a user id, ordered by user id. */
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

  /** Returns whether any user has a password. */
  hasPassword(): Promise<boolean> {
    return this.users.createQueryBuilder('user').where('user.passwordHash IS NOT NULL').getExists();
  }

  /** Returns the first enabled holder of a role without a password, with the fields of the set-up link. */
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

  /** Returns the user whose unexpired set-up link has this digest, with the limit of the link. */
  findBySetUpDigest(setUpDigest: string): Promise<User | null> {
    return this.users
      .createQueryBuilder('user')
      .addSelect('user.setUpLimit')
      .where('user.setUpDigest = :setUpDigest', { setUpDigest })
      .andWhere('user.setUpExpirationTime > :now', { now: this.clock.now() })
      .andWhere('user.enabled = :enabled', { enabled: true })
      .getOne();
  }

  /** Returns the enabled users with this name or e-mail address who have a password to replace. */
  findWithLostPassword(by: { name: string } | { email: string }): Promise<User[]> {
    return this.users
      .createQueryBuilder('user')
      .where(by)
      .andWhere('user.passwordHash IS NOT NULL')
      .andWhere('user.email IS NOT NULL')
      .andWhere('user.enabled = :enabled', { enabled: true })
      .orderBy('user.id')
      .limit(SAME_ADDRESS_MAX)
      .getMany();
  }

  /** Notes a message about a lost password. Returns false if the user got one after a time. */
  async noteLostPassword(
    id: string,
    lostPasswordTime: EpochMilliseconds,
    after: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const before = [IsNull(), LessThanOrEqual(after)].map((time) => ({ id, lostPasswordTime: time }));
    const { affected } = await tx.update(User, before, { lostPasswordTime });
    return affected === 1;
  }

  /** Replaces a password hash with a stronger one, unless the password was changed in the meantime. */
  async replaceHash(id: string, outdated: string, passwordHash: string, tx: WriteTransaction): Promise<void> {
    await tx.update(User, { id, passwordHash: outdated }, { passwordHash });
  }

  /**
   * Sets a password and removes the set-up link. Returns `false` for a deleted user. Does not revoke tokens.
   */
  async setPassword(id: string, passwordHash: string, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.update(User, { id }, { passwordHash, ...NO_SET_UP_LINK });
    return affected === 1;
  }

  /** Suspends users: disables them, removes their passwords and set-up links, and revokes their tokens. */
  async suspend(ids: readonly string[], tx: WriteTransaction): Promise<void> {
    await tx
      .createQueryBuilder()
      .update(User)
      .set({
        enabled: false,
        passwordHash: null,
        tokensRevokedBefore: nextTokensRevokedBefore,
        version: () => '"version" + 1',
        ...NO_SET_UP_LINK,
      })
      .where({ id: In([...ids]) })
      .setParameters({ now: this.clock.now() })
      .execute();
  }

  /**
   * Consumes a set-up link: sets the password and revokes all tokens. Returns `false` if the link was already
   * used.
   */
  async consumeSetUp(setUpDigest: string, passwordHash: string, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx
      .createQueryBuilder()
      .update(User)
      .set({ passwordHash, tokensRevokedBefore: nextTokensRevokedBefore, ...NO_SET_UP_LINK })
      .where({ setUpDigest, enabled: true })
      .setParameters({ now: this.clock.now() })
      .execute();
    return affected === 1;
  }

  private async find(statement: string, value: string): Promise<LoginRecord | null> {
    const [row] = await this.users.query<LoginRecord[]>(statement, [value]);
    return row ? { ...row, enabled: Boolean(row.enabled) } : null;
  }
}
