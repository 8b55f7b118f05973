import { type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';

/** Builds a subquery with the columns `key` and `count`: the number of rows that belong to each row of a list. */
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
