import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { canonicalUserName, formatNetwork, parseNetwork } from '@latchkey/auth-models';
import { In, IsNull, Not, type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, dayOf, type EpochMilliseconds } from '../../common/clock.service.js';
import { returning, run } from '../../platform/database/queries/fixed-statements.js';
import { lockRows } from '../../platform/database/queries/lock-rows.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { UserRole } from '../../permissions/roles/user-role.entity.js';
import { User, type UserWithRoles } from './user.entity.js';

const TOUCH_LOGIN =
  'UPDATE "users" SET "lastLoginTime" = ? WHERE "id" = ? AND "enabled" RETURNING "tokensRevokedBefore"';

/** Networks that are stored for a user. The one that was not used for the longest time is replaced. */
const LOGIN_NETWORKS_MAX = 20;
/** Days after which a login updates the day of its network. Most logins write nothing. */
const DAYS_BETWEEN_UPDATES = 7;

const LOGIN_NETWORKS =
  'SELECT "network", "day" FROM "login_networks" WHERE "userId" = ? ORDER BY "day", "network"';
const ADD_NETWORK = 'INSERT INTO "login_networks" ("day", "userId", "network") VALUES (?, ?, ?)';
const UPDATE_NETWORK = 'UPDATE "login_networks" SET "day" = ? WHERE "userId" = ? AND "network" = ?';
const REMOVE_NETWORK = 'DELETE FROM "login_networks" WHERE "userId" = ? AND "network" = ?';

/**
 * Returns SQL that revokes all existing tokens. It uses the stored value, because this clock may be behind
 * another's.
 */
export const nextTokensRevokedBefore = () =>
  'CASE WHEN "tokensRevokedBefore" >= :now THEN "tokensRevokedBefore" + 1 ELSE CAST(:now AS BIGINT) END';

/**
 * Queries on single users, and on the networks of their logins. {@link UserPasswordsRepository} has the
 * queries on passwords, {@link UserListRepository} those on lists.
 */
@Injectable()
export class UsersRepository {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly clock: Clock,
  ) {}

  findById(id: string, tx?: WriteTransaction): Promise<User | null> {
    return (tx ? tx.getRepository(User) : this.users).findOneBy({ id });
  }

  /** @throws ApplicationError `not_found` if the user was deleted after it was read. */
  async getById(id: string, tx: WriteTransaction): Promise<User> {
    const user = await this.findById(id, tx);
    if (!user) {
      throw new ApplicationError('not_found', { detail: 'The user was deleted in the meantime.' });
    }
    return user;
  }

  count(): Promise<number> {
    return this.users.count();
  }

  findByName(name: string, tx?: WriteTransaction): Promise<User | null> {
    return (tx ? tx.getRepository(User) : this.users).findOneBy({ name });
  }

  /**
   * Returns a user by name in any spelling, optionally in a transaction.
   *
   * @throws ApplicationError `not_found`.
   */
  async getByName(given: string, tx?: WriteTransaction): Promise<User> {
    const name = canonicalUserName(given);
    const users = tx ? tx.getRepository(User) : this.users;
    const user = name === null ? null : await users.findOneBy({ name });
    if (!user) {
      throw new ApplicationError('not_found', { detail: 'There is no user with this name.' });
    }
    return user;
  }

  /** Returns users by id, ordered by name, optionally in a transaction. */
  findByIds(ids: readonly string[], tx?: WriteTransaction): Promise<User[]> {
    const users = tx ? tx.getRepository(User) : this.users;
    return users.find({ where: { id: In([...ids]) }, order: { name: 'ASC' } });
  }

  /** Returns the e-mail addresses of enabled users by canonical name. */
  async findAddressesByNames(names: readonly string[]): Promise<Map<string, string>> {
    const users = await this.users.find({
      select: { name: true, email: true },
      where: { name: In([...names]), enabled: true, email: Not(IsNull()) },
    });
    return new Map(users.map(({ name, email }) => [name, email ?? '']));
  }

  /** Returns the ids of users by canonical name. */
  async findIdsByNames(names: readonly string[]): Promise<Map<string, string>> {
    const users = await this.users.find({
      select: { id: true, name: true },
      where: { name: In([...names]) },
    });
    return new Map(users.map(({ id, name }) => [name, id]));
  }

  /** Returns the names of users with one of these skeletons, by skeleton. */
  async findNamesBySkeletons(skeletons: readonly string[]): Promise<Map<string, string>> {
    const users = await this.users.find({
      select: { name: true, skeleton: true },
      where: { skeleton: In([...skeletons]) },
    });
    return new Map(users.map(({ name, skeleton }) => [skeleton ?? '', name]));
  }

  /** Inserts users with their roles. */
  async insert(users: readonly UserWithRoles[], tx: WriteTransaction): Promise<void> {
    await tx.insert(
      User,
      users.map(({ user }) => user),
    );
    const held = users.flatMap(({ user, roles }) => roles.map((roleName) => ({ userId: user.id, roleName })));
    if (held.length > 0) {
      await tx.insert(UserRole, held);
    }
  }

  /** Updates a user and its version. Returns `false` if the version is stale. */
  async edit(
    { id, version }: User,
    change: QueryDeepPartialEntity<User>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(User, { id, version }, { ...change, version: version + 1 });
    return affected === 1;
  }

  /**
   * Updates users and their versions regardless of the current ones. For changes that cannot overwrite
   * others.
   */
  async editAll(
    ids: readonly string[],
    change: QueryDeepPartialEntity<User>,
    tx: WriteTransaction,
  ): Promise<void> {
    await tx.update(User, { id: In([...ids]) }, { ...change, version: () => '"version" + 1' });
  }

  /** Deletes users with their roles and tokens. They are no longer responsible for services. */
  async delete(ids: readonly string[], tx: WriteTransaction): Promise<void> {
    // PostgreSQL rejects an empty list.
    if (ids.length === 0) {
      return;
    }
    const names = 'SELECT deleted."name" FROM "users" deleted WHERE deleted."id" IN (:...ids)';
    await tx
      .createQueryBuilder()
      .update(User)
      .set({ responsible: null })
      .where(`"responsible" IN (${names})`, { ids })
      .execute();
    await tx.delete(User, { id: In([...ids]) });
  }

  /** Updates columns that administrators do not edit, so the version stays the same. */
  async update(id: string, change: QueryDeepPartialEntity<User>, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.update(User, { id }, change);
    return affected === 1;
  }

  /**
   * Returns a user and locks the row until the transaction ends, so that tokens can be counted and revoked.
   */
  async lock(id: string, tx: WriteTransaction): Promise<User | null> {
    await tx.update(User, { id }, { tokensRevokedBefore: () => '"tokensRevokedBefore"' });
    return tx.findOneBy(User, { id });
  }

  /** Locks users until the transaction ends, in the order of their ids. */
  lockAll(ids: readonly string[], tx: WriteTransaction): Promise<void> {
    return lockRows(User, ids, tx);
  }

  /**
   * Sets `lastLoginTime` and returns the user's `tokensRevokedBefore` as of this transaction.
   *
   * @throws ApplicationError `unauthenticated` if the user has just been deleted or disabled.
   */
  async touchLogin(
    id: string,
    lastLoginTime: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<EpochMilliseconds> {
    const [user] = await returning<{ tokensRevokedBefore: number | string }>(
      TOUCH_LOGIN,
      [lastLoginTime, id],
      tx,
    );
    if (!user) {
      throw new ApplicationError('unauthenticated');
    }
    return Number(user.tokensRevokedBefore);
  }

  /**
   * Stores the network of a login. The row of the user must be locked.
   *
   * @returns whether the user has logged in before, but not from this network. An address that is not known
   *   has no network.
   */
  async addLoginNetwork(
    userId: string,
    address: string,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const network = loginNetworkOf(address);
    if (network === null) {
      return false;
    }
    const day = dayOf(now);
    const known = await returning<{ network: string; day: number }>(LOGIN_NETWORKS, [userId], tx);
    const here = known.find((one) => one.network === network);
    if (here) {
      if (day - here.day >= DAYS_BETWEEN_UPDATES) {
        await run(UPDATE_NETWORK, [day, userId, network], tx);
      }
      return false;
    }
    const [oldest] = known;
    if (oldest && known.length >= LOGIN_NETWORKS_MAX) {
      await run(REMOVE_NETWORK, [userId, oldest.network], tx);
    }
    await run(ADD_NETWORK, [day, userId, network], tx);
    return known.length > 0;
  }

  /** Revokes all existing tokens of some users, or of all. */
  async revokeTokens(ids: readonly string[] | 'all', tx: WriteTransaction): Promise<void> {
    await tx
      .createQueryBuilder()
      .update(User)
      .set({ tokensRevokedBefore: nextTokensRevokedBefore })
      .where(ids === 'all' ? '1 = 1' : { id: In([...ids]) })
      .setParameters({ now: this.clock.now() })
      .execute();
  }
}

/**
 * Returns the network that logins are compared by: a /24 or /48, which usually belongs to one provider and
 * place. Clients often get other addresses of the same network.
 */
function loginNetworkOf(address: string): string | null {
  const network = parseNetwork(`${address}/${address.includes(':') ? 48 : 24}`);
  return network && formatNetwork(network);
}
