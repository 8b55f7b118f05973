import { Injectable } from '@nestjs/common';
import {
  canonicalUserName,
  USER_SORT_FIELDS,
  type UserDto,
  type UserStatsDto,
  type UserFilterDto,
  type UserListQueryDto,
} from '@latchkey/auth-models';
import { type SelectQueryBuilder } from 'typeorm';
import { Clock } from '../../common/clock.service.js';
import { readInParts } from '../../common/in-parts.js';
import { type Principal } from '../../common/request/principal.js';
import { type SendableList } from '../../http/lists/send-list.js';
import { queriedList } from '../../http/lists/sorted-lists.js';
import { checkPermissionFilter } from '../../permissions/grants.service.js';
import { COUNT_COLUMN, listSlice } from '../../platform/database/queries/list-queries.js';
import { toUserDto } from '../model/user.mapper.js';
import { UserRolesRepository } from '../model/user-roles.repository.js';
import { type User, type UserWithRoles } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';
import { UserTokenCounts } from '../user-tokens.js';
import { UserListRepository } from './user-list.repository.js';

const COLUMNS = [
  'id',
  'name',
  'displayName',
  'email',
  'kind',
  'roles',
  'enabled',
  'creationTime',
  'lastLoginTime',
  'tokenCount',
  'version',
] as const;

/** Names in one query. Each query of a search costs PostgreSQL a scan. */
const READ_AT_ONCE = 2_000;

/** User that a request names. */
export interface NamedUser {
  /** Canonical name, or the text that was sent if it is not a name. */
  readonly name: string;
  /** `undefined` if no user has the name. */
  readonly id: string | undefined;
}

/** Reads users for administrators, with roles and the number of live tokens. */
@Injectable()
export class UserListService {
  constructor(
    private readonly list: UserListRepository,
    private readonly users: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly tokens: UserTokenCounts,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the matching users, ordered by name by default.
   *
   * @throws ApplicationError `forbidden`.
   */
  find(query: UserListQueryDto, actor: Principal): SendableList<UserDto> {
    checkPermissionFilter(query, actor);
    const now = this.clock.now();
    return queriedList({
      columns: COLUMNS,
      slice: listSlice(query, USER_SORT_FIELDS, { field: 'name', isDescending: false }),
      key: 'id',
      sortColumns: { tokenCount: COUNT_COLUMN },
      counts: this.tokens.liveCounts(now),
      matching: () => this.list.matching(query, now),
      findByKeys: (ids) => this.users.findByIds(ids),
      toDtos: (users) => this.toDtos(users),
    });
  }

  /** Returns the user with this name. @throws ApplicationError `not_found`. */
  async get(name: string): Promise<UserDto> {
    const user = await this.users.getByName(name);
    // Read after the user. Roles newer than the version cause a rejected change; older ones would cause a
    // lost change.
    const roles = await this.userRoles.rolesOf([user.id]);
    return this.withTokens({ user, roles: roles.get(user.id) ?? [] });
  }

  /** Returns a user with given roles. */
  async withTokens({ user, roles }: UserWithRoles): Promise<UserDto> {
    const counts = await this.tokens.countByUser([user.id]);
    return toUserDto(user, roles, counts.get(user.id) ?? 0);
  }

  /** Returns users by id, ordered by name. */
  async findByIds(ids: readonly string[]): Promise<UserDto[]> {
    return this.toDtos(await this.users.findByIds(ids));
  }

  /** Returns each named user once, in the order of the names. */
  async findNamed(given: readonly string[]): Promise<NamedUser[]> {
    const names = [...new Set(given.map((name) => canonicalUserName(name) ?? name))];
    const ids = await this.users.findIdsByNames(names);
    return names.map((name) => ({ name, id: ids.get(name) }));
  }

  /** Returns names and ids of all users that match a filter, ordered by name. */
  async findMatching(filter: UserFilterDto): Promise<NamedUser[]> {
    const now = this.clock.now();
    const found: NamedUser[] = [];
    const read = (after: NamedUser | undefined, limit: number) =>
      this.list.findIds(filter, now, after?.name, limit);
    for await (const part of readInParts<NamedUser>(read, READ_AT_ONCE)) {
      found.push(...part);
    }
    return found;
  }

  /** Builds a query for the ids of all users that match a filter, to use as a subquery. */
  idsMatching(filter: UserFilterDto): SelectQueryBuilder<User> {
    return this.list.matching(filter, this.clock.now()).select('user.id');
  }

  /** Returns the numbers of users by kind and state. */
  count(): Promise<UserStatsDto> {
    return this.list.count();
  }

  private async toDtos(users: readonly User[]): Promise<UserDto[]> {
    const ids = users.map(({ id }) => id);
    const [roles, counts] = await Promise.all([this.userRoles.rolesOf(ids), this.tokens.countByUser(ids)]);
    return users.map((user) => toUserDto(user, roles.get(user.id) ?? [], counts.get(user.id) ?? 0));
  }
}
