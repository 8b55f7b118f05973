import { Injectable } from '@nestjs/common';
import { TokenListQueryDto, type UserTokenDto } from '@latchkey/auth-models';
import { TokenListService } from '../../identity/tokens/list/token-list.service.js';
import { UsersRepository } from '../../identity/users/model/users.repository.js';
import { type Command } from '../command.js';
import { CommandInput } from './command-input.js';

/** Which tokens to list; the filters are those of the API. */
export interface ListTokensOptions {
  user?: string;
  kind?: string;
  state?: string;
  limit: number;
}

/** Tokens, newest first, and how many there are in all. */
export interface ListedTokens {
  items: UserTokenDto[];
  total: number;
}

/** Lists tokens. */
@Injectable()
export class ListTokensCommand implements Command<ListTokensOptions, ListedTokens> {
  readonly name = 'list-tokens';

  constructor(
    private readonly tokens: TokenListService,
    private readonly users: UsersRepository,
    private readonly input: CommandInput,
  ) {}

  async run({ limit, ...filter }: ListTokensOptions): Promise<ListedTokens> {
    const query = await this.input.check(TokenListQueryDto, filter);
    if (query.user !== undefined) {
      // A list of nobody's tokens would look like one of somebody who has none.
      await this.users.getByName(query.user);
    }
    query.size = limit;
    const { items, total } = await this.tokens.find(query, {}).page();
    return { items, total };
  }
}
