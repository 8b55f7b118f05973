import { ApplicationError } from '../../../common/application-error.js';
import { type EpochMilliseconds } from '../../../common/clock.js';

/** The end that is wished for a token: `null` = none, `undefined` = whatever is usual. */
export type WishedEnd = EpochMilliseconds | null | undefined;

/** Reads a wish. @throws ApplicationError `validation_failed` if it has passed. */
export function wishedEnd(text: string | null | undefined, now: EpochMilliseconds): WishedEnd {
  if (text === null || text === undefined) {
    return text;
  }
  const end = Date.parse(text);
  if (!(end > now)) {
    throw endRefused('in_the_past', 'expirationTime must be in the future');
  }
  return end;
}

/** The refusal of a wish. */
export function endRefused(code: string, message: string): ApplicationError {
  return new ApplicationError('validation_failed', {
    errors: [{ pointer: '/expirationTime', code, message }],
  });
}
