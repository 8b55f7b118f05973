import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type SortField, type TokenFilterDto, type TokenSortField } from '@latchkey/auth-models';
import { type DataSource, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { groupBy } from '../../common/group-by.js';
import { byCodePoints, type ListSlice } from '../../platform/database/queries/list-queries.js';
import { Writes } from '../../platform/database/writes.service.js';
import {
  findOwnedRows,
  ownedColumns,
  toOwned,
  type OwnedColumns,
  type OwnedRow,
} from '../model/owned-rows.js';
import { firstTokensSql, orderSql, tokenConditions, tokenParameters } from './token-list-sql.js';
import { type VisibilityColumns, type TokenVisibility } from '../access/token-visibility.js';
import { Token } from '../model/token.entity.js';
import { type ShownToken } from '../model/token.mapper.js';

/** Tokens that a list selects: those that match the filter among the visible ones. */
export interface TokenSelection extends TokenVisibility {
  readonly filter: TokenFilterDto;
  /** Names of the roles that grant the permission in the filter. */
  readonly grantingRoles?: readonly string[];
  readonly now: EpochMilliseconds;
}

/** Token with the columns of its user that lists show. */
type ListedToken = OwnedColumns<ShownColumn>;

/** Columns that responses may show. */
type ShownColumn = Exclude<keyof ShownToken, 'user'>;

/** Position of a token in order of creation. */
type CreationKey = Pick<Token, 'creationTime' | 'id'>;

const BEFORE_ALL: CreationKey = { creationTime: -1, id: '' };
const AFTER_ALL: CreationKey = { creationTime: Number.MAX_SAFE_INTEGER, id: '' };

/** Rows that one statement of {@link TokenListRepository.findByCreation} reads, in about ten milliseconds. */
const ROWS_READ_AT_ONCE = 500;
/**
 * Rows that one statement of {@link TokenListRepository.findIdsByCreation} reads, also in about ten
 * milliseconds.
 */
const IDS_READ_AT_ONCE = 2_000;

/** Queries on lists of tokens. Their texts contain no values, so that SQLite prepares them once. */
@Injectable()
export class TokenListRepository {
  private readonly shownColumns: ShownColumn[];

  constructor(
    @InjectRepository(Token) private readonly tokens: Repository<Token>,
    private readonly writes: Writes,
  ) {
    this.shownColumns = tokens.metadata.columns
      .map(({ propertyName }) => propertyName as ShownColumn)
      .filter((column) => !/digest/i.test(column));
  }

  async count(selection: TokenSelection): Promise<number> {
    const statement = `SELECT COUNT(*) AS "count" ${this.selectedBy(selection)}`;
    const [row] = await this.query<{ count: number | string }>(statement, selection);
    return Number(row?.count);
  }

  /** Returns the ids of the tokens on one page, and the total number. */
  findPage(
    selection: TokenSelection,
    slice: ListSlice<TokenSortField>,
  ): Promise<[ids: string[], total: number]> {
    if (this.source.options.type !== 'postgres') {
      return this.readPage(selection, slice);
    }
    // The position of the page depends on the total, so both come from one snapshot. The time limit of writes
    // applies, after which no connection returns to the pool with an open transaction.
    return this.writes.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      return new TokenListRepository(tx.getRepository(Token), this.writes).readPage(selection, slice);
    }, 'none');
  }

  private async readPage(
    selection: TokenSelection,
    { sort, offset, size }: ListSlice<TokenSortField>,
  ): Promise<[ids: string[], total: number]> {
    const total = await this.count(selection);
    const limit = Math.min(size, total - offset);
    if (limit <= 0) {
      return [[], total];
    }
    const isOfUser = selection.userId !== undefined;
    if (offset === 0 && !isOfUser && sort.length === 1 && sort[0]?.field === 'creationTime') {
      // Twice as fast on SQLite, which otherwise reads all matches again.
      const conditions = tokenConditions(this.parametersOf(selection), isOfUser, this.source, true);
      const statement = firstTokensSql(conditions, orderSql(sort, this.source));
      const first = await this.queryIds(statement, selection, { limit });
      if (first.length === limit) {
        return [first, total];
      }
    }
    // Reads the second half of a list from its end, because the database sorts only the rows up to the page.
    const isReversed = 2 * offset >= total;
    const statement = `${this.idsOf(selection)}${orderSql(sort, this.source, isReversed)} LIMIT :limit OFFSET :offset`;
    const ids = await this.queryIds(statement, selection, {
      limit,
      offset: isReversed ? total - offset - limit : offset,
    });
    return [isReversed ? ids.reverse() : ids, total];
  }

  /** Returns the ids of all selected tokens, in order. */
  async findIds(selection: TokenSelection, sort: readonly SortField<TokenSortField>[]): Promise<string[]> {
    return this.queryIds(`${this.idsOf(selection)}${orderSql(sort, this.source)}`, selection);
  }

  /** Returns the names of the verifiers that have reported since a time, by the ids of their tokens. */
  async findVerifierNames(since: EpochMilliseconds): Promise<Map<string, string[]>> {
    const statement = `SELECT DISTINCT "tokenId", "name" FROM "verifiers"
      WHERE "reportTime" >= :since AND "tokenId" IS NOT NULL ORDER BY "name"`;
    const rows = await this.tokens.query<{ tokenId: string; name: string }[]>(
      ...this.source.driver.escapeQueryWithParameters(statement, { since }),
    );
    const byToken = groupBy(rows, ({ tokenId }) => tokenId);
    return new Map([...byToken].map(([id, named]) => [id, named.map(({ name }) => name)]));
  }

  /** Returns tokens with their users in the order of the ids, without deleted ones. */
  async findByIds(ids: readonly string[]): Promise<ListedToken[]> {
    const byId = await findOwnedRows(ids, this.shownColumns, this.tokens.manager);
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /**
   * Returns the tokens of a selection in order of creation, in parts that read a limited number of rows each.
   * Unlike a list of ids, this takes no more memory for more tokens.
   */
  async *findByCreation(selection: TokenSelection, isDescending: boolean): AsyncGenerator<ListedToken[]> {
    const columns = ownedColumns(this.shownColumns);
    const parts = this.inParts<OwnedRow<ShownColumn>>(columns, selection, isDescending, ROWS_READ_AT_ONCE);
    for await (const rows of parts) {
      yield rows.map((row) => toOwned<ShownColumn>(row));
    }
  }

  /** Returns the ids of a selection, newest first, in parts. Each part reads a limited number of rows. */
  async *findIdsByCreation(selection: TokenSelection): AsyncGenerator<string[]> {
    for await (const rows of this.inParts<{ id: string }>('token."id"', selection, true, IDS_READ_AT_ONCE)) {
      yield rows.map(({ id }) => id);
    }
  }

  private async *inParts<Row>(
    columns: string,
    selection: TokenSelection,
    isDescending: boolean,
    rowsAtOnce: number,
  ): AsyncGenerator<Row[]> {
    const { part, end } = creationSql(columns, this.conditions(selection), isDescending, this.source);
    const last = isDescending ? BEFORE_ALL : AFTER_ALL;
    let from: CreationKey | undefined = isDescending ? AFTER_ALL : BEFORE_ALL;
    while (from) {
      const [to]: CreationKey[] = await this.query<CreationKey>(end, selection, {
        fromTime: from.creationTime,
        fromId: from.id,
        rows: rowsAtOnce,
      });
      const { creationTime: toTime, id: toId } = to ?? last;
      yield await this.query<Row>(part, selection, {
        fromTime: from.creationTime,
        fromId: from.id,
        toTime,
        toId,
      });
      from = to;
    }
  }

  /** Returns the columns of existing tokens that decide whether they are visible, by their ids. */
  findVisibilityColumns(ids: readonly string[]): Promise<Map<string, OwnedColumns<keyof VisibilityColumns>>> {
    return findOwnedRows(ids, ['userId', 'id', 'enabled', 'kind'], this.tokens.manager);
  }

  private get source(): DataSource {
    return this.tokens.manager.dataSource;
  }

  /**
   * Returns the statement from `FROM` on. With a cross join SQLite reads user by user, and the tokens of each
   * from the index.
   */
  private selectedBy(selection: TokenSelection): string {
    const ofUser = selection.userId === undefined ? '' : ' AND owner."id" = :userId';
    return `FROM "users" owner CROSS JOIN "tokens" token WHERE token."userId" = owner."id" AND ${this.conditions(selection)}${ofUser}`;
  }

  private parametersOf({
    filter,
    grantingRoles = [],
    now,
    ...visibility
  }: TokenSelection): Record<string, unknown> {
    const parameters = tokenParameters(filter, visibility, now, grantingRoles, this.source);
    return { ...parameters, userId: visibility.userId };
  }

  private conditions(selection: TokenSelection): string {
    return tokenConditions(this.parametersOf(selection), selection.userId !== undefined, this.source);
  }

  private idsOf(selection: TokenSelection): string {
    return `SELECT token."id" AS "id" ${this.selectedBy(selection)}`;
  }

  private async queryIds(
    statement: string,
    selection: TokenSelection,
    part?: Readonly<Record<string, unknown>>,
  ): Promise<string[]> {
    const rows = await this.query<{ id: string }>(statement, selection, part);
    return rows.map(({ id }) => id);
  }

  private query<Row>(
    statement: string,
    selection: TokenSelection,
    part?: Readonly<Record<string, unknown>>,
  ): Promise<Row[]> {
    const parameters = { ...this.parametersOf(selection), ...part };
    return this.tokens.query(...this.source.driver.escapeQueryWithParameters(statement, parameters));
  }
}

/**
 * Returns the statements for a part in order of creation, and for the key of its last row. Both use an index.
 */
function creationSql(
  columns: string,
  conditions: string,
  isDescending: boolean,
  source: DataSource,
): { part: string; end: string } {
  const key = `(token."creationTime", ${byCodePoints(source, 'token."id"')})`;
  const [after, until, direction] = isDescending ? ['<', '>=', 'DESC'] : ['>', '<=', 'ASC'];
  const isAfter = `${key} ${after} (CAST(:fromTime AS BIGINT), :fromId)`;
  const inOrder = `ORDER BY token."creationTime" ${direction}, ${byCodePoints(source, 'token."id"')} ${direction}`;
  return {
    part:
      `SELECT ${columns} FROM "tokens" token CROSS JOIN "users" owner WHERE owner."id" = token."userId" ` +
      `AND ${isAfter} AND ${key} ${until} (CAST(:toTime AS BIGINT), :toId) AND ${conditions} ${inOrder}`,
    end: `SELECT token."creationTime", token."id" FROM "tokens" token WHERE ${isAfter} ${inOrder} LIMIT 1 OFFSET :rows`,
  };
}
