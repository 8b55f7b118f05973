import { Brackets, type ObjectLiteral, type SelectQueryBuilder, type WhereExpressionBuilder } from 'typeorm';

/** One column that a list is ordered by. Absent values are the smallest, on both databases. */
export interface OrderColumn {
  /** As the query builder knows it, such as `user.name`. */
  readonly column: string;
  readonly isDescending: boolean;
}

/** Orders a list; the last column must tell all rows apart. */
export function orderBy<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  columns: readonly OrderColumn[],
): SelectQueryBuilder<T> {
  for (const { column, isDescending } of columns) {
    query.addOrderBy(column, isDescending ? 'DESC' : 'ASC', isDescending ? 'NULLS LAST' : 'NULLS FIRST');
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
  return query.andWhere(
    new Brackets((where) => {
      columns.forEach((_, index) => {
        where.orWhere(new Brackets((term) => sameUpTo(term, columns, values, index)));
      });
    }),
  );
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
