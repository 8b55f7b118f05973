import { Injectable } from '@nestjs/common';
import {
  TOKEN_SORT_FIELDS,
  type MeDto,
  type TokenListQueryDto,
  type TokenSortField,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { Clock } from '../common/clock.js';
import { listSlice, type ListSlice } from '../common/list-slice.js';
import { type Principal } from '../common/principal.js';
import { toUserTokenDto } from '../tokens/token.mapper.js';
import { TokensRepository } from '../tokens/tokens.repository.js';
import { toMeDto } from '../users/user.mapper.js';
import { UsersRepository } from '../users/users.repository.js';

/** What people see of their own account. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokensRepository: TokensRepository,
    private readonly clock: Clock,
  ) {}

  async profile(actor: Principal): Promise<MeDto> {
    const user = await this.users.findById(actor.id);
    if (!user) {
      throw new ApplicationError('unauthenticated');
    }
    return toMeDto(user, actor.roles, actor.permissions);
  }

  async tokens(
    query: TokenListQueryDto,
    actor: Principal,
  ): Promise<{ items: UserTokenDto[]; total: number; slice: ListSlice<TokenSortField> }> {
    const slice = listSlice(query, TOKEN_SORT_FIELDS, { field: 'creationTime', isDescending: true });
    const [tokens, total] = await this.tokensRepository.findLiveOf(actor.id, query, slice, this.clock.now());
    return { items: tokens.map((token) => toUserTokenDto(token, actor.name)), total, slice };
  }
}
