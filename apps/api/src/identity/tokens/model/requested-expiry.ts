import { ApplicationError } from '../../../common/application-error.js';
import { type EpochMilliseconds } from '../../../common/clock.js';

/** The end that is wished for a token: `null` = none, `undefined` = whatever is usual. */
export type RequestedExpiry = EpochMilliseconds | null | undefined;

/** Reads a wish. @throws ApplicationError `validation_failed` if it has passed. */
export function parseRequestedExpiry(
  text: string | null | undefined,
  now: EpochMilliseconds,
): RequestedExpiry {
  if (text === null || text === undefined) {
    return text;
  }
  const end = Date.parse(text);
  if (!(end > now)) {
    throw invalidExpiry('in_the_past', 'expirationTime must be in the future');
  }
  return end;
}

/** The refusal of a wish. */
export function invalidExpiry(code: string, message: string): ApplicationError {
  return new ApplicationError('validation_failed', {
    errors: [{ pointer: '/expirationTime', code, message }],
  });
}
