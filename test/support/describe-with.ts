import { describe, it } from '@jest/globals';

/**
 * The tests of what needs a program of the system. Where that is not installed, they are not run, and the end of the output says so.
 *
 * @param needs such as `nginx: apt-get install nginx`; `null` = it is here.
 */
export function describeWith(needs: string | null, title: string, tests: () => void): void {
  if (needs === null) {
    describe(title, tests);
  } else {
    it.skip(`${title} needs ${needs}`, () => undefined);
  }
}
