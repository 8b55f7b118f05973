import { setImmediate as otherWork } from 'node:timers/promises';
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
import { Clock, DAY_MILLISECONDS } from '../../common/clock.service.js';
import { inParts } from '../../common/in-parts.js';
import { type Principal } from '../../common/request/principal.js';
import { listSlice } from '../../platform/database/queries/list-queries.js';
import { type SendableList } from '../../http/lists/send-list.js';
import { checkPermissionFilter } from '../../permissions/grants.service.js';
import { RolesService } from '../../permissions/roles/roles.service.js';
import { UsersService } from '../../users/users.service.js';
import { TokenListRepository, type TokenSelection } from './token-list.repository.js';
import { readsMore } from './token-list-sql.js';
import { TokenAccess } from '../access/token-access.service.js';
import { type TokenVisibility, visibilityOf } from '../access/token-visibility.js';
import { toUserTokenDto } from '../model/token.mapper.js';

const COLUMNS = [
  'id',
  'user',
  'kind',
  'note',
  'enabled',
  'state',
  'permissions',
  'roles',
  'allowedAddresses',
  'notBefore',
  'maxUses',
  'usesLeft',
  'rateLimit',
  'metadata',
  'creationTime',
  'expirationTime',
  'idleExpirationTime',
  'lastUsageTime',
  'lastUsageAddress',
  'lastUsageAgent',
  'lastUsageReportedBy',
  'superseded',
  'tokenPreview',
  'createdByTokenId',
  'version',
] as const;

/** Maximum number of verifiers that a token names. */
const NAMES_MAX = 3;

const NEWEST: SortField<TokenSortField> = { field: 'creationTime', isDescending: true };

/** Whether many statements read the tokens of a selection as fast as one. */
function isReadInParts({ filter, userId }: TokenSelection): boolean {
  return userId === undefined && !readsMore(filter);
}

/** Reads single tokens and lists of tokens. */
@Injectable()
export class TokenListService {
  constructor(
    private readonly list: TokenListRepository,
    private readonly users: UsersService,
    private readonly access: TokenAccess,
    private readonly roles: RolesService,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns a token that the caller can see.
   *
   * @throws ApplicationError `not_found`.
   */
  async get(id: string, actor: Principal): Promise<UserTokenDto> {
    const token = await this.access.getReadable(id, actor);
    return toUserTokenDto(token, token.user, this.clock.now());
  }

  /**
   * Returns the tokens that match a query, newest first by default.
   *
   * @throws ApplicationError `forbidden`.
   */
  find(
    query: TokenListQueryDto,
    actor: Principal,
    visibility: TokenVisibility = visibilityOf(actor),
  ): SendableList<UserTokenDto> {
    checkPermissionFilter(query, actor);
    const slice = listSlice(query, TOKEN_SORT_FIELDS, NEWEST);
    const page = async () => {
      const selection = await this.select(query, visibility);
      const [ids, total] = selection ? await this.list.findPage(selection, slice) : [[], 0];
      return { items: await this.show(ids, query), total, slice };
    };
    return { columns: COLUMNS, page, all: () => this.all(query, visibility, slice.sort) };
  }

  /**
   * Returns the ids of the tokens that match a filter, newest first.
   *
   * @throws ApplicationError `forbidden`.
   */
  async findIds(filter: TokenFilterDto, actor: Principal): Promise<string[]> {
    checkPermissionFilter(filter, actor);
    const selection = await this.select(filter, visibilityOf(actor));
    if (!selection) {
      return [];
    }
    if (!isReadInParts(selection)) {
      return this.list.findIds(selection, [NEWEST]);
    }
    const ids: string[] = [];
    for await (const part of this.list.findIdsByCreation(selection)) {
      ids.push(...part);
      // SQLite queries are synchronous, so other requests would wait.
      await otherWork();
    }
    return ids;
  }

  /** Returns the number of visible tokens in the default states. */
  count(visibility: TokenVisibility): Promise<number> {
    return this.list.count({ ...visibility, filter: {}, now: this.clock.now() });
  }

  /** Returns the ids of visible tokens among some ids, in their order. */
  async visible(ids: readonly string[], visibility: TokenVisibility): Promise<string[]> {
    const tokens = await this.list.findVisibilityColumns(ids);
    const visible = await this.access.findVisible([...tokens.values()], visibility);
    return ids.filter((id) => visible.has(id));
  }

  /**
   * Returns tokens in the order of the ids, without deleted ones. A list of tokens of verifiers has the names
   * of these.
   */
  async show(ids: readonly string[], { verifying }: TokenFilterDto = {}): Promise<UserTokenDto[]> {
    const now = this.clock.now();
    const tokens = await this.list.findByIds(ids);
    const names =
      verifying && tokens.length > 0
        ? await this.list.findVerifierNames(now - DAY_MILLISECONDS)
        : new Map<string, string[]>();
    return tokens.map((token) => {
      const verifiesFor = names.get(token.id)?.slice(0, NAMES_MAX);
      return { ...toUserTokenDto(token, token.user, now), ...(verifiesFor && { verifiesFor }) };
    });
  }

  private async *all(
    filter: TokenFilterDto,
    visibility: TokenVisibility,
    sort: readonly SortField<TokenSortField>[],
  ): AsyncGenerator<UserTokenDto[]> {
    const selection = await this.select(filter, visibility);
    if (!selection) {
      return;
    }
    const [order, ...others] = sort;
    if (order?.field === 'creationTime' && others.length === 0 && isReadInParts(selection)) {
      for await (const tokens of this.list.findByCreation(selection, order.isDescending)) {
        const now = this.clock.now();
        yield tokens.map((token) => toUserTokenDto(token, token.user, now));
        // SQLite queries are synchronous, so other requests would wait.
        await otherWork();
      }
      return;
    }
    // All ids first: a token that is used meanwhile may change its position, and is still written once.
    for await (const part of inParts(await this.list.findIds(selection, sort))) {
      yield await this.show(part, filter);
    }
  }

  /** Returns the selection of a filter among visible tokens, or `null` if it matches none. */
  private async select(filter: TokenFilterDto, visibility: TokenVisibility): Promise<TokenSelection | null> {
    const { permission } = filter;
    const grantingRoles = permission === undefined ? [] : await this.roles.findNamesGranting(permission);
    const selection = { ...visibility, filter, grantingRoles, now: this.clock.now() };
    if (filter.user === undefined) {
      return selection;
    }
    const user = await this.users.findByName(canonicalUserName(filter.user) ?? '');
    return user && (visibility.userId ?? user.id) === user.id ? { ...selection, userId: user.id } : null;
  }
}
