import { Injectable } from '@nestjs/common';
import { type UserDto } from '@latchkey/auth-models';
import { TokenStatsService } from '../../tokens/list/token-stats.service.js';
import { toUserDto } from '../model/user.mapper.js';
import { UserRolesRepository } from '../model/user-roles.repository.js';
import { type UserWithRoles } from '../model/user-with-roles.js';
import { type User } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';

/** Builds the DTOs of users for administrators, with roles and the number of live tokens. */
@Injectable()
export class UserViews {
  constructor(
    private readonly users: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly tokens: TokenStatsService,
  ) {}

  /** Returns the user with this name. @throws ApplicationError `not_found`. */
  async get(name: string): Promise<UserDto> {
    const user = await this.users.getByName(name);
    // Read after the user. Roles newer than the version cause a rejected change; older ones would cause a lost change.
    const roles = await this.userRoles.rolesOf([user.id]);
    return this.withTokens({ user, roles: roles.get(user.id) ?? [] });
  }

  /** Returns a user with given roles. */
  async withTokens({ user, roles }: UserWithRoles): Promise<UserDto> {
    const counts = await this.tokens.countByUser([user.id]);
    return toUserDto(user, roles, counts.get(user.id) ?? 0);
  }

  /** Returns these users, in their order. */
  async of(users: readonly User[]): Promise<UserDto[]> {
    const ids = users.map(({ id }) => id);
    const [roles, counts] = await Promise.all([this.userRoles.rolesOf(ids), this.tokens.countByUser(ids)]);
    return users.map((user) => toUserDto(user, roles.get(user.id) ?? [], counts.get(user.id) ?? 0));
  }
}
