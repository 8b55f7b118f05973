import { PAGE_SIZE_DEFAULT, parseSort, type ListQueryDto, type SortField } from '@latchkey/auth-models';
import { type DataSource, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';

/** Requested part and order of a list. */
export interface ListSlice<Field extends string> {
  page: number;
  size: number;
  offset: number;
  sort: readonly SortField<Field>[];
}

/** Converts a validated list query. */
export function listSlice<Field extends string>(
  query: ListQueryDto & { sort?: string },
  fields: readonly Field[],
  defaultSort: SortField<Field>,
): ListSlice<Field> {
  const page = query.page ?? 1;
  const size = query.size ?? PAGE_SIZE_DEFAULT;
  const sort = query.sort === undefined ? null : parseSort(query.sort, fields);
  return { page, size, offset: (page - 1) * size, sort: sort ?? [defaultSort] };
}

/** Returns a lower-case LIKE pattern, with `\` as its escape, for texts that contain this one. */
export function containing(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/** Range of times in a request, including its start and excluding its end. */
interface TimeRange {
  readonly from?: string;
  readonly to?: string;
}

/** Selects the rows with a time in a range. */
export function inTimeRange<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  column: string,
  { from, to }: TimeRange,
): void {
  const name = column.replace('.', '_');
  if (from !== undefined) {
    query.andWhere(`${column} >= :${name}From`, { [`${name}From`]: Date.parse(from) });
  }
  if (to !== undefined) {
    query.andWhere(`${column} < :${name}To`, { [`${name}To`]: Date.parse(to) });
  }
}

/**
 * Builds a subquery with the columns `key` and `count`: the number of rows that belong to each row of a list.
 */
export type Counts = (query: SelectQueryBuilder<ObjectLiteral>) => SelectQueryBuilder<ObjectLiteral>;

/** Column that {@link joinCounts} adds; null if there is nothing to count. */
export const COUNT_COLUMN = 'counted.count';

/** Joins counts to a list, so that it can be ordered by {@link COUNT_COLUMN}. */
export function joinCounts<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  counts: Counts,
  keyColumn: string,
): SelectQueryBuilder<T> {
  return query.leftJoin(counts, 'counted', `counted.key = ${keyColumn}`);
}

/** Column that a list is ordered by. Null is the smallest value, on both databases. */
export interface OrderColumn {
  /** Name in the query builder, such as `user.name`. */
  readonly column: string;
  readonly isDescending: boolean;
}

/**
 * Returns the expression that orders texts by code points, as SQLite does. The default collation of
 * PostgreSQL differs between clusters, and takes three times as long.
 */
export function byCodePoints({ options }: DataSource, column: string): string {
  return options.type === 'postgres' ? `${column} COLLATE "C"` : column;
}

/** Orders a list. The last column must be unique. */
export function orderBy<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  columns: readonly OrderColumn[],
): SelectQueryBuilder<T> {
  for (const { column, isDescending } of columns) {
    query.addOrderBy(
      collated(query, column),
      isDescending ? 'DESC' : 'ASC',
      isDescending ? 'NULLS LAST' : 'NULLS FIRST',
    );
  }
  return query;
}

/** Returns the order expression of a column. Texts are ordered by code points. */
function collated<T extends ObjectLiteral>(
  { dataSource, expressionMap }: SelectQueryBuilder<T>,
  column: string,
): string {
  const [name, property = ''] = column.split('.');
  const alias = expressionMap.aliases.find((one) => one.name === name && one.hasMetadata);
  const type = alias?.metadata.findColumnWithPropertyName(property)?.type;
  return type === 'varchar' || type === 'text' ? byCodePoints(dataSource, column) : column;
}

/** Converts a row of counts to numbers. The driver of PostgreSQL returns strings. */
export function numbersOf<Key extends string>(row: Record<Key, unknown> | undefined): Record<Key, number> {
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)]),
  ) as Record<Key, number>;
}
