import { type DataSource, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';

/** One column that a list is ordered by. Absent values are the smallest, on both databases. */
export interface OrderColumn {
  /** As the query builder knows it, such as `user.name`. */
  readonly column: string;
  readonly isDescending: boolean;
}

/**
 * A column of texts as lists order it: by code points, as SQLite does. PostgreSQL would follow the language that its
 * cluster was set up in, another one on each, and takes three times as long for it.
 */
export function byCodePoints({ options }: DataSource, column: string): string {
  return options.type === 'postgres' ? `${column} COLLATE "C"` : column;
}

/** Orders a list; the last column must tell all rows apart. */
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

/** A column as it is ordered by: texts by code points. */
function collated<T extends ObjectLiteral>(
  { dataSource, expressionMap }: SelectQueryBuilder<T>,
  column: string,
): string {
  const property = column.slice(column.indexOf('.') + 1);
  const type = expressionMap.mainAlias?.metadata.findColumnWithPropertyName(property)?.type;
  return type === 'varchar' || type === 'text' ? byCodePoints(dataSource, column) : column;
}
