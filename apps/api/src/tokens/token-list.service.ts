import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  canonicalName,
  TOKEN_SORT_FIELDS,
  type TokenListQueryDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { Clock } from '../common/clock.js';
import { listSlice } from '../common/list-slice.js';
import { type SendableList } from '../representation/send-list.js';
import { UsersRepository } from '../users/users.repository.js';
import { TokenListRepository, type TokenSelection } from './token-list.repository.js';
import { toUserTokenDto } from './token.mapper.js';

const COLUMNS = [
  'id',
  'user',
  'kind',
  'note',
  'enabled',
  'state',
  'permissions',
  'creationTime',
  'expirationTime',
  'idleExpirationTime',
  'lastUsageTime',
  'lastUsageAddress',
  'lastUsageAgent',
  'superseded',
  'tokenPreview',
  'createdByTokenId',
  'version',
] as const;

/** Rows that are read in one go; the others' requests are answered between. */
const PART = 500;

/** Whose tokens somebody may see. */
export interface TokenListScope {
  /** Only this user's; absent = everybody's. */
  readonly userId?: string;
}

/** Lists of tokens, with what their users have to say in them. */
@Injectable()
export class TokenListService {
  constructor(
    private readonly list: TokenListRepository,
    private readonly users: UsersRepository,
    private readonly clock: Clock,
  ) {}

  /** The tokens that match a query, newest first unless it says otherwise. */
  find(query: TokenListQueryDto, scope: TokenListScope): SendableList<UserTokenDto> {
    const now = this.clock.now();
    const slice = listSlice(query, TOKEN_SORT_FIELDS, { field: 'creationTime', isDescending: true });
    const toDtos = async (ids: readonly string[]) =>
      (await this.list.findByIds(ids)).map((token) => toUserTokenDto(token, token.user, now));
    const { list } = this;
    const select = () => this.select(query, scope, now);
    return {
      columns: COLUMNS,
      page: async () => {
        const selection = await select();
        const [ids, total] = selection
          ? await Promise.all([list.findIds(selection, slice.sort, slice), list.count(selection)])
          : [[], 0];
        return { items: await toDtos(ids), total, slice };
      },
      async *all() {
        const selection = await select();
        // All ids first: a token that is used meanwhile may change its place, and is still written once.
        const ids = selection ? await list.findIds(selection, slice.sort) : [];
        for (let start = 0; start < ids.length; start += PART) {
          yield await toDtos(ids.slice(start, start + PART));
          // SQLite answers without a pause of its own.
          await otherWork();
        }
      },
    };
  }

  /** What a filter means within a scope; `null` = no token at all. */
  async select(
    filter: TokenListQueryDto,
    scope: TokenListScope,
    now: number,
  ): Promise<TokenSelection | null> {
    if (filter.user === undefined) {
      return { filter, userId: scope.userId, now };
    }
    const user = await this.users.findByName(canonicalName(filter.user) ?? '');
    const isInScope = user && (scope.userId ?? user.id) === user.id;
    return isInScope ? { filter, userId: user.id, now } : null;
  }
}
