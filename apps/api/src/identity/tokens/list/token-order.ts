import { TOKEN_STATES, type SortField, type TokenSortField } from '@latchkey/auth-models';
import { type DataSource } from 'typeorm';
import { byCodePoints } from '../../../platform/database/queries/ordering.js';
import { TOKEN_STATE_SQL } from '../model/token-state.js';

/** Fields that hold texts. */
const TEXTS: ReadonlySet<TokenSortField> = new Set(['user', 'note', 'kind']);

const STATE_RANKS = TOKEN_STATES.map((state, rank) => `WHEN '${state}' THEN ${rank}`).join(' ');

/** Fields that are no columns of a token's. */
const COMPUTED: Partial<Record<TokenSortField, string>> = {
  user: 'owner."name"',
  // In the order of their list, from what works to what is over.
  state: `CASE ${TOKEN_STATE_SQL} ${STATE_RANKS} END`,
};

/** One term of an order in SQL. */
export interface OrderTerm {
  /** An expression on `token` and `owner`, its user. */
  readonly expression: string;
  /** The name it has where a query selects it. */
  readonly alias: string;
  readonly isDescending: boolean;
}

/** The order of a list of tokens; the id tells all tokens apart, in the direction of the last field. */
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

/** Orders by what each term is named `by`, absent values being the smallest; reversed, from the other end. */
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
