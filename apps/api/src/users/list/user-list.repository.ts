import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  type SortField,
  type UserFilterDto,
  type UserListQueryDto,
  type UserSortField,
  type UserStatsDto,
} from '@latchkey/auth-models';
import { In, type Repository, type SelectQueryBuilder } from 'typeorm';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import {
  containing,
  COUNT_COLUMN,
  type Counts,
  inTimeRange,
  joinCounts,
  type ListSlice,
  orderBy,
  type OrderColumn,
  numbersOf,
} from '../../platform/database/queries/list-queries.js';
import { UserRole } from '../../permissions/roles/user-role.entity.js';
import { User } from '../model/user.entity.js';

/** Queries that list and count users. */
@Injectable()
export class UserListRepository {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  /** Returns one slice of the matching users, and the number of all matches. */
  find(
    filter: UserListQueryDto,
    { offset, size, sort }: ListSlice<UserSortField>,
    now: EpochMilliseconds,
    tokenCounts: Counts,
  ): Promise<[User[], number]> {
    const slice = this.inOrder(filter, sort, now, tokenCounts).offset(offset).limit(size);
    return Promise.all([slice.getMany(), this.matching(filter, now).getCount()]);
  }

  /** Returns the ids of all matching users, in the order of the list. */
  async findOrder(
    filter: UserListQueryDto,
    sort: readonly SortField<UserSortField>[],
    now: EpochMilliseconds,
    tokenCounts: Counts,
  ): Promise<string[]> {
    const query = this.inOrder(filter, sort, now, tokenCounts).select('user.id', 'id');
    return (await query.getRawMany<{ id: string }>()).map(({ id }) => id);
  }

  /** Returns the users with these ids, in this order. Skips users that were deleted in the meantime. */
  async findByIds(ids: readonly string[]): Promise<User[]> {
    const users = new Map((await this.users.findBy({ id: In([...ids]) })).map((user) => [user.id, user]));
    return ids.flatMap((id) => users.get(id) ?? []);
  }

  /** Returns ids and names of up to `limit` matching users after a name, ordered by name. */
  findIds(
    filter: UserFilterDto,
    now: EpochMilliseconds,
    after: string | undefined,
    limit: number,
  ): Promise<Pick<User, 'id' | 'name'>[]> {
    const query = this.matching(filter, now)
      .select('user.id', 'id')
      .addSelect('user.name', 'name')
      .orderBy('user.name')
      .limit(limit);
    if (after !== undefined) {
      query.andWhere('user.name > :after', { after });
    }
    return query.getRawMany();
  }

  /** Builds a query for the ids of all matching users, to use as a subquery. */
  idsMatching(filter: UserFilterDto, now: EpochMilliseconds): SelectQueryBuilder<User> {
    return this.matching(filter, now).select('user.id');
  }

  /** Returns the numbers of users by kind and state. */
  async count(): Promise<UserStatsDto> {
    const when = (condition: string) => `COUNT(CASE WHEN ${condition} THEN 1 END)`;
    const row = await this.users
      .createQueryBuilder('user')
      .select('COUNT(*)', 'total')
      .addSelect(when('user.enabled'), 'enabled')
      .addSelect(when('NOT user.enabled'), 'disabled')
      .addSelect(when(`user.kind = 'human'`), 'humans')
      .addSelect(when(`user.kind = 'service'`), 'services')
      .addSelect(when('user.lastLoginTime IS NULL'), 'neverLoggedIn')
      .getRawOne<Record<keyof UserStatsDto, unknown>>();
    return numbersOf(row);
  }

  private inOrder(
    filter: UserFilterDto,
    sort: readonly SortField<UserSortField>[],
    now: EpochMilliseconds,
    tokenCounts: Counts,
  ): SelectQueryBuilder<User> {
    const query = this.matching(filter, now);
    if (sort.some(({ field }) => field === 'tokenCount')) {
      joinCounts(query, tokenCounts, 'user.id');
    }
    return orderBy(query, columnsOf(sort));
  }

  private matching(filter: UserFilterDto, now: EpochMilliseconds): SelectQueryBuilder<User> {
    const query = this.users.createQueryBuilder('user').where('1 = 1');
    if (filter.q) {
      query.andWhere(
        `(LOWER(user.name) LIKE :q ESCAPE '\\' OR LOWER(user.displayName) LIKE :q ESCAPE '\\' OR LOWER(user.email) LIKE :q ESCAPE '\\')`,
        { q: containing(filter.q) },
      );
    }
    if (filter.kind !== undefined) {
      query.andWhere('user.kind = :kind', { kind: filter.kind });
    }
    if (filter.enabled !== undefined) {
      query.andWhere('user.enabled = :enabled', { enabled: filter.enabled });
    }
    if (filter.neverLoggedIn !== undefined) {
      query.andWhere(`user.lastLoginTime IS ${filter.neverLoggedIn ? '' : 'NOT '}NULL`);
    }
    if (filter.inactiveDays !== undefined) {
      query.andWhere('COALESCE(user.lastLoginTime, user.creationTime) <= :before', {
        before: now - filter.inactiveDays * DAY_MILLISECONDS,
      });
    }
    inTimeRange(query, 'user.creationTime', { from: filter.createdFrom, to: filter.createdTo });
    inTimeRange(query, 'user.lastLoginTime', { from: filter.lastLoginFrom, to: filter.lastLoginTo });
    if (filter.role !== undefined) {
      const holders = query
        .subQuery()
        .select('held.userId')
        .from(UserRole, 'held')
        .where('held.roleName = :role')
        .getQuery();
      query.andWhere(`user.id IN ${holders}`, { role: filter.role });
    }
    return query;
  }
}

function columnsOf(sort: readonly SortField<UserSortField>[]): OrderColumn[] {
  const columns = sort.map(({ field, isDescending }) => ({
    column: field === 'tokenCount' ? COUNT_COLUMN : `user.${field}`,
    isDescending,
  }));
  return [...columns, { column: 'user.id', isDescending: false }];
}
