import { Injectable } from '@nestjs/common';
import {
  canonicalUserName,
  TOKEN_SORT_FIELDS,
  type SortField,
  type TokenFilterDto,
  type TokenListQueryDto,
  type TokenSortField,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { Clock } from '../../../common/clock.js';
import { inParts } from '../../../common/in-parts.js';
import { listSlice } from '../../../common/list-slice.js';
import { type SendableList } from '../../../http/lists/send-list.js';
import { UsersRepository } from '../../users/model/users.repository.js';
import { TokenListRepository, type TokenSelection } from './token-list.repository.js';
import { isVisible, type TokenVisibility } from '../access/token-visibility.js';
import { toUserTokenDto } from '../model/token.mapper.js';

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

const NEWEST: SortField<TokenSortField> = { field: 'creationTime', isDescending: true };

/** Lists of tokens, with what their users have to say in them. */
@Injectable()
export class TokenListService {
  constructor(
    private readonly list: TokenListRepository,
    private readonly users: UsersRepository,
    private readonly clock: Clock,
  ) {}

  /** The tokens that match a query, newest first unless it says otherwise. */
  find(query: TokenListQueryDto, scope: TokenVisibility): SendableList<UserTokenDto> {
    const slice = listSlice(query, TOKEN_SORT_FIELDS, NEWEST);
    const page = async () => {
      const selection = await this.select(query, scope);
      const [ids, total] = selection ? await this.list.findPage(selection, slice) : [[], 0];
      return { items: await this.show(ids), total, slice };
    };
    return { columns: COLUMNS, page, all: () => this.all(query, scope, slice.sort) };
  }

  /** Ids of the tokens that match a filter, newest first. */
  async findIds(
    filter: TokenFilterDto,
    scope: TokenVisibility,
    sort: readonly SortField<TokenSortField>[] = [NEWEST],
  ): Promise<string[]> {
    const selection = await this.select(filter, scope);
    return selection ? this.list.findIds(selection, sort) : [];
  }

  /** How many tokens match a filter. */
  async count(filter: TokenFilterDto, scope: TokenVisibility): Promise<number> {
    const selection = await this.select(filter, scope);
    return selection ? this.list.count(selection) : 0;
  }

  /** Returns those of some ids that are tokens within a scope, in that order. */
  async visible(ids: readonly string[], scope: TokenVisibility): Promise<string[]> {
    const owners = await this.list.findOwners(ids);
    return ids.filter((id) => {
      const token = owners.get(id);
      return token && isVisible(scope, token);
    });
  }

  /** Tokens by their ids, in that order; without those that are gone. */
  async show(ids: readonly string[]): Promise<UserTokenDto[]> {
    const now = this.clock.now();
    const tokens = await this.list.findByIds(ids);
    return tokens.map((token) => toUserTokenDto(token, token.user, now));
  }

  private async *all(
    filter: TokenFilterDto,
    scope: TokenVisibility,
    sort: readonly SortField<TokenSortField>[],
  ): AsyncGenerator<UserTokenDto[]> {
    // All ids first: a token that is used meanwhile may change its place, and is still written once.
    const ids = await this.findIds(filter, scope, sort);
    for await (const part of inParts(ids)) {
      yield await this.show(part);
    }
  }

  /** What a filter means within a scope; `null` = no token at all. */
  private async select(
    filter: TokenFilterDto,
    { userId, hidesProfiles = false }: TokenVisibility,
  ): Promise<TokenSelection | null> {
    const now = this.clock.now();
    if (filter.user === undefined) {
      return { filter, userId, hidesProfiles, now };
    }
    const user = await this.users.findByName(canonicalUserName(filter.user) ?? '');
    return user && (userId ?? user.id) === user.id ? { filter, userId: user.id, hidesProfiles, now } : null;
  }
}
