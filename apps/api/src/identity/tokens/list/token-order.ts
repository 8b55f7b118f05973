import { TOKEN_STATES, type SortField, type TokenSortField } from '@latchkey/auth-models';
import { type DataSource } from 'typeorm';
import { byCodePoints } from '../../../platform/database/queries/list-queries.js';
import { TOKEN_STATE_SQL } from '../model/token-state.js';

/** Fields with text. */
const TEXTS: ReadonlySet<TokenSortField> = new Set(['user', 'note', 'kind']);

const STATE_RANKS = TOKEN_STATES.map((state, rank) => `WHEN '${state}' THEN ${rank}`).join(' ');

/** Fields that are not columns of the token. */
const COMPUTED: Partial<Record<TokenSortField, string>> = {
  user: 'owner."name"',
  // In the order of TOKEN_STATES, from active to revoked.
  state: `CASE ${TOKEN_STATE_SQL} ${STATE_RANKS} END`,
};

/** One term of an order in SQL. */
export interface OrderTerm {
  /** An expression on `token` and `owner`, its user. */
  readonly expression: string;
  /** Its name in the columns of a query. */
  readonly alias: string;
  readonly isDescending: boolean;
}

/** Returns the order of a list. The id makes it unique, in the direction of the last field. */
export function tokenOrder(sort: readonly SortField<TokenSortField>[], source: DataSource): OrderTerm[] {
  const fields = sort.map(({ field, isDescending }, index) => {
    const column = COMPUTED[field] ?? `token."${field}"`;
    const expression = TEXTS.has(field) ? byCodePoints(source, column) : column;
    return { expression, alias: `key${index}`, isDescending };
  });
  return [
    ...fields,
    {
      expression: byCodePoints(source, 'token."id"'),
      alias: 'id',
      isDescending: fields.at(-1)?.isDescending ?? false,
    },
  ];
}

/** Returns the ORDER BY clause, with absent values as the smallest. */
export function orderBySql(
  terms: readonly OrderTerm[],
  by: 'expression' | 'alias',
  isReversed = false,
): string {
  const columns = terms.map((term) => {
    const column = by === 'alias' ? `"${term.alias}"` : term.expression;
    return `${column} ${term.isDescending === isReversed ? 'ASC NULLS FIRST' : 'DESC NULLS LAST'}`;
  });
  return ` ORDER BY ${columns.join(', ')}`;
}

const IS_BEFORE_MIDDLE = '2 * CAST(:offset AS BIGINT) < "total"';
const LEFT_AFTER_OFFSET = '"total" - :offset';

/**
 * Returns the statement for one page of `selected`, which begins at `FROM`. Its columns are `total`, the number of all rows, and
 * `id`, which is null in the only row of an empty page. Its parameters are `offset` and `size`.
 *
 * It finds the matching rows once, to count and to sort them. It reads a page behind the middle from the other end, because a
 * database sorts only the rows up to the end of the page.
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
