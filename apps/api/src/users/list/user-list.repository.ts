import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type UserFilterDto, type UserStatsDto } from '@latchkey/auth-models';
import { type Repository, type SelectQueryBuilder } from 'typeorm';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { containing, inTimeRange, numbersOf } from '../../platform/database/queries/list-queries.js';
import { GrantsReader } from '../../permissions/grants.service.js';
import { grantingParameters, HOLDERS_SQL } from '../../permissions/user-grants.repository.js';
import { UserRole } from '../../permissions/roles/user-role.entity.js';
import { User } from '../model/user.entity.js';

/** SQL query for the ids of users with a second factor. Its entity is in a folder above this one. */
const WITH_SECOND_FACTOR =
  'SELECT factor."userId" FROM "second_factors" factor WHERE factor."confirmationTime" IS NOT NULL';

/** SQL query for the ids of users with a passkey that someone may have copied. */
const WITH_COPIED_PASSKEY = `${WITH_SECOND_FACTOR} AND factor."copiedTime" IS NOT NULL`;

/** Queries that list and count users. */
@Injectable()
export class UserListRepository {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly grants: GrantsReader,
  ) {}

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

  /** Builds the query for the matching users. */
  matching(filter: UserFilterDto, now: EpochMilliseconds): SelectQueryBuilder<User> {
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
    if (filter.secondFactor !== undefined) {
      query.andWhere(`user.id ${filter.secondFactor ? '' : 'NOT '}IN (${WITH_SECOND_FACTOR})`);
    }
    if (filter.copiedPasskey !== undefined) {
      query.andWhere(`user.id ${filter.copiedPasskey ? '' : 'NOT '}IN (${WITH_COPIED_PASSKEY})`);
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
        .where('held.roleName IN (:...roles)')
        .getQuery();
      query.andWhere(`user.id IN ${holders}`, { roles: filter.role.split(',') });
    }
    if (filter.permission !== undefined) {
      const words = this.grants.wordsGranting(filter.permission);
      query.andWhere(`user.id IN (${HOLDERS_SQL})`, grantingParameters(words));
    }
    return query;
  }
}
