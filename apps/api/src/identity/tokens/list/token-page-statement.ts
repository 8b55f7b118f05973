import { orderBySql, type OrderTerm } from './token-order.js';

const IS_BEFORE_MIDDLE = '2 * CAST(:offset AS BIGINT) < "total"';
const LEFT_AFTER_OFFSET = '"total" - :offset';

/**
 * The statement that finds one page of `selected`, which begins at `FROM`, and how many rows there are in all: these in
 * a column `total`, the page's ids in `id`, which is null in the only row of a page that is empty.
 *
 * All rows that match are found once, to be counted and to be sorted. A page behind the middle is taken from the other
 * end, as a database sorts only as many rows as come before the end of what it is asked for. Parameters: `offset`, `size`.
 */
export function tokenPageStatement(selected: string, terms: readonly OrderTerm[]): string {
  const keys = terms.map(({ expression, alias }) => `${expression} AS "${alias}"`).join(', ');
  const inOrder = orderBySql(terms, 'alias');
  return (
    `WITH matched AS MATERIALIZED (SELECT ${keys} ${selected}), ` +
    'counted AS MATERIALIZED (SELECT COUNT(*) AS "total" FROM matched) ' +
    'SELECT "id", "total" FROM counted LEFT JOIN (' +
    `SELECT * FROM (SELECT * FROM matched${inOrder} ` +
    `LIMIT (SELECT CASE WHEN ${IS_BEFORE_MIDDLE} THEN CAST(:size AS BIGINT) ELSE 0 END FROM counted) ` +
    'OFFSET :offset) before_middle ' +
    `UNION ALL SELECT * FROM (SELECT * FROM matched${orderBySql(terms, 'alias', true)} ` +
    `LIMIT (SELECT CASE WHEN ${IS_BEFORE_MIDDLE} OR ${LEFT_AFTER_OFFSET} <= 0 THEN 0 ` +
    `WHEN ${LEFT_AFTER_OFFSET} < :size THEN ${LEFT_AFTER_OFFSET} ELSE CAST(:size AS BIGINT) END FROM counted) ` +
    `OFFSET (SELECT CASE WHEN ${LEFT_AFTER_OFFSET} > :size THEN ${LEFT_AFTER_OFFSET} - :size ELSE 0 END FROM counted)` +
    `) behind_middle) page ON TRUE${inOrder}`
  );
}
