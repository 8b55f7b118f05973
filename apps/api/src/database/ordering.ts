import {
  Brackets,
  type DataSource,
  type ObjectLiteral,
  type SelectQueryBuilder,
  type WhereExpressionBuilder,
} from 'typeorm';

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

/**
 * Leaves only what comes after a row in the order of {@link orderBy}, so that a long list can be read in parts that
 * neither overlap nor get slower (keyset pagination).
 *
 * @param values the row's values of the columns.
 */
export function startAfter<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  columns: readonly OrderColumn[],
  values: readonly unknown[],
): SelectQueryBuilder<T> {
  const compared = columns.map((column) => ({ ...column, column: collated(query, column.column) }));
  return query.andWhere(
    new Brackets((where) => {
      compared.forEach((_, index) => {
        where.orWhere(new Brackets((term) => sameUpTo(term, compared, values, index)));
      });
    }),
  );
}

/** A column as it is compared: texts by code points. */
function collated<T extends ObjectLiteral>(
  { dataSource, expressionMap }: SelectQueryBuilder<T>,
  column: string,
): string {
  const property = column.slice(column.indexOf('.') + 1);
  const type = expressionMap.mainAlias?.metadata.findColumnWithPropertyName(property)?.type;
  return type === 'varchar' || type === 'text' ? byCodePoints(dataSource, column) : column;
}

/** The columns before `index` are equal, and the one there is later. */
function sameUpTo(
  where: WhereExpressionBuilder,
  columns: readonly OrderColumn[],
  values: readonly unknown[],
  index: number,
): void {
  columns.slice(0, index).forEach(({ column }, before) => {
    const value = values[before];
    const isAbsent = value === null || value === undefined;
    where.andWhere(
      isAbsent ? `${column} IS NULL` : `${column} = :after${before}`,
      isAbsent ? {} : { [`after${before}`]: value },
    );
  });
  const column = columns[index];
  if (column) {
    later(where, column, `after${index}`, values[index]);
  }
}

function later(
  where: WhereExpressionBuilder,
  { column, isDescending }: OrderColumn,
  parameter: string,
  value: unknown,
): void {
  const isAbsent = value === null || value === undefined;
  if (isAbsent) {
    where.andWhere(isDescending ? '1 = 0' : `${column} IS NOT NULL`);
  } else {
    where.andWhere(
      isDescending ? `(${column} < :${parameter} OR ${column} IS NULL)` : `${column} > :${parameter}`,
      { [parameter]: value },
    );
  }
}
