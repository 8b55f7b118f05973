import { ApplicationError } from '../application-error.js';

/** Which version of a resource a caller means to change, as `If-Match` or the body says. */
export interface VersionCondition {
  /** The versions meant; `undefined` = any. */
  readonly versions: readonly number[] | undefined;
  /** How another one is refused: by the header with 412, by the body with 409; where neither says one, with 428. */
  readonly refusal: 'precondition_failed' | 'conflict' | 'precondition_required';
  /** Another condition that must hold as well: the version in the body, beside `If-Match`. */
  readonly also?: VersionCondition;
}

/**
 * Checks the version of a resource; a resource that does not exist has none.
 *
 * @throws ApplicationError unless the condition is absent, or the version is one that it means.
 */
export function checkVersion(
  condition: VersionCondition | undefined,
  version: number | null | undefined,
): void {
  if (!condition) {
    return;
  }
  if (version === null || version === undefined) {
    throw new ApplicationError(condition.refusal, {
      detail: 'The resource does not exist, so it has no version. Send the request without one.',
    });
  }
  if (condition.versions && !condition.versions.includes(version)) {
    const detail =
      condition.refusal === 'precondition_required'
        ? `Send the ETag you read in If-Match, or the version you read in the body. It is version ${version} now.`
        : // Another one need not be older: it may never have been.
          `It is version ${version} now, and not the one you mean; read it again and repeat your change.`;
    throw new ApplicationError(condition.refusal, { detail });
  }
  checkVersion(condition.also, version);
}

/** What a change is refused with that another one came before while it was made. */
export function stale(
  { refusal }: Pick<VersionCondition, 'refusal'> = { refusal: 'conflict' },
): ApplicationError {
  return new ApplicationError(refusal, {
    detail: 'It has been changed since you read it; read it again and repeat your change.',
  });
}
