import { ApplicationError } from './application-error.js';

const STALE = 'It has been changed since you read it; read it again and repeat your change.';

const DETAILS = {
  precondition_failed: STALE,
  conflict: STALE,
  precondition_required: 'Send the ETag you read in If-Match, or the version you read in the body.',
} as const;

/** Which version of a resource a caller means to change, as `If-Match` or the body says. */
export interface VersionCondition {
  /** The versions meant; `undefined` = any. */
  readonly versions: readonly number[] | undefined;
  /** How a stale one is refused: by the header with 412, by the body with 409; where neither says one, with 428. */
  readonly refusal: keyof typeof DETAILS;
}

/** @throws ApplicationError unless the condition is absent, or the version is one that it means. */
export function checkVersion(condition: VersionCondition | undefined, version: number): void {
  if (condition?.versions && !condition.versions.includes(version)) {
    throw stale(condition);
  }
}

/** What a change is refused with that came too late for the version it means, or means none. */
export function stale({ refusal }: Pick<VersionCondition, 'refusal'>): ApplicationError {
  return new ApplicationError(refusal, { detail: DETAILS[refusal] });
}
