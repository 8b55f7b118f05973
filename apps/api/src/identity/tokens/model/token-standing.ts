import { type ErrorCode } from '@latchkey/auth-models';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { type PresentedTokenRecord } from '../cache/presented-tokens.repository.js';
import { type TokenEnds } from './tokens.repository.js';

/** Why a token whose secret is right, or was, is refused all the same; `null` if it is good. */
export function rejectionReason(
  token: PresentedTokenRecord,
  isSuperseded: boolean,
  now: EpochMilliseconds,
): ErrorCode | null {
  if (isRevoked(token) || token.stampTime <= token.tokensEndedBefore) {
    return 'token_revoked';
  }
  // SQLite has no boolean: it says 0 and 1.
  if (!token.userEnabled) {
    return 'user_disabled';
  }
  if (!token.enabled) {
    return 'token_disabled';
  }
  const end = endOfPresented(token, isSuperseded);
  return hasExpired(token) || (end !== null && now >= end) ? 'token_expired' : null;
}

/** What of a token tells how it ended. */
type Ended = Pick<PresentedTokenRecord, 'expirationTime' | 'idleExpirationTime' | 'revocationTime'>;

/** Whether somebody ended a token. */
export function isRevoked(token: Ended): boolean {
  return token.revocationTime !== null && !hasExpired(token);
}

/** Whether a token was refused before since it had run out, whatever the clock says now: it is noted as revoked at its end. */
export function hasExpired(token: Ended): boolean {
  return token.revocationTime !== null && token.revocationTime === endOf(token);
}

/** The earlier of absolute and idle end; `null` = never. */
export function endOf(token: {
  expirationTime: EpochMilliseconds | null;
  idleExpirationTime: EpochMilliseconds | null;
}): EpochMilliseconds | null {
  if (token.expirationTime === null || token.idleExpirationTime === null) {
    return token.expirationTime ?? token.idleExpirationTime;
  }
  return Math.min(token.expirationTime, token.idleExpirationTime);
}

/** Which of its two ends an expired session reached; `undefined` for an API token, which has only one. */
export function expiredSessionDetail({
  expirationTime,
  idleExpirationTime,
}: Pick<PresentedTokenRecord, 'expirationTime' | 'idleExpirationTime'>): string | undefined {
  if (idleExpirationTime === null) {
    return undefined;
  }
  return idleExpirationTime < (expirationTime ?? Infinity)
    ? 'The session expired because it was idle for too long. Log in again; POST /auth/bump keeps a session alive.'
    : 'The session reached its maximum lifetime, which POST /auth/bump does not extend. Log in again.';
}

/** When a presented token ends: a superseded secret with its grace period, and no later than the token. */
export function endOfPresented(
  token: Pick<PresentedTokenRecord, 'expirationTime' | 'idleExpirationTime' | 'previousEndTime'>,
  isSuperseded: boolean,
): EpochMilliseconds | null {
  const end = endOf(token);
  return isSuperseded ? Math.min(end ?? Infinity, token.previousEndTime ?? 0) : end;
}

/** When a token ended or is to end, by whatever comes first: its ends, its revocation, its user's; `null` = never. */
export function endTimeOf(token: TokenEnds): EpochMilliseconds | null {
  const isEndedByUser = token.stampTime <= token.tokensEndedBefore;
  const times = [endOf(token), token.revocationTime, isEndedByUser ? token.tokensEndedBefore : null];
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
