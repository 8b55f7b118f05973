import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { canonicalName } from '@latchkey/auth-models';
import { In, type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { ApplicationError } from '../common/application-error.js';
import { type EpochMilliseconds } from '../common/clock.js';
import { type WriteTransaction } from '../database/writes.js';
import { grantsSql, type LoginRecord } from './login-record.js';
import { UserRole } from './user-role.entity.js';
import { User } from './user.entity.js';

/** SQL that ends all tokens stamped so far; read from the row, as a clock may be behind the one that wrote it. */
const laterEnd = () =>
  'CASE WHEN "tokensEndedBefore" >= :now THEN "tokensEndedBefore" + 1 ELSE CAST(:now AS BIGINT) END';

/** Every query on single users; {@link UserListRepository} has those on lists. */
@Injectable()
export class UsersRepository {
  private readonly loginStatement: string;

  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(UserRole) private readonly userRoles: Repository<UserRole>,
  ) {
    this.loginStatement =
      `SELECT u."id", u."name", u."enabled", u."passwordHash", u."tokensEndedBefore", ` +
      `${grantsSql('u')} AS "grants" ` +
      `FROM "users" u WHERE u."name" = ${this.users.manager.dataSource.driver.createParameter('name', 0)}`;
  }

  async findForLogin(name: string): Promise<LoginRecord | null> {
    const [row] = await this.users.query<LoginRecord[]>(this.loginStatement, [name]);
    return row ? { ...row, enabled: Boolean(row.enabled) } : null;
  }

  findById(id: string): Promise<User | null> {
    return this.users.findOneBy({ id });
  }

  /** The user whose set-up link has this digest and is still good. */
  findBySetUpDigest(setUpDigest: string, now: EpochMilliseconds): Promise<User | null> {
    return this.users
      .createQueryBuilder('user')
      .where('user.setUpDigest = :setUpDigest', { setUpDigest })
      .andWhere('user.setUpExpirationTime > :now', { now })
      .andWhere('user.enabled = :enabled', { enabled: true })
      .getOne();
  }

  count(): Promise<number> {
    return this.users.count();
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

  /** A user's roles with their permissions as of a transaction, as `GrantsReader` reads them. */
  async grantsOf(id: string, tx: WriteTransaction): Promise<string | null> {
    const parameter = tx.dataSource.driver.createParameter('id', 0);
    const [row] = await tx.query<{ grants: string | null }[]>(
      `SELECT ${grantsSql('u')} AS "grants" FROM "users" u WHERE u."id" = ${parameter}`,
      [id],
    );
    return row?.grants ?? null;
  }

  findByName(name: string): Promise<User | null> {
    return this.users.findOneBy({ name });
  }

  /**
   * A user by their name in any spelling; as of a transaction, if there is one.
   *
   * @throws ApplicationError `not_found`.
   */
  async getByName(given: string, tx?: WriteTransaction): Promise<User> {
    const name = canonicalName(given);
    const users = tx ? tx.getRepository(User) : this.users;
    const user = name === null ? null : await users.findOneBy({ name });
    if (!user) {
      throw new ApplicationError('not_found', { detail: 'There is no user of this name.' });
    }
    return user;
  }

  async rolesOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = userIds.length === 0 ? [] : await this.userRoles.findBy({ userId: In([...userIds]) });
    const roles = new Map<string, string[]>();
    for (const { userId, roleName } of rows) {
      roles.set(userId, [...(roles.get(userId) ?? []), roleName].sort());
    }
    return roles;
  }

  async insert(user: User, roles: readonly string[], tx: WriteTransaction): Promise<void> {
    await tx.insert(User, user);
    if (roles.length > 0) {
      await tx.insert(
        UserRole,
        roles.map((roleName) => ({ userId: user.id, roleName })),
      );
    }
  }

  /** Changes columns that are no edit of an administrator's, so the version stays. */
  async update(id: string, change: QueryDeepPartialEntity<User>, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.update(User, { id }, change);
    return affected === 1;
  }

  /**
   * Sets `lastLoginTime`, and returns the user's `tokensEndedBefore` as of this transaction.
   *
   * @throws ApplicationError `unauthenticated` if the user has just been deleted or disabled.
   */
  async touchLogin(
    id: string,
    lastLoginTime: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<EpochMilliseconds> {
    const { affected } = await tx.update(User, { id, enabled: true }, { lastLoginTime });
    const user = affected === 1 ? await tx.findOneBy(User, { id }) : null;
    if (!user) {
      throw new ApplicationError('unauthenticated');
    }
    return user.tokensEndedBefore;
  }

  /** Replaces a password's hash by a stronger one, unless the password was changed meanwhile. */
  async replacePasswordHash(
    id: string,
    outdated: string,
    passwordHash: string,
    tx: WriteTransaction,
  ): Promise<void> {
    await tx.update(User, { id, passwordHash: outdated }, { passwordHash });
  }

  /** Ends all tokens that some users have so far. */
  async endTokens(ids: readonly string[], now: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await tx
      .createQueryBuilder()
      .update(User)
      .set({ tokensEndedBefore: laterEnd })
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
      .set({ passwordHash, tokensEndedBefore: laterEnd, setUpDigest: null, setUpExpirationTime: null })
      .where({ setUpDigest, enabled: true })
      .setParameters({ now })
      .execute();
    return affected === 1;
  }
}
