import { Injectable } from '@nestjs/common';
import {
  USER_SORT_FIELDS,
  type UserDto,
  type UserListQueryDto,
  type UserSortField,
} from '@latchkey/auth-models';
import { Clock } from '../common/clock.js';
import { listSlice, type ListSlice } from '../common/list-slice.js';
import { TokensRepository } from '../tokens/tokens.repository.js';
import { UserListRepository } from '../users/user-list.repository.js';
import { toUserDto } from '../users/user.mapper.js';
import { UsersRepository } from '../users/users.repository.js';

/** Lists of users with their roles and how many tokens each has. */
@Injectable()
export class UserListService {
  constructor(
    private readonly list: UserListRepository,
    private readonly users: UsersRepository,
    private readonly tokens: TokensRepository,
    private readonly clock: Clock,
  ) {}

  async find(
    query: UserListQueryDto,
  ): Promise<{ items: UserDto[]; total: number; slice: ListSlice<UserSortField> }> {
    const now = this.clock.now();
    const slice = listSlice(query, USER_SORT_FIELDS, { field: 'name', isDescending: false });
    const [users, total] = await this.list.find(query, slice, now);
    const ids = users.map(({ id }) => id);
    const [roles, tokenCounts] = await Promise.all([
      this.users.rolesOf(ids),
      this.tokens.countLiveOf(ids, now),
    ]);
    const items = users.map((user) =>
      toUserDto(user, roles.get(user.id) ?? [], tokenCounts.get(user.id) ?? 0),
    );
    return { items, total, slice };
  }
}
