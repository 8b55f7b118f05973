import { Injectable } from '@nestjs/common';
import { ROLE_SORT_FIELDS, type RoleDto, type RoleListQueryDto } from '@latchkey/auth-models';
import { listSlice } from '../../platform/database/queries/list-queries.js';
import { inParts } from '../../common/in-parts.js';
import { type SendableList } from '../../http/lists/send-list.js';
import { GrantsReader } from '../grants.service.js';
import { type Role } from './role.entity.js';
import { RoleListRepository, type RoleFilter } from './role-list.repository.js';
import { RolesRepository } from './roles.repository.js';
import { UserGrantsRepository } from '../user-grants.repository.js';
import { toRfc3339 } from '../../common/clock.service.js';

const COLUMNS = [
  'name',
  'description',
  'permissions',
  'isBuiltIn',
  'userCount',
  'creationTime',
  'version',
] as const;

/** Lists roles with their permissions and numbers of holders. */
@Injectable()
export class RoleListService {
  constructor(
    private readonly list: RoleListRepository,
    private readonly roles: RolesRepository,
    private readonly users: UserGrantsRepository,
    private readonly grants: GrantsReader,
  ) {}

  /** Returns the matching roles, ordered by name by default. */
  find(query: RoleListQueryDto): SendableList<RoleDto> {
    const slice = listSlice(query, ROLE_SORT_FIELDS, { field: 'name', isDescending: false });
    const counts = this.users.holderCounts();
    const { list } = this;
    const filter = () => this.filterOf(query);
    const describe = (roles: readonly Role[]) => this.describeAll(roles);
    return {
      columns: COLUMNS,
      page: async () => {
        const [roles, total] = await list.find(await filter(), slice, counts);
        return { items: await describe(roles), total, slice };
      },
      async *all() {
        for await (const part of inParts(await list.findOrder(await filter(), slice.sort, counts))) {
          yield await describe(await list.findByNames(part));
        }
      },
    };
  }

  /** @throws ApplicationError `not_found`. */
  async get(name: string): Promise<RoleDto> {
    return this.describe(await this.roles.getByName(name));
  }

  /** Returns the DTO of a role. */
  async describe(role: Role): Promise<RoleDto> {
    return this.toDto(role, await this.users.countHolders([role.name]));
  }

  /** Returns the filter of a query. Only {@link GrantsReader} knows the permissions that built-in roles grant. */
  private async filterOf({ permission, ...query }: RoleListQueryDto): Promise<RoleFilter> {
    if (permission === undefined) {
      return query;
    }
    const granting = (await this.list.findCandidates(permission)).filter((role) =>
      this.grants.readRoles([role]).permissions.has(permission),
    );
    return { ...query, names: granting.map(({ name }) => name) };
  }

  private async describeAll(roles: readonly Role[]): Promise<RoleDto[]> {
    const userCounts = await this.users.countHolders(roles.map(({ name }) => name));
    return roles.map((role) => this.toDto(role, userCounts));
  }

  private toDto(role: Role, userCounts: ReadonlyMap<string, number>): RoleDto {
    return toRoleDto(role, this.grants.readRoles([role]).permissions, userCounts.get(role.name) ?? 0);
  }
}

/** Builds the DTO of a role. `permissions` are the granted ones; built-in roles store only wildcards for them. */
export function toRoleDto(role: Role, permissions: Iterable<string>, userCount: number): RoleDto {
  return {
    name: role.name,
    ...(role.description !== '' && { description: role.description }),
    permissions: [...permissions].sort(),
    isBuiltIn: role.isBuiltIn,
    userCount,
    creationTime: toRfc3339(role.creationTime),
    version: role.version,
  };
}
