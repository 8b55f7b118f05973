import { type CreateTokenDto } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { type OfferedToken, type OwnedOffer } from './offer.entity.js';

/** Returns the request body that creates the token of an offer. */
export function tokenOf({ token, note }: Pick<OwnedOffer, 'token' | 'note'>): CreateTokenDto {
  return { ...(JSON.parse(token) as OfferedToken), ...(note !== null && { note }) };
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
