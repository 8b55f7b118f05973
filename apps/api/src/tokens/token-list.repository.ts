import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type SortField, type TokenFilterDto, type TokenSortField } from '@latchkey/auth-models';
import { In, type Repository, type SelectQueryBuilder } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.js';
import { orderBy, type OrderColumn } from '../database/ordering.js';
import { TOKEN_CONDITIONS, tokenParameters } from './token-list-conditions.js';
import { Token } from './token.entity.js';
import { type OwnedToken } from './tokens.repository.js';

/** Which tokens are meant. */
export interface TokenSelection {
  readonly filter: TokenFilterDto;
  /** Only this user's; absent = everybody's. */
  readonly userId: string | undefined;
  readonly now: EpochMilliseconds;
}

/** Every query on lists of tokens. */
@Injectable()
export class TokenListRepository {
  constructor(@InjectRepository(Token) private readonly tokens: Repository<Token>) {}

  /** How many tokens are meant. */
  async count(selection: TokenSelection): Promise<number> {
    // Not `getCount`, which counts distinct ids: no token is joined with two users.
    const row = await this.selected(selection).select('COUNT(*)', 'count').getRawOne<{ count: number }>();
    return Number(row?.count);
  }

  /** Ids of the tokens meant, in order; all of them unless a part is asked for. */
  async findIds(
    selection: TokenSelection,
    sort: readonly SortField<TokenSortField>[],
    part?: { offset: number; size: number },
  ): Promise<string[]> {
    const query = orderBy(this.selected(selection).select('token.id', 'id'), columnsOf(sort));
    const [sql, parameters]: [string, unknown[]] = query.getQueryAndParameters();
    const rows = await this.tokens.query<{ id: string }[]>(
      part ? sql + this.limit(parameters.length) : sql,
      part ? [...parameters, part.size, part.offset] : parameters,
    );
    return rows.map(({ id }) => id);
  }

  /** Tokens with their users, in the order of these ids; without those that have just been deleted. */
  async findByIds(ids: readonly string[]): Promise<OwnedToken[]> {
    if (ids.length === 0) {
      return [];
    }
    const tokens = await this.tokens.find({ where: { id: In([...ids]) }, relations: { user: true } });
    const byId = new Map(tokens.map((token) => [token.id, token as OwnedToken]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /** TypeORM would write the numbers into the text, and SQLite keep a statement for each page. */
  private limit(before: number): string {
    const { driver } = this.tokens.manager.dataSource;
    return ` LIMIT ${driver.createParameter('size', before)} OFFSET ${driver.createParameter('offset', before + 1)}`;
  }

  private selected({ filter, userId, now }: TokenSelection): SelectQueryBuilder<Token> {
    const query = this.tokens
      .createQueryBuilder('token')
      .innerJoin('token.user', 'owner')
      .where(TOKEN_CONDITIONS, tokenParameters(filter, now));
    return userId === undefined ? query : query.andWhere('token.userId = :userId', { userId });
  }
}

/** The columns of an order; the last one tells all tokens apart, in the direction of the one before. */
function columnsOf(sort: readonly SortField<TokenSortField>[]): OrderColumn[] {
  const columns = sort.map(({ field, isDescending }) => ({
    column: field === 'user' ? 'owner.name' : `token.${field}`,
    isDescending,
  }));
  return [...columns, { column: 'token.id', isDescending: columns.at(-1)?.isDescending ?? false }];
}
