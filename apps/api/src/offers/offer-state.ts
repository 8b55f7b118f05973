import { CLAIM_HOURS, REQUEST_DAYS, type OfferState } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { DAY_MILLISECONDS, toRfc3339, type EpochMilliseconds } from '../common/clock.service.js';
import { type Offer, type OwnedOffer } from './offer.entity.js';

/** Time in which the recipient can claim a token. */
export const CLAIM_MILLISECONDS = CLAIM_HOURS * 3_600_000;

/** States that count towards the limits, and that can expire. */
export const OPEN = ['requested', 'offered'] as const;

/** Returns the state of an offer at a time. {@link STATE_SQL} is the same in SQL. */
export function stateOf(
  { state, expirationTime }: Pick<Offer, 'state' | 'expirationTime'>,
  now: EpochMilliseconds,
): OfferState {
  return (state === 'requested' || state === 'offered') && expirationTime <= now ? 'expired' : state;
}

/** State of an offer at the time `:now`. */
export const STATE_SQL = `CASE WHEN offer.state IN ('requested', 'offered') AND offer.expirationTime <= :now THEN 'expired' ELSE offer.state END`;

/** Columns of an offer that waits for an approval. */
export const requestedAt = (now: EpochMilliseconds) =>
  ({
    state: 'requested',
    expirationTime: now + REQUEST_DAYS * DAY_MILLISECONDS,
    deciderId: null,
    deciderName: null,
    deciderTokenId: null,
    decisionTime: null,
    decisionReason: null,
  }) as const;

/**
 * @throws ApplicationError if an offer has none of these states: `not_found`, `offer_expired`,
 *   `offer_claimed` or `conflict`.
 */
export function checkState(offer: OwnedOffer, accepted: readonly OfferState[], now: EpochMilliseconds): void {
  const state = stateOf(offer, now);
  if (!accepted.includes(state)) {
    throw REJECTIONS[state](offer);
  }
}

const REJECTIONS: Readonly<Record<OfferState, (offer: OwnedOffer) => ApplicationError>> = {
  requested: () =>
    new ApplicationError('conflict', {
      detail: 'The offer still waits for an approval. Ask an administrator to approve it.',
    }),
  offered: () => new ApplicationError('conflict', { detail: 'The offer is already approved.' }),
  rejected: () =>
    new ApplicationError('conflict', {
      detail: 'The offer was rejected. Request the token again if you still need it.',
    }),
  expired: ({ expirationTime }) =>
    new ApplicationError('offer_expired', {
      detail: `The offer expired at ${toRfc3339(expirationTime)}. Request the token again, or ask for a new link.`,
    }),
  claimed: ({ claimTime, deciderName }) =>
    new ApplicationError('offer_claimed', {
      detail: `The token was created at ${toRfc3339(claimTime ?? 0)}. If that was not you, tell ${deciderName} immediately: someone else has the token, and it must be revoked.`,
    }),
  revoked: noSuchOffer,
};

/** Returns the error for an unknown offer, one of another user, or one that was revoked. */
export function noSuchOffer(): ApplicationError {
  return new ApplicationError('not_found', {
    detail:
      'There is no such offer, or it was revoked. Check that a claim link is complete, or ask for a new one.',
  });
}

/** Returns the error of a request that lost against a concurrent one. */
export function changedMeanwhile(): ApplicationError {
  return new ApplicationError('conflict', {
    detail: 'The offer was decided, claimed or revoked in the meantime. Fetch it again.',
  });
}

/** Turns errors about members of a body, which an approval and a claim do not have, into a sentence. */
export async function describingErrors<T>(creation: Promise<T>): Promise<T> {
  try {
    return await creation;
  } catch (error) {
    if (!(error instanceof ApplicationError && error.code === 'validation_failed')) {
      throw error;
    }
    const reasons = (error.options.errors ?? []).map(({ message }) => message);
    throw new ApplicationError('conflict', {
      detail: `The token cannot be created: ${reasons.join('; ')}. Change the roles of the user, or request another token.`,
    });
  }
}
