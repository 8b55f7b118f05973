import { type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';

/** Makes a subquery that counts what belongs to each row of a list, in the columns `key` and `count`. */
export type Counts = (query: SelectQueryBuilder<ObjectLiteral>) => SelectQueryBuilder<ObjectLiteral>;

/** The column that {@link joinCounts} adds: absent where there is nothing to count. */
export const COUNT_COLUMN = 'counted.count';

/** Joins counts to a list, which then can be ordered by {@link COUNT_COLUMN}. */
export function joinCounts<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  counts: Counts,
  keyColumn: string,
): SelectQueryBuilder<T> {
  return query.leftJoin(counts, 'counted', `counted.key = ${keyColumn}`);
}
