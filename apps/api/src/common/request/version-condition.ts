import { ApplicationError } from '../application-error.js';

/** Expected version of a resource, from `If-Match` or the body. */
export interface VersionCondition {
  /** Accepted versions; `undefined` accepts any. */
  readonly versions: readonly number[] | undefined;
  /** Error for other versions: 412 for the header, 409 for the body, and 428 if neither has a version. */
  readonly rejection: 'precondition_failed' | 'conflict' | 'precondition_required';
  /** Another condition that must hold as well: the version in the body, beside `If-Match`. */
  readonly also?: VersionCondition;
}

/** Checks the version of a resource; a resource that does not exist has none. */
export function checkVersion(
  condition: VersionCondition | undefined,
  version: number | null | undefined,
): void {
  if (!condition) {
    return;
  }
  if (version === null || version === undefined) {
    throw new ApplicationError(condition.rejection, {
      detail: 'The resource does not exist, so it has no version. Send the request without one.',
    });
  }
  if (condition.versions && !condition.versions.includes(version)) {
    const detail =
      condition.rejection === 'precondition_required'
        ? `Send the ETag of the resource in If-Match, or its version in the body. It is now at version ${version}.`
        : // Another one need not be older: it may never have been.
          `The resource is now at version ${version}. Fetch it and try again.`;
    throw new ApplicationError(condition.rejection, { detail });
  }
  checkVersion(condition.also, version);
}

/** Returns the error for a change that lost against a concurrent one. */
export function stale(
  { rejection }: Pick<VersionCondition, 'rejection'> = { rejection: 'conflict' },
): ApplicationError {
  return new ApplicationError(rejection, {
    detail: 'The resource has changed since you read it. Fetch it and try again.',
  });
}
