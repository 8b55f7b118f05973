import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type SortField, type TokenFilterDto, type TokenSortField } from '@latchkey/auth-models';
import { type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.js';
import { findOwnedRows, type OwnedColumns } from './owned-rows.js';
import { TOKEN_CONDITIONS, tokenParameters } from './token-list-conditions.js';
import { Token } from './token.entity.js';
import { type ShownToken } from './token.mapper.js';

/** Which tokens are meant. */
export interface TokenSelection {
  readonly filter: TokenFilterDto;
  /** Only this user's; absent = everybody's. */
  readonly userId: string | undefined;
  readonly now: EpochMilliseconds;
}

/** A token with what of its user is shown with it. */
export type ListedToken = OwnedColumns<ShownColumn>;

/** Every column but those that nobody is shown. */
type ShownColumn = Exclude<keyof ShownToken, 'user'>;

/** A cross join, so that SQLite takes user by user and reads the tokens of each from the index. */
const SELECTED = `FROM "users" owner CROSS JOIN "tokens" token WHERE token."userId" = owner."id" AND ${TOKEN_CONDITIONS}`;

/** Every query on lists of tokens. Their texts hold no values, so that SQLite need not prepare each page anew. */
@Injectable()
export class TokenListRepository {
  private readonly shownColumns: ShownColumn[];

  constructor(@InjectRepository(Token) private readonly tokens: Repository<Token>) {
    this.shownColumns = tokens.metadata.columns
      .map(({ propertyName }) => propertyName as ShownColumn)
      .filter((column) => !/digest/i.test(column));
  }

  /** How many tokens are meant. */
  async count(selection: TokenSelection): Promise<number> {
    const [row] = await this.query<{ count: number | string }>('SELECT COUNT(*) AS "count"', selection);
    return Number(row?.count);
  }

  /** Ids of the tokens meant, in order; all of them unless a part is asked for. */
  async findIds(
    selection: TokenSelection,
    sort: readonly SortField<TokenSortField>[],
    part?: { offset: number; size: number },
  ): Promise<string[]> {
    const end = orderOf(sort) + (part ? ' LIMIT :size OFFSET :offset' : '');
    const rows = await this.query<{ id: string }>('SELECT token."id" AS "id"', selection, end, part);
    return rows.map(({ id }) => id);
  }

  /** Tokens with their users, in the order of these ids; without those that have just been deleted. */
  async findByIds(ids: readonly string[]): Promise<ListedToken[]> {
    const byId = await findOwnedRows(ids, this.shownColumns, this.tokens.manager);
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  private query<Row>(
    columns: string,
    { filter, userId, now }: TokenSelection,
    end = '',
    part?: { offset: number; size: number },
  ): Promise<Row[]> {
    const ofUser = userId === undefined ? '' : ' AND owner."id" = :userId';
    const parameters = {
      ...tokenParameters(filter, now),
      userId,
      size: part?.size,
      offset: part?.offset,
    };
    const { driver } = this.tokens.manager.dataSource;
    return this.tokens.query(
      ...driver.escapeQueryWithParameters(`${columns} ${SELECTED}${ofUser}${end}`, parameters),
    );
  }
}

/** The order in SQL, absent values being the smallest; the id tells all tokens apart, in the direction of the last field. */
function orderOf(sort: readonly SortField<TokenSortField>[]): string {
  const fields = sort.map(({ field, isDescending }) => ({
    column: field === 'user' ? 'owner."name"' : `token."${field}"`,
    isDescending,
  }));
  const last = { column: 'token."id"', isDescending: fields.at(-1)?.isDescending ?? false };
  const terms = [...fields, last].map(
    ({ column, isDescending }) => `${column} ${isDescending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}`,
  );
  return ` ORDER BY ${terms.join(', ')}`;
}
