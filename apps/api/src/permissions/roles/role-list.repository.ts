import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type RoleListQueryDto, type RoleSortField, type SortField } from '@latchkey/auth-models';
import { In, Like, type Repository, type SelectQueryBuilder } from 'typeorm';
import {
  containing,
  COUNT_COLUMN,
  type Counts,
  inTimeRange,
  joinCounts,
  type ListSlice,
  orderBy,
  type OrderColumn,
} from '../../platform/database/queries/list-queries.js';
import { Role } from './role.entity.js';

/** Filters of a list of roles. `names` are the roles that grant the requested permission. */
export type RoleFilter = Omit<RoleListQueryDto, 'permission'> & { readonly names?: readonly string[] };

/** Queries that list roles. */
@Injectable()
export class RoleListRepository {
  constructor(@InjectRepository(Role) private readonly roles: Repository<Role>) {}

  /** Returns the roles whose stored text may grant a permission. */
  findCandidates(permission: string): Promise<Role[]> {
    return this.roles.findBy([{ permissions: Like(`%${permission}%`) }, { permissions: Like('*%') }]);
  }

  /** Returns one slice of the matching roles, and the number of all matches. */
  find(
    filter: RoleFilter,
    { offset, size, sort }: ListSlice<RoleSortField>,
    userCounts: Counts,
  ): Promise<[Role[], number]> {
    const slice = this.inOrder(filter, sort, userCounts).offset(offset).limit(size);
    return Promise.all([slice.getMany(), this.matching(filter).getCount()]);
  }

  /** Returns the names of all matching roles, in the order of the list. */
  async findOrder(
    filter: RoleFilter,
    sort: readonly SortField<RoleSortField>[],
    userCounts: Counts,
  ): Promise<string[]> {
    const query = this.inOrder(filter, sort, userCounts).select('role.name', 'name');
    return (await query.getRawMany<{ name: string }>()).map(({ name }) => name);
  }

  /** Returns the roles with these names, in this order. Skips roles that were deleted in the meantime. */
  async findByNames(names: readonly string[]): Promise<Role[]> {
    const roles = new Map(
      (await this.roles.findBy({ name: In([...names]) })).map((role) => [role.name, role]),
    );
    return names.flatMap((name) => roles.get(name) ?? []);
  }

  private inOrder(
    filter: RoleFilter,
    sort: readonly SortField<RoleSortField>[],
    userCounts: Counts,
  ): SelectQueryBuilder<Role> {
    const query = this.matching(filter);
    if (sort.some(({ field }) => field === 'userCount')) {
      joinCounts(query, userCounts, 'role.name');
    }
    return orderBy(query, columnsOf(sort));
  }

  private matching({ q, names, createdFrom, createdTo }: RoleFilter): SelectQueryBuilder<Role> {
    const query = this.roles.createQueryBuilder('role').where('1 = 1');
    if (q) {
      query.andWhere(
        `(LOWER(role.name) LIKE :q ESCAPE '\\' OR LOWER(role.description) LIKE :q ESCAPE '\\')`,
        {
          q: containing(q),
        },
      );
    }
    if (names) {
      query.andWhere({ name: In([...names]) });
    }
    inTimeRange(query, 'role.creationTime', { from: createdFrom, to: createdTo });
    return query;
  }
}

function columnsOf(sort: readonly SortField<RoleSortField>[]): OrderColumn[] {
  const columns = sort.map(({ field, isDescending }) => ({
    column: field === 'userCount' ? COUNT_COLUMN : `role.${field}`,
    isDescending,
  }));
  // The name is unique, so it breaks ties. A column that is already present cannot be added again.
  return sort.some(({ field }) => field === 'name')
    ? columns
    : [...columns, { column: 'role.name', isDescending: false }];
}
