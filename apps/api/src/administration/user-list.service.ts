import { Injectable } from '@nestjs/common';
import { USER_SORT_FIELDS, type UserDto, type UserListQueryDto } from '@latchkey/auth-models';
import { Clock } from '../common/clock.js';
import { listSlice } from '../common/list-slice.js';
import { readInParts } from '../common/read-in-parts.js';
import { type SendableList } from '../representation/send-list.js';
import { TokensRepository } from '../tokens/tokens.repository.js';
import { UserListRepository } from '../users/user-list.repository.js';
import { toUserDto } from '../users/user.mapper.js';
import { type User } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';

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

/** Lists of users with their roles and how many tokens each has. */
@Injectable()
export class UserListService {
  constructor(
    private readonly list: UserListRepository,
    private readonly users: UsersRepository,
    private readonly tokens: TokensRepository,
    private readonly clock: Clock,
  ) {}

  /** The users that match a query, by name unless it says otherwise. */
  find(query: UserListQueryDto): SendableList<UserDto> {
    const now = this.clock.now();
    const slice = listSlice(query, USER_SORT_FIELDS, { field: 'name', isDescending: false });
    const read = (after: User | undefined, limit: number) =>
      this.list.findAfter(query, slice.sort, now, after, limit);
    const toDtos = (users: readonly User[]) => this.toDtos(users, now);
    return {
      columns: COLUMNS,
      page: async () => {
        const [users, total] = await this.list.find(query, slice, now);
        return { items: await toDtos(users), total, slice };
      },
      async *all() {
        for await (const users of readInParts(read)) {
          yield await toDtos(users);
        }
      },
    };
  }

  private async toDtos(users: readonly User[], now: number): Promise<UserDto[]> {
    const ids = users.map(({ id }) => id);
    const [roles, tokenCounts] = await Promise.all([
      this.users.rolesOf(ids),
      this.tokens.countLiveOf(ids, now),
    ]);
    return users.map((user) => toUserDto(user, roles.get(user.id) ?? [], tokenCounts.get(user.id) ?? 0));
  }
}
