import { Injectable } from '@nestjs/common';
import { TOKEN_SORT_FIELDS, type TokenListQueryDto, type UserTokenDto } from '@latchkey/auth-models';
import { Clock } from '../common/clock.js';
import { listSlice, type ListSlice } from '../common/list-slice.js';
import { type Principal } from '../common/principal.js';
import { type SendableList } from '../representation/send-list.js';
import { toUserTokenDto } from '../tokens/token.mapper.js';
import { TokensRepository } from '../tokens/tokens.repository.js';

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
  'tokenPreview',
  'createdByTokenId',
  'version',
] as const;

const PART = 200;

/** The list of one's own live tokens. */
@Injectable()
export class MyTokenListService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly clock: Clock,
  ) {}

  find(query: TokenListQueryDto, actor: Principal): SendableList<UserTokenDto> {
    const now = this.clock.now();
    const slice = listSlice(query, TOKEN_SORT_FIELDS, { field: 'creationTime', isDescending: true });
    const read = async (part: ListSlice<(typeof TOKEN_SORT_FIELDS)[number]>) => {
      const [tokens, total] = await this.tokens.findLiveOf(actor.id, query, part, now);
      return { items: tokens.map((token) => toUserTokenDto(token, token.user, now)), total, slice };
    };
    return {
      columns: COLUMNS,
      page: () => read(slice),
      async *all() {
        for (let offset = 0, total = 1; offset < total; offset += PART) {
          const part = await read({ ...slice, offset, size: PART });
          total = part.total;
          yield part.items;
        }
      },
    };
  }
}
