import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type RoleListQueryDto, type RoleSortField, type SortField } from '@latchkey/auth-models';
import { type Repository, type SelectQueryBuilder } from 'typeorm';
import { type ListSlice } from '../common/list-slice.js';
import { containing } from '../database/containing.js';
import { orderBy, startAfter, type OrderColumn } from '../database/ordering.js';
import { Role } from './role.entity.js';

/** Every query on lists of roles. */
@Injectable()
export class RoleListRepository {
  constructor(@InjectRepository(Role) private readonly roles: Repository<Role>) {}

  /** One slice of the roles that match, and how many match in all. */
  find(
    filter: RoleListQueryDto,
    { offset, size, sort }: ListSlice<RoleSortField>,
  ): Promise<[Role[], number]> {
    return orderBy(this.matching(filter).offset(offset).limit(size), columnsOf(sort)).getManyAndCount();
  }

  /** At most so many of the roles that match, after that one in the order of the list. */
  findAfter(
    filter: RoleListQueryDto,
    sort: readonly SortField<RoleSortField>[],
    after: Role | undefined,
    limit: number,
  ): Promise<Role[]> {
    const columns = columnsOf(sort);
    const query = orderBy(this.matching(filter).limit(limit), columns);
    if (after) {
      startAfter(query, columns, [...sort.map(({ field }) => after[field]), after.name]);
    }
    return query.getMany();
  }

  private matching({ q }: RoleListQueryDto): SelectQueryBuilder<Role> {
    const query = this.roles.createQueryBuilder('role').where('1 = 1');
    if (q) {
      query.andWhere(
        `(LOWER(role.name) LIKE :q ESCAPE '\\' OR LOWER(role.description) LIKE :q ESCAPE '\\')`,
        {
          q: containing(q),
        },
      );
    }
    return query;
  }
}

function columnsOf(sort: readonly SortField<RoleSortField>[]): OrderColumn[] {
  const columns = sort.map(({ field, isDescending }) => ({ column: `role.${field}`, isDescending }));
  // The name tells all roles apart; a column that is there already cannot be added once more.
  return sort.some(({ field }) => field === 'name')
    ? columns
    : [...columns, { column: 'role.name', isDescending: false }];
}
