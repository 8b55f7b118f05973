import { Injectable } from '@nestjs/common';
import {
  canonicalUserName,
  TOKEN_REQUEST_SORT_FIELDS,
  type TokenRequestDto,
  type TokenRequestListQueryDto,
} from '@latchkey/auth-models';
import { Clock, toRfc3339, type EpochMilliseconds } from '../common/clock.js';
import { inParts } from '../common/in-parts.js';
import { type SendableList } from '../http/lists/send-list.js';
import { listSlice } from '../platform/database/queries/list-queries.js';
import { scopeMembers } from '../permissions/scope.js';
import { UsersService } from '../users/users.service.js';
import {
  statusOf,
  TokenRequestsRepository,
  type OwnedTokenRequest,
  type TokenRequestSelection,
} from './token-requests.repository.js';

const COLUMNS = [
  'id',
  'user',
  'template',
  'permissions',
  'roles',
  'expiresIn',
  'note',
  'reason',
  'status',
  'creationTime',
  'endTime',
  'decidedBy',
  'decisionReason',
  'tokenId',
] as const;

/** Lists of token requests. */
@Injectable()
export class TokenRequestListService {
  constructor(
    private readonly requests: TokenRequestsRepository,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the requests that match a query, newest first by default.
   *
   * @param visibility by default, the requests of all users are visible.
   */
  find(
    query: TokenRequestListQueryDto,
    visibility: TokenRequestSelection['visibility'] = {},
  ): SendableList<TokenRequestDto> {
    const { requests } = this;
    const slice = listSlice(query, TOKEN_REQUEST_SORT_FIELDS, { field: 'creationTime', isDescending: true });
    const selected = () => this.select(query, visibility);
    return {
      columns: COLUMNS,
      page: async () => {
        const selection = await selected();
        const [items, total] = selection ? await requests.find(selection, slice) : [[], 0];
        return { items: items.map((request) => toTokenRequestDto(request, this.clock.now())), total, slice };
      },
      all: async function* (this: TokenRequestListService) {
        const selection = await selected();
        const ids = selection ? await requests.findOrder(selection, slice.sort) : [];
        for await (const part of inParts(ids)) {
          const now = this.clock.now();
          yield (await requests.findByIds(part)).map((request) => toTokenRequestDto(request, now));
        }
      }.bind(this),
    };
  }

  /** Returns the selection of a query, or `null` if it names an unknown user. */
  private async select(
    { user, ...filter }: TokenRequestListQueryDto,
    visibility: TokenRequestSelection['visibility'],
  ): Promise<TokenRequestSelection | null> {
    const now = this.clock.now();
    if (user === undefined) {
      return { filter, visibility, now };
    }
    const named = await this.users.findByName(canonicalUserName(user) ?? '');
    return named && { filter, visibility: { userId: named.id }, now };
  }
}

/** Returns the DTO of a request. */
export function toTokenRequestDto(request: OwnedTokenRequest, now: EpochMilliseconds): TokenRequestDto {
  return {
    id: request.id,
    user: request.user.name,
    template: request.template,
    ...scopeMembers(request.scope),
    expiresIn: request.expiresIn,
    ...(request.note !== null && { note: request.note }),
    ...(request.reason !== null && { reason: request.reason }),
    status: statusOf(request, now),
    creationTime: toRfc3339(request.creationTime),
    endTime: toRfc3339(request.endTime),
    ...(request.deciderName !== null && { decidedBy: request.deciderName }),
    ...(request.decisionReason !== null && { decisionReason: request.decisionReason }),
    ...(request.tokenId !== null && { tokenId: request.tokenId }),
  };
}
