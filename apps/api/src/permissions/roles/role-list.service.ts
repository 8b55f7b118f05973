import { Injectable } from '@nestjs/common';
import {
  type PermissionUsageDto,
  ROLE_SORT_FIELDS,
  type RoleDto,
  type RoleListQueryDto,
} from '@latchkey/auth-models';
import { type Principal } from '../../common/request/principal.js';
import { COUNT_COLUMN, listSlice } from '../../platform/database/queries/list-queries.js';
import { type SendableList } from '../../http/lists/send-list.js';
import { queriedList } from '../../http/lists/sorted-lists.js';
import { ResourceApiUses } from '../apis/resource-api-uses.service.js';
import { GrantsReader } from '../grants.service.js';
import { type Role } from './role.entity.js';
import { type RoleFilter, RolesRepository } from './roles.repository.js';
import { toRfc3339 } from '../../common/clock.service.js';

const COLUMNS = [
  'name',
  'description',
  'permissions',
  'isBuiltIn',
  'requiresSecondFactor',
  'userCount',
  'creationTime',
  'version',
] as const;

/** Lists roles with their permissions and numbers of holders. */
@Injectable()
export class RoleListService {
  constructor(
    private readonly roles: RolesRepository,
    private readonly grants: GrantsReader,
    private readonly uses: ResourceApiUses,
  ) {}

  /** Returns the matching roles, ordered by name by default. */
  find(query: RoleListQueryDto): SendableList<RoleDto> {
    return queriedList({
      columns: COLUMNS,
      slice: listSlice(query, ROLE_SORT_FIELDS, { field: 'name', isDescending: false }),
      key: 'name',
      sortColumns: { userCount: COUNT_COLUMN },
      counts: this.roles.holderCounts(),
      matching: () => this.roles.matching(this.filterOf(query)),
      findByKeys: (names) => this.roles.findByNames(names),
      toDtos: (roles) => this.describeAll(roles),
    });
  }

  /** @throws ApplicationError `not_found`. */
  async get(name: string): Promise<RoleDto> {
    return this.describe(await this.roles.getByName(name));
  }

  /** Returns the uses and holders of each permission of a role. @throws ApplicationError `not_found`. */
  async findUsage(name: string, actor: Principal): Promise<PermissionUsageDto[]> {
    const role = await this.roles.getByName(name);
    return this.uses.findWithHolders([...this.grants.readRoles([role]).permissions].sort(), actor);
  }

  /** Returns the DTO of a role. */
  async describe(role: Role): Promise<RoleDto> {
    const [dto] = await this.describeAll([role]);
    return dto as RoleDto;
  }

  /**
   * Returns the filter of a query. Only {@link GrantsReader} knows the permissions that built-in roles grant.
   */
  private filterOf({ permission, ...query }: RoleListQueryDto): RoleFilter {
    return permission === undefined
      ? query
      : { ...query, grantingWords: this.grants.wordsGranting(permission) };
  }

  private async describeAll(roles: readonly Role[]): Promise<RoleDto[]> {
    const userCounts = await this.roles.countHolders(roles.map(({ name }) => name));
    return roles.map((role) =>
      toRoleDto(role, this.grants.readRoles([role]).permissions, userCounts.get(role.name) ?? 0),
    );
  }
}

/**
 * Builds the DTO of a role. `permissions` are the granted ones; built-in roles store only wildcards for them.
 */
export function toRoleDto(role: Role, permissions: Iterable<string>, userCount: number): RoleDto {
  return {
    name: role.name,
    ...(role.description !== '' && { description: role.description }),
    permissions: [...permissions].sort(),
    isBuiltIn: role.isBuiltIn,
    requiresSecondFactor: role.requiresSecondFactor,
    userCount,
    creationTime: toRfc3339(role.creationTime),
    version: role.version,
  };
}
