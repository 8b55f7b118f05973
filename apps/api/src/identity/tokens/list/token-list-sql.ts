import {
  apiOf,
  parseTokenStates,
  type SortField,
  TOKEN_STATES,
  type TokenFilterDto,
  type TokenSortField,
  type TokenState,
  UNUSED_PERMISSION_DAYS,
} from '@latchkey/auth-models';
import { type DataSource } from 'typeorm';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../../common/clock.js';
import { storedPreview } from '../../../platform/crypto/secrets.js';
import { byCodePoints, containing } from '../../../platform/database/queries/list-queries.js';
import { EXPIRING_MILLISECONDS, stateParameters, TOKEN_STATE_SQL } from '../model/token-state.js';

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
interface OrderTerm {
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

/** States of a list without a filter on states. */
const DEFAULT_STATES: readonly TokenState[] = ['active', 'expiring', 'pending', 'disabled'];
const STATE_COUNT = TOKEN_STATES.length;

/**
 * Matches users first: they are found once, while the texts of each token are converted to lower case. In the list of one user it
 * reads that user only; otherwise any account could make the server read all users for its own few tokens.
 */
const matchesText = (isOfUser: boolean) => `(owner."id" IN (
    SELECT named."id" FROM "users" named WHERE ${isOfUser ? 'named."id" = :userId AND ' : ''}(LOWER(named."name") LIKE :q ESCAPE '\\'
      OR (CAST(:seesProfiles AS BOOLEAN) IS NOT NULL
        AND (LOWER(named."displayName") LIKE :q ESCAPE '\\' OR LOWER(named."email") LIKE :q ESCAPE '\\'))))
  OR LOWER(token."note") LIKE :q ESCAPE '\\'
  OR LOWER(token."preview") LIKE :q ESCAPE '\\')`;

/** Ids of the tokens whose scope names a permission. */
const NAMING_PERMISSION = `SELECT scoped."id" FROM "token_apis" used JOIN "tokens" scoped ON scoped."id" = used."tokenId"
    WHERE used."api" = :permissionApi AND ' ' || scoped."permissions" || ' ' LIKE '% ' || :permission || ' %'`;

const inRange = (column: string, name: string) =>
  `AND (CAST(:${name}From AS BIGINT) IS NULL OR token."${column}" >= :${name}From)
  AND (CAST(:${name}To AS BIGINT) IS NULL OR token."${column}" < :${name}To)`;

/**
 * Whether a token was never used with a permission in its scope. Each permission has a colon, and no role has. Reads the token again,
 * so that the index of the list is enough for other filters.
 */
const HAS_UNUSED_PERMISSIONS = `EXISTS (
    SELECT 1 FROM "tokens" limited WHERE limited."id" = token."id" AND limited."permissions" IS NOT NULL
      AND limited."lastUsageTime" IS NOT NULL
      AND limited."creationTime" <= CAST(:unusedPermissionsSince AS BIGINT)
      AND LENGTH(limited."permissions") - LENGTH(REPLACE(limited."permissions", ':', '')) > (
        SELECT COUNT(*) FROM "token_last_uses" used WHERE used."tokenId" = limited."id" AND used."kind" = 'permission'
          AND ' ' || limited."permissions" || ' ' LIKE '% ' || used."value" || ' %'))`;

/** Ids of the tokens that were created with another one. */
const DESCENDANTS =
  'SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorId" = :descendantOf';

/** Ids of the tokens that were reported as leaked, from an index. */
const LEAKED = 'SELECT reported."id" FROM "tokens" reported WHERE reported."leakReportTime" IS NOT NULL';

/**
 * Ids of the acknowledged tokens, from an index, without those with a new event: a leak report, a use of a canary, the last days
 * before the expiry, or the end of the snooze.
 */
const ACKNOWLEDGED = `SELECT known."id" FROM "tokens" known WHERE known."acknowledgedTime" IS NOT NULL
    AND (known."snoozeEndTime" IS NULL OR known."snoozeEndTime" > :now)
    AND (known."leakReportTime" IS NULL OR known."leakReportTime" <= known."acknowledgedTime")
    AND (known."kind" <> 'canary' OR known."lastUsageTime" IS NULL OR known."lastUsageTime" <= known."acknowledgedTime")
    AND (known."expirationTime" IS NULL OR known."expirationTime" > :expiringUntil
      OR known."expirationTime" <= known."acknowledgedTime" + ${EXPIRING_MILLISECONDS})`;

/**
 * Returns the SQL condition of a filter, on the tokens of one user or of all. The text is the same for all filters, with null
 * parameters for absent members, because SQLite keeps every prepared text, and filters combine in thousands of ways. The casts
 * give PostgreSQL the types of the parameters.
 */
export const tokenConditions = (
  isOfUser: boolean,
) => `(CAST(:anyState AS BOOLEAN) IS NOT NULL OR ${TOKEN_STATE_SQL} IN (:...states))
  AND (CAST(:kind AS VARCHAR) IS NULL OR token."kind" = :kind)
  AND (CAST(:enabled AS BOOLEAN) IS NULL OR token."enabled" = :enabled)
  AND (CAST(:ownerDisabled AS BOOLEAN) IS NULL OR owner."enabled" <> :ownerDisabled)
  AND (CAST(:neverUsed AS BOOLEAN) IS NULL OR (token."lastUsageTime" IS NULL) = :neverUsed)
  AND (CAST(:noExpiry AS BOOLEAN) IS NULL OR (token."expirationTime" IS NULL) = :noExpiry)
  AND (CAST(:inGrace AS BOOLEAN) IS NULL OR COALESCE(token."previousEndTime" > :now, FALSE) = :inGrace)
  AND (CAST(:unusedPermissions AS BOOLEAN) IS NULL OR ${HAS_UNUSED_PERMISSIONS} = :unusedPermissions)
  AND (CAST(:leaked AS BOOLEAN) IS NULL OR (token."id" IN (${LEAKED})) = :leaked)
  AND (CAST(:acknowledged AS BOOLEAN) IS NULL OR (token."id" IN (${ACKNOWLEDGED})) = :acknowledged)
  AND (CAST(:unusedSince AS BIGINT) IS NULL
    OR COALESCE(token."lastUsageTime", token."creationTime") <= :unusedSince)
  AND (CAST(:descendantOf AS VARCHAR) IS NULL OR token."id" IN (${DESCENDANTS}))
  AND (CAST(:permission AS VARCHAR) IS NULL OR token."id" IN (${NAMING_PERMISSION}))
  ${inRange('creationTime', 'created')}
  ${inRange('lastUsageTime', 'lastUsed')}
  ${inRange('expirationTime', 'expires')}
  AND (CAST(:q AS VARCHAR) IS NULL OR ${matchesText(isOfUser)})`;

/** The parameters of {@link tokenConditions}. */
export function tokenParameters(
  filter: TokenFilterDto,
  hidesProfiles: boolean,
  now: EpochMilliseconds,
): Record<string, unknown> {
  const states = (filter.state === undefined ? null : parseTokenStates(filter.state)) ?? DEFAULT_STATES;
  return {
    ...stateParameters(now),
    // A parameter of its own, so that the database does not compute the state of each token.
    anyState: states.length === STATE_COUNT ? true : null,
    // Padded with the first state to a constant number of parameters.
    states: Array.from({ length: STATE_COUNT }, (_, index) => states[index] ?? states[0]),
    kind: filter.kind ?? null,
    enabled: filter.enabled ?? null,
    ownerDisabled: filter.ownerDisabled ?? null,
    neverUsed: filter.neverUsed ?? null,
    noExpiry: filter.noExpiry ?? null,
    inGrace: filter.inGrace ?? null,
    leaked: filter.leaked ?? null,
    acknowledged: filter.acknowledged ?? null,
    unusedPermissions: filter.unusedPermissions ?? null,
    unusedPermissionsSince: now - UNUSED_PERMISSION_DAYS * DAY_MILLISECONDS,
    unusedSince:
      filter.unusedSinceDays === undefined ? null : now - filter.unusedSinceDays * DAY_MILLISECONDS,
    descendantOf: filter.descendantOf ?? null,
    permission: filter.permission ?? null,
    permissionApi: filter.permission === undefined ? null : apiOf(filter.permission),
    createdFrom: timeOrNull(filter.createdFrom),
    createdTo: timeOrNull(filter.createdTo),
    lastUsedFrom: timeOrNull(filter.lastUsedFrom),
    lastUsedTo: timeOrNull(filter.lastUsedTo),
    expiresFrom: timeOrNull(filter.expiresFrom),
    expiresTo: timeOrNull(filter.expiresTo),
    seesProfiles: hidesProfiles ? null : true,
    q: filter.q ? containing(storedPreview(filter.q) ?? filter.q) : null,
  };
}

function timeOrNull(text: string | undefined): EpochMilliseconds | null {
  return text === undefined ? null : Date.parse(text);
}
