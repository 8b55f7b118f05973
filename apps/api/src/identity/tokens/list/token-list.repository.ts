import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type SortField, type TokenFilterDto, type TokenSortField } from '@latchkey/auth-models';
import { type DataSource, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { type ListSlice } from '../../../common/list-slice.js';
import { findOwnedRows, type OwnedColumns } from '../model/owned-rows.js';
import { tokenConditions, tokenParameters } from './token-list-conditions.js';
import { orderBySql, tokenOrder } from './token-order.js';
import { tokenPageStatement } from './token-page-statement.js';
import { Token } from '../model/token.entity.js';
import { type ShownToken } from '../model/token.mapper.js';

/** Which tokens are meant. */
export interface TokenSelection {
  readonly filter: TokenFilterDto;
  /** Only this user's; absent = everybody's. */
  readonly userId: string | undefined;
  /** Whether `q` does not search display names and e-mail addresses. */
  readonly hidesProfiles: boolean;
  readonly now: EpochMilliseconds;
}

/** A token with what of its user is shown with it. */
export type ListedToken = OwnedColumns<ShownColumn>;

/** Every column but those that nobody is shown. */
type ShownColumn = Exclude<keyof ShownToken, 'user'>;

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
    const statement = `SELECT COUNT(*) AS "count" ${selectedBy(selection)}`;
    const [row] = await this.query<{ count: number | string }>(statement, selection);
    return Number(row?.count);
  }

  /** Ids of the tokens on one page, and how many are meant in all. */
  async findPage(
    selection: TokenSelection,
    { sort, offset, size }: ListSlice<TokenSortField>,
  ): Promise<[ids: string[], total: number]> {
    const statement = tokenPageStatement(selectedBy(selection), tokenOrder(sort, this.source));
    const rows = await this.query<{ id: string | null; total: number | string }>(statement, selection, {
      offset,
      size,
    });
    return [rows.flatMap(({ id }) => id ?? []), Number(rows[0]?.total)];
  }

  /** Ids of all the tokens meant, in order. */
  async findIds(selection: TokenSelection, sort: readonly SortField<TokenSortField>[]): Promise<string[]> {
    const order = orderBySql(tokenOrder(sort, this.source), 'expression');
    const statement = `SELECT token."id" AS "id" ${selectedBy(selection)}${order}`;
    const rows = await this.query<{ id: string }>(statement, selection);
    return rows.map(({ id }) => id);
  }

  /** Tokens with their users, in the order of these ids; without those that have just been deleted. */
  async findByIds(ids: readonly string[]): Promise<ListedToken[]> {
    const byId = await findOwnedRows(ids, this.shownColumns, this.tokens.manager);
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /** The owners of tokens by their ids; without those that there are not. */
  findOwners(ids: readonly string[]): Promise<Map<string, OwnedColumns<'userId'>>> {
    return findOwnedRows(ids, ['userId', 'id', 'enabled'], this.tokens.manager);
  }

  private get source(): DataSource {
    return this.tokens.manager.dataSource;
  }

  private query<Row>(
    statement: string,
    { filter, userId, hidesProfiles, now }: TokenSelection,
    part?: { offset: number; size: number },
  ): Promise<Row[]> {
    const parameters = { ...tokenParameters(filter, hidesProfiles, now), userId, ...part };
    return this.tokens.query(...this.source.driver.escapeQueryWithParameters(statement, parameters));
  }
}

/**
 * The tokens meant, from `FROM` on. A cross join, so that SQLite takes user by user and reads the tokens of each from
 * the index.
 */
function selectedBy({ userId }: TokenSelection): string {
  const isOfUser = userId !== undefined;
  const ofUser = isOfUser ? ' AND owner."id" = :userId' : '';
  return `FROM "users" owner CROSS JOIN "tokens" token WHERE token."userId" = owner."id" AND ${tokenConditions(isOfUser)}${ofUser}`;
}
