import { parseTokenStates, TOKEN_STATES, type TokenFilterDto, type TokenState } from '@latchkey/auth-models';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../../common/clock.js';
import { containing } from '../../../platform/database/queries/list-queries.js';
import { stateParameters, TOKEN_STATE_SQL } from '../model/token-state.js';

/** States of a list without a filter on states. */
const DEFAULT_STATES: readonly TokenState[] = ['active', 'expiring', 'disabled'];
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
  AND (CAST(:unusedSince AS BIGINT) IS NULL
    OR COALESCE(token."lastUsageTime", token."creationTime") <= :unusedSince)
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
    unusedSince:
      filter.unusedSinceDays === undefined ? null : now - filter.unusedSinceDays * DAY_MILLISECONDS,
    seesProfiles: hidesProfiles ? null : true,
    q: filter.q ? containing(filter.q) : null,
  };
}
