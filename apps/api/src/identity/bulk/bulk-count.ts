import { ApplicationError } from '../../common/application-error.js';

/**
 * Checks that a bulk request by filter is about no more items than its dry run said: nobody changes what they have not
 * seen counted.
 *
 * @throws ApplicationError `validation_failed` if it does not say how many, or `count_grown`.
 */
export function checkCount(
  { filter, expectedCount }: { filter?: unknown; expectedCount?: number },
  count: number,
): void {
  if (filter !== undefined && expectedCount === undefined) {
    const message = 'try the filter with "dryRun": true, and send the count it answers';
    throw new ApplicationError('validation_failed', {
      errors: [{ pointer: '/expectedCount', code: 'is_expected', message }],
    });
  }
  if (expectedCount !== undefined && count > expectedCount) {
    throw new ApplicationError('count_grown', {
      detail: `${count} match by now, and ${expectedCount} were expected. Look again with "dryRun": true.`,
    });
  }
}
