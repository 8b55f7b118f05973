import { Injectable } from '@nestjs/common';
import { USER_SORT_FIELDS, type UserDto, type UserListQueryDto } from '@latchkey/auth-models';
import { Clock } from '../../../common/clock.js';
import { listSlice } from '../../../platform/database/queries/list-queries.js';
import { inParts } from '../../../common/in-parts.js';
import { type SendableList } from '../../../http/lists/send-list.js';
import { TokenStatsService } from '../../tokens/list/token-stats.service.js';
import { UserListRepository } from './user-list.repository.js';
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

/** Lists users. */
@Injectable()
export class UserListService {
  constructor(
    private readonly list: UserListRepository,
    private readonly tokens: TokenStatsService,
    private readonly views: UserViews,
    private readonly clock: Clock,
  ) {}

  /** Returns the matching users, ordered by name by default. */
  find(query: UserListQueryDto): SendableList<UserDto> {
    const now = this.clock.now();
    const slice = listSlice(query, USER_SORT_FIELDS, { field: 'name', isDescending: false });
    const counts = this.tokens.liveCounts(now);
    const { list, views } = this;
    return {
      columns: COLUMNS,
      async page() {
        const [users, total] = await list.find(query, slice, now, counts);
        return { items: await views.of(users), total, slice };
      },
      async *all() {
        // Read all ids first, so that a user who changes position during the export is still written once.
        const ids = await list.findOrder(query, slice.sort, now, counts);
        for await (const part of inParts(ids)) {
          yield await views.of(await list.findByIds(part));
        }
      },
    };
  }
}
