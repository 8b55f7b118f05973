import { Injectable } from '@nestjs/common';
import { TokenListQueryDto, type UserTokenDto } from '@latchkey/auth-models';
import { TokenListService } from '../../identity/tokens/list/token-list.service.js';
import { UsersRepository } from '../../identity/users/model/users.repository.js';
import { type Command } from '../command.js';
import { CommandInput } from './command-input.js';

/** Filters for the list, the same as those of the API. */
export interface ListTokensOptions {
  user?: string;
  kind?: string;
  state?: string;
  limit: number;
}

/** Tokens, newest first, and the number of tokens that match. */
export interface ListedTokens {
  items: UserTokenDto[];
  total: number;
}

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
      // Rejects an unknown user. An empty list would look like that of a user without tokens.
      await this.users.getByName(query.user);
    }
    query.size = limit;
    const { items, total } = await this.tokens.find(query, {}).page();
    return { items, total };
  }
}
