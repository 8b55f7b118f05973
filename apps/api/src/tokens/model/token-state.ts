import {
  type AuthMethod,
  EXPIRING_DAYS,
  TOKEN_RETENTION_DAYS,
  type ErrorCode,
  type TokenState,
} from '@latchkey/auth-models';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { type User } from '../../users/model/user.entity.js';
import { type PresentedTokenRecord } from '../cache/presented-token-reader.service.js';
import { type RevocationReason, type Token } from './token.entity.js';

// The rules on the state of a token, in TypeScript and in SQL. test/tokens/state.both.spec.ts
// compares the two.

/**
 * Tokens are `expiring` for this long before `expirationTime`. The idle expiry does not count, because a bump
 * moves it.
 */
export const EXPIRING_MILLISECONDS = EXPIRING_DAYS * 86_400_000;

type Expiry = Pick<Token, 'expirationTime' | 'idleExpirationTime'>;
type Validity = Expiry & Pick<Token, 'revocationReason' | 'stamp'>;
type Owner = Pick<User, 'tokensRevokedBefore'>;

/** Whether a token was revoked, by itself or with all tokens of its user. */
function isRevoked({ revocationReason, stamp }: Validity, { tokensRevokedBefore }: Owner): boolean {
  return (revocationReason !== null && !isExpiry(revocationReason)) || stamp <= tokensRevokedBefore;
}

/** Whether a reason is an expiry. A used-up token counts as expired, because no user revoked it. */
function isExpiry(revocationReason: RevocationReason | null): boolean {
  return revocationReason === 'expired' || revocationReason === 'used_up';
}

const IS_REVOKED_SQL = `(token."revocationReason" NOT IN ('expired', 'used_up') OR token."stamp" <= owner."tokensRevokedBefore")`;

/** Whether a token expired. The stored reason keeps a rejected token expired when the clock is set back. */
function isExpired(token: Expiry & Pick<Token, 'revocationReason'>, now: EpochMilliseconds): boolean {
  const expiry = expiryOf(token);
  return isExpiry(token.revocationReason) || (expiry !== null && expiry <= now);
}

const IS_EXPIRED_SQL = `(token."revocationReason" IN ('expired', 'used_up') OR token."expirationTime" <= :now OR token."idleExpirationTime" <= :now)`;

/** Whether a token is neither revoked nor expired. A disabled token is live: it can be enabled. */
export function isLive(token: Validity, owner: Owner, now: EpochMilliseconds): boolean {
  return !isRevoked(token, owner) && !isExpired(token, now);
}

/**
 * Whether a session was not revoked. It may have expired or been logged out, because users do not stay signed
 * in.
 */
export function isUnrevokedSession(session: Validity, owner: Owner): boolean {
  return !isRevoked(
    session.revocationReason === 'logged_out' ? { ...session, revocationReason: null } : session,
    owner,
  );
}

/**
 * {@link isLive} in SQL. It has no negation, because a comparison with NULL would be neither true nor false.
 */
export const IS_LIVE_SQL = `token."revocationReason" IS NULL AND token."stamp" > owner."tokensRevokedBefore"
  AND (token."expirationTime" IS NULL OR token."expirationTime" > :now)
  AND (token."idleExpirationTime" IS NULL OR token."idleExpirationTime" > :now)`;

/** Tokens that are not revoked: live ones, and expired ones, which can be renewed. */
export const IS_UNREVOKED_SQL = `COALESCE(token."revocationReason", 'expired') = 'expired' AND token."stamp" > owner."tokensRevokedBefore"`;

/** Whether a new expiry renews a token: an expired API token that the purge cannot delete yet. */
export function isRenewable(
  token: Validity & Pick<Token, 'kind'>,
  owner: Owner,
  now: EpochMilliseconds,
): boolean {
  if (token.kind !== 'api' || token.revocationReason === 'used_up' || isRevoked(token, owner)) {
    return false;
  }
  const keptUntil = (expiryOf(token) ?? Infinity) + TOKEN_RETENTION_DAYS * DAY_MILLISECONDS;
  return isExpired(token, now) && now < keptUntil;
}

/** Returns the state of a token. A state that is final wins over one that can change. */
export function stateOf(
  token: Validity & Pick<Token, 'enabled' | 'notBefore'>,
  owner: Owner & Pick<User, 'enabled'>,
  now: EpochMilliseconds,
): TokenState {
  if (isRevoked(token, owner)) {
    return 'revoked';
  }
  if (isExpired(token, now)) {
    return 'expired';
  }
  if (!token.enabled || !owner.enabled) {
    return 'disabled';
  }
  if (token.notBefore !== null && token.notBefore > now) {
    return 'pending';
  }
  const isExpiring = token.expirationTime !== null && token.expirationTime <= now + EXPIRING_MILLISECONDS;
  return isExpiring ? 'expiring' : 'active';
}

/** {@link stateOf} in SQL, for the aliases `token` and `owner`, with {@link stateParameters}. */
export const TOKEN_STATE_SQL = `CASE
  WHEN ${IS_REVOKED_SQL} THEN 'revoked'
  WHEN ${IS_EXPIRED_SQL} THEN 'expired'
  WHEN NOT (token."enabled" AND owner."enabled") THEN 'disabled'
  WHEN token."notBefore" > :now THEN 'pending'
  WHEN token."expirationTime" <= :expiringUntil THEN 'expiring'
  ELSE 'active' END`;

export const stateParameters = (now: EpochMilliseconds) => ({
  now,
  expiringUntil: now + EXPIRING_MILLISECONDS,
});

/**
 * Returns the reason to reject a presented token whose secret is right, or `null`. A disabled token hides its
 * expiry.
 */
export function rejectionReason(
  token: PresentedTokenRecord,
  isSuperseded: boolean,
  now: EpochMilliseconds,
): ErrorCode | null {
  if (isRevoked(token, token)) {
    return 'token_revoked';
  }
  // SQLite has no boolean and returns 0 and 1.
  if (!token.userEnabled) {
    return 'user_disabled';
  }
  if (!token.enabled) {
    return 'token_disabled';
  }
  if (token.revocationReason === 'used_up') {
    return 'token_used_up';
  }
  const expiry = presentedExpiryOf(token, isSuperseded);
  if (isExpired(token, now) || (expiry !== null && expiry <= now)) {
    return 'token_expired';
  }
  return token.notBefore !== null && token.notBefore > now ? 'token_not_yet_valid' : null;
}

/** Returns the earlier of absolute and idle expiry, or `null` for a token without expiry. */
export function expiryOf({ expirationTime, idleExpirationTime }: Expiry): EpochMilliseconds | null {
  return expirationTime === null || idleExpirationTime === null
    ? (expirationTime ?? idleExpirationTime)
    : Math.min(expirationTime, idleExpirationTime);
}

/**
 * Returns the expiry of a presented secret: a superseded one expires with its grace period, at the latest
 * with the token.
 */
export function presentedExpiryOf(
  token: Expiry & Pick<Token, 'previousExpirationTime'>,
  isSuperseded: boolean,
): EpochMilliseconds | null {
  const expiry = expiryOf(token);
  return isSuperseded ? Math.min(expiry ?? Infinity, token.previousExpirationTime ?? 0) : expiry;
}

/** Returns the time of a token's expiry or revocation, whichever is first, or `null` if it has neither. */
export function validUntilOf(
  token: Expiry & Pick<Token, 'stamp' | 'revocationTime'> & Owner,
): EpochMilliseconds | null {
  const isRevokedByUser = token.stamp <= token.tokensRevokedBefore;
  const times = [expiryOf(token), token.revocationTime, isRevokedByUser ? token.tokensRevokedBefore : null];
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

/**
 * Returns the error detail for an expired session, or `undefined` for an API token, which has one expiry
 * only.
 */
export function expiredSessionDetail({ expirationTime, idleExpirationTime }: Expiry): string | undefined {
  if (idleExpirationTime === null) {
    return undefined;
  }
  return idleExpirationTime < (expirationTime ?? Infinity)
    ? 'The session expired because it was idle for too long. Log in again; POST /auth/bump keeps a session alive.'
    : 'The session reached its maximum lifetime, which POST /auth/bump does not extend. Log in again.';
}

/** Returns the authentication methods of a session, from the stored text. */
export function readAuthMethods(text: string): AuthMethod[] {
  return text.split(',') as AuthMethod[];
}
