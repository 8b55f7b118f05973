import { EXPIRING_DAYS, type TokenState } from '@latchkey/auth-models';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { type User } from '../../users/model/user.entity.js';
import { type Token } from './token.entity.js';
import { endOf, hasExpired, isRevoked } from './token-standing.js';

/** What of a token's user counts for the token. */
export type TokenOwner = Pick<User, 'name' | 'enabled' | 'tokensEndedBefore'>;

/** A token before its absolute end by no more than this is expiring; an idle end counts not, as a bump moves it. */
export const EXPIRING_MILLISECONDS = EXPIRING_DAYS * 86_400_000;

/** How a token stands: what cannot be undone wins over what can. */
export function stateOf(
  token: Pick<Token, 'enabled' | 'stampTime' | 'expirationTime' | 'idleExpirationTime' | 'revocationTime'>,
  owner: Omit<TokenOwner, 'name'>,
  now: EpochMilliseconds,
): TokenState {
  if (isRevoked(token) || token.stampTime <= owner.tokensEndedBefore) {
    return 'revoked';
  }
  const end = endOf(token);
  if (hasExpired(token) || (end !== null && end <= now)) {
    return 'expired';
  }
  if (!token.enabled || !owner.enabled) {
    return 'disabled';
  }
  const isExpiring = token.expirationTime !== null && token.expirationTime <= now + EXPIRING_MILLISECONDS;
  return isExpiring ? 'expiring' : 'active';
}
