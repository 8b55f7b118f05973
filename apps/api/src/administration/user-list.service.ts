import { Injectable } from '@nestjs/common';
import { USER_SORT_FIELDS, type UserDto, type UserListQueryDto } from '@latchkey/auth-models';
import { Clock } from '../common/clock.js';
import { listSlice } from '../common/list-slice.js';
import { readInParts } from '../common/read-in-parts.js';
import { type SendableList } from '../representation/send-list.js';
import { UserListRepository } from '../users/user-list.repository.js';
import { type User } from '../users/user.entity.js';
import { UserViews } from './user-views.js';

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

/** Lists of users. */
@Injectable()
export class UserListService {
  constructor(
    private readonly list: UserListRepository,
    private readonly views: UserViews,
    private readonly clock: Clock,
  ) {}

  /** The users that match a query, by name unless it says otherwise. */
  find(query: UserListQueryDto): SendableList<UserDto> {
    const now = this.clock.now();
    const slice = listSlice(query, USER_SORT_FIELDS, { field: 'name', isDescending: false });
    const read = (after: User | undefined, limit: number) =>
      this.list.findAfter(query, slice.sort, now, after, limit);
    const { list, views } = this;
    return {
      columns: COLUMNS,
      async page() {
        const [users, total] = await list.find(query, slice, now);
        return { items: await views.of(users), total, slice };
      },
      async *all() {
        for await (const users of readInParts(read)) {
          yield await views.of(users);
        }
      },
    };
  }
}
