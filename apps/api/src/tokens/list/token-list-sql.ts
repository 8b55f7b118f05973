import {
  parseTokenStates,
  type SortField,
  TOKEN_STATES,
  type TokenFilterDto,
  type TokenSortField,
  type TokenState,
  UNUSED_PERMISSION_DAYS,
} from '@latchkey/auth-models';
import { type DataSource } from 'typeorm';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { storedPreview } from '../../platform/crypto/secrets.js';
import { amongRoles, roleParameters } from '../../permissions/user-grants.repository.js';
import { byCodePoints, containing } from '../../platform/database/queries/list-queries.js';
import {
  VISIBILITY_CONDITIONS,
  visibilityParameters,
  type TokenVisibility,
} from '../access/token-visibility.js';
import {
  EXPIRING_MILLISECONDS,
  IS_LIVE_SQL,
  stateParameters,
  TOKEN_STATE_SQL,
} from '../model/token-state.js';

/** Fields with text. */
const TEXTS: ReadonlySet<TokenSortField | 'id'> = new Set(['user', 'note', 'kind', 'id']);

const STATE_RANKS = TOKEN_STATES.map((state, rank) => `WHEN '${state}' THEN ${rank}`).join(' ');

/** Fields that are not columns of the token. */
const COMPUTED: Partial<Record<TokenSortField | 'id', string>> = {
  user: 'owner."name"',
  // In the order of TOKEN_STATES, from active to revoked.
  state: `CASE ${TOKEN_STATE_SQL} ${STATE_RANKS} END`,
};

/**
 * Returns the ORDER BY clause of a list, with absent values as the smallest. The id makes the order unique,
 * in the direction of the last field.
 */
export function orderSql(
  sort: readonly SortField<TokenSortField>[],
  source: DataSource,
  isReversed = false,
): string {
  const last = { field: 'id', isDescending: sort.at(-1)?.isDescending ?? false } as const;
  const terms = [...sort, last].map(({ field, isDescending }) => {
    const column = COMPUTED[field] ?? `token."${field}"`;
    const expression = TEXTS.has(field) ? byCodePoints(source, column) : column;
    const isAscending = isDescending === isReversed;
    if (field === 'creationTime' || field === 'id') {
      // With NULLS, PostgreSQL would not use the index.
      return `${expression} ${isAscending ? 'ASC' : 'DESC'}`;
    }
    return `${expression} ${isAscending ? 'ASC NULLS FIRST' : 'DESC NULLS LAST'}`;
  });
  return ` ORDER BY ${terms.join(', ')}`;
}

/**
 * Number of tokens that the first page in order of creation reads from an index. They nearly always fill the
 * page.
 */
const FIRST_READ = 2_000;

/**
 * Returns the statement for the ids of the first page in order of creation. It reads only the first tokens,
 * and finds fewer than `limit` if they do not fill the page. `conditions` begin after `WHERE`.
 */
export function firstTokensSql(conditions: string, inOrder: string): string {
  return (
    `SELECT token."id" AS "id" FROM (SELECT * FROM "tokens" token ${inOrder} LIMIT ${FIRST_READ}) token ` +
    `CROSS JOIN "users" owner WHERE token."userId" = owner."id" AND ${conditions} ${inOrder} LIMIT :limit`
  );
}

/** States of a list without a filter on states. */
const DEFAULT_STATES: readonly TokenState[] = ['active', 'expiring', 'pending', 'disabled'];
const STATE_COUNT = TOKEN_STATES.length;

/**
 * Matches users first: they are found once, while the texts of each token are converted to lower case. In the
 * list of one user it reads that user only; otherwise any account could make the server read all users for
 * its own few tokens.
 */
const matchesText = (isOfUser: boolean, contains: (column: string) => string) => `(owner."id" IN (
    SELECT named."id" FROM "users" named WHERE ${isOfUser ? 'named."id" = :userId AND ' : ''}(${contains('named."name"')}
      OR (CAST(:seesProfiles AS BOOLEAN) IS NOT NULL
        AND (${contains('named."displayName"')} OR ${contains('named."email"')}))))
  OR ${contains('token."note"')}
  OR ${contains('token."preview"')})`;

const IN_ASCII = /^[\x20-\x7e]*$/;

const containsInLowerCase = (column: string) => `LOWER(${column}) LIKE :q ESCAPE '\\'`;

/**
 * For ASCII texts on SQLite, whose `LIKE` ignores the case of ASCII letters. `LOWER` would call JavaScript
 * for each token, which takes longer than everything else. `LOWER` also folds the Kelvin sign to `k`, and `İ`
 * to `i` with a combining dot. This matches neither.
 */
const containsAscii = (column: string) => `${column} LIKE :q ESCAPE '\\'`;

/**
 * Whether a token has a permission: its user holds it, and its scope, in the form of `permissions/scope`,
 * allows it. If the scope has roles whose permissions count, one of the user's must grant the permission.
 *
 * @param holders query for the `userId` of the users whose roles grant it, from `user_roles` as `held`.
 */
const hasPermission = (holders: string) => `token."kind" <> 'canary' AND owner."id" IN (${holders})
  AND (token."scope" IS NULL OR (
    (' ' || token."scope" || ' ' LIKE '% * %' OR ' ' || token."scope" || ' ' LIKE '% ' || :permission || ' %')
    AND (' ' || token."scope" NOT LIKE '% !%%' ESCAPE '!' OR EXISTS (
      ${holders} AND held."userId" = owner."id"
        AND ' ' || token."scope" || ' ' LIKE '% !%' || held."roleName" || ' %' ESCAPE '!'))))`;

/**
 * Whether a token was never used with a permission in its scope. Counts colons: permissions contain one, and
 * roles none.
 */
const HAS_UNUSED_PERMISSIONS = `limited."scope" IS NOT NULL AND limited."lastUsageTime" IS NOT NULL
    AND limited."creationTime" <= CAST(:unusedPermissionsSince AS BIGINT)
    AND LENGTH(limited."scope") - LENGTH(REPLACE(limited."scope", ':', '')) > (
      SELECT COUNT(*) FROM "token_last_uses" used WHERE used."tokenId" = limited."id" AND used."kind" = 'permission'
        AND ' ' || limited."scope" || ' ' LIKE '% ' || used."value" || ' %')`;

/**
 * For few tokens, checks each of them. Otherwise, first finds all tokens with permissions in their scope.
 * Reads the token again, so that the index of the list is enough for other filters.
 */
const hasUnusedPermissions = (isOfFew: boolean) =>
  isOfFew
    ? `EXISTS (SELECT 1 FROM "tokens" limited WHERE limited."id" = token."id" AND ${HAS_UNUSED_PERMISSIONS})`
    : `token."id" IN (SELECT limited."id" FROM (SELECT DISTINCT "tokenId" FROM "token_apis") scoped
        CROSS JOIN "tokens" limited WHERE limited."id" = scoped."tokenId" AND ${HAS_UNUSED_PERMISSIONS})`;

/** Ids of the tokens that were created with another one. */
const DESCENDANTS =
  'SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorId" = :descendantOf';

/** Ids of the tokens that were reported as leaked, from an index. */
const LEAKED = 'SELECT reported."id" FROM "tokens" reported WHERE reported."leakReportTime" IS NOT NULL';

/**
 * Ids of the acknowledged tokens, from an index, without those with a new event: a leak report, a use of a
 * canary, or the last days before the expiry.
 */
const ACKNOWLEDGED = `SELECT known."id" FROM "tokens" known WHERE known."acknowledgedTime" IS NOT NULL
    AND (known."leakReportTime" IS NULL OR known."leakReportTime" <= known."acknowledgedTime")
    AND (known."kind" <> 'canary' OR known."lastUsageTime" IS NULL OR known."lastUsageTime" <= known."acknowledgedTime")
    AND (known."expirationTime" IS NULL OR known."expirationTime" > :expiringUntil
      OR known."expirationTime" <= known."acknowledgedTime" + ${EXPIRING_MILLISECONDS})`;

/** Ids of the tokens with which verifiers have reported. */
const VERIFYING = `SELECT verifier."tokenId" FROM "verifiers" verifier
    WHERE verifier."reportTime" >= CAST(:verifyingSince AS BIGINT) AND verifier."tokenId" IS NOT NULL`;

/** Filters that read rows outside the list. Each statement reads these rows again. */
const READING_MORE = [
  'q',
  'permission',
  'descendantOf',
  'leaked',
  'acknowledged',
  'unusedPermissions',
  'verifying',
] as const;

/** Whether a filter reads rows outside the list, so that one statement is faster than several. */
export function readsMore(filter: TokenFilterDto): boolean {
  return READING_MORE.some((member) => filter[member] !== undefined);
}

/**
 * Conditions of the members of a filter, with the parameter that is null if the member is absent, and its
 * type.
 */
const CONDITIONS: readonly (readonly [parameter: string, type: string, condition: string])[] = [
  ...VISIBILITY_CONDITIONS,
  ['liveOnly', 'BOOLEAN', IS_LIVE_SQL],
  ['someStates', 'BOOLEAN', `${TOKEN_STATE_SQL} IN (:...states)`],
  ['kind', 'VARCHAR', 'token."kind" = :kind'],
  ['enabled', 'BOOLEAN', 'token."enabled" = :enabled'],
  ['ownerDisabled', 'BOOLEAN', 'owner."enabled" <> :ownerDisabled'],
  ['neverUsed', 'BOOLEAN', '(token."lastUsageTime" IS NULL) = :neverUsed'],
  ['noExpiry', 'BOOLEAN', '(token."expirationTime" IS NULL) = :noExpiry'],
  ['inGrace', 'BOOLEAN', 'COALESCE(token."previousExpirationTime" > :now, FALSE) = :inGrace'],
  ['leaked', 'BOOLEAN', `(token."id" IN (${LEAKED})) = :leaked`],
  ['acknowledged', 'BOOLEAN', `(token."id" IN (${ACKNOWLEDGED})) = :acknowledged`],
  ['verifying', 'BOOLEAN', `(token."id" IN (${VERIFYING})) = :verifying`],
  ['unusedSince', 'BIGINT', 'COALESCE(token."lastUsageTime", token."creationTime") <= :unusedSince'],
  ['descendantOf', 'VARCHAR', `token."id" IN (${DESCENDANTS})`],
  ...(['created', 'lastUsed', 'expires'] as const).flatMap((name) => {
    const column = { created: 'creationTime', lastUsed: 'lastUsageTime', expires: 'expirationTime' }[name];
    return [
      [`${name}From`, 'BIGINT', `token."${column}" >= :${name}From`],
      [`${name}To`, 'BIGINT', `token."${column}" < :${name}To`],
    ] as const;
  }),
];

/**
 * Returns the SQL condition of a filter, on the tokens of one user or of all, with the parameters of
 * {@link tokenParameters}.
 *
 * For one user, the text is the same for all filters: each new text must be prepared, filters combine in
 * thousands of ways, and any user can send them. For all users, which requires a permission, the text has
 * only the conditions of present members: on a million tokens, absent ones took as long as all the rest.
 *
 * @param isOfFew whether the statement checks the condition for few tokens only.
 */
export function tokenConditions(
  parameters: Readonly<Record<string, unknown>>,
  isOfUser: boolean,
  source: DataSource,
  isOfFew = isOfUser,
): string {
  const isAscii =
    source.options.type === 'better-sqlite3' && !isOfUser && IN_ASCII.test(String(parameters.q));
  const contains = isAscii ? containsAscii : containsInLowerCase;
  const unusedPermissions = `(${hasUnusedPermissions(isOfFew)}) = :unusedPermissions`;
  const holders = `SELECT held."userId" FROM "user_roles" held WHERE ${amongRoles('held."roleName"', source)}`;
  const conditions = [
    ...CONDITIONS,
    ['permission', 'VARCHAR', hasPermission(holders)] as const,
    ['unusedPermissions', 'BOOLEAN', unusedPermissions] as const,
    ['q', 'VARCHAR', matchesText(isOfUser, contains)] as const,
  ];
  if (isOfUser) {
    return conditions
      .map(([parameter, type, condition]) => `(CAST(:${parameter} AS ${type}) IS NULL OR (${condition}))`)
      .join('\n  AND ');
  }
  const present = conditions.filter(([parameter]) => parameters[parameter] !== null);
  return ['1 = 1', ...present.map(([, , condition]) => `(${condition})`)].join('\n  AND ');
}

/**
 * The parameters of {@link tokenConditions}.
 *
 * @param grantingRoles names of the roles that grant the permission of the filter, if any. With the names as
 *   values, PostgreSQL knows how many users it will find.
 */
export function tokenParameters(
  filter: TokenFilterDto,
  visibility: TokenVisibility,
  now: EpochMilliseconds,
  grantingRoles: readonly string[],
  source: DataSource,
): Record<string, unknown> {
  const states = (filter.state === undefined ? null : parseTokenStates(filter.state)) ?? DEFAULT_STATES;
  const isLive = states.every((state) => DEFAULT_STATES.includes(state));
  return {
    ...stateParameters(now),
    ...visibilityParameters(visibility),
    // All live states together are one condition, which the index of the list covers.
    liveOnly: isLive ? true : null,
    someStates: states.length === (isLive ? DEFAULT_STATES.length : STATE_COUNT) ? null : true,
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
    verifying: filter.verifying ?? null,
    verifyingSince: now - DAY_MILLISECONDS,
    unusedPermissions: filter.unusedPermissions ?? null,
    unusedPermissionsSince: now - UNUSED_PERMISSION_DAYS * DAY_MILLISECONDS,
    unusedSince:
      filter.unusedSinceDays === undefined ? null : now - filter.unusedSinceDays * DAY_MILLISECONDS,
    descendantOf: filter.descendantOf ?? null,
    permission: filter.permission ?? null,
    ...roleParameters(grantingRoles, source),
    createdFrom: timeOrNull(filter.createdFrom),
    createdTo: timeOrNull(filter.createdTo),
    lastUsedFrom: timeOrNull(filter.lastUsedFrom),
    lastUsedTo: timeOrNull(filter.lastUsedTo),
    expiresFrom: timeOrNull(filter.expiresFrom),
    expiresTo: timeOrNull(filter.expiresTo),
    seesProfiles: visibility.hidesProfiles ? null : true,
    q: filter.q ? containing(storedPreview(filter.q) ?? filter.q) : null,
  };
}

function timeOrNull(text: string | undefined): EpochMilliseconds | null {
  return text === undefined ? null : Date.parse(text);
}
