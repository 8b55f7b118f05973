import { describe, expect, it } from '@jest/globals';
import { INTERNAL_DETAILS } from '../support/check-response.js';

// Covers B56 in docs/explanation/security.md.
describe('INTERNAL_DETAILS', () => {
  it.each([
    ['a built file', '/latchkey/dist/apps/api/bundle/main.js'],
    ['a stack frame', 'Error: no\n    at save (file.js)'],
    ['a line of a source', 'users.service.ts:12'],
    ['an SQL statement', 'could not run: update "user" set'],
    ['a message of SQLite', 'database disk image is malformed'],
    ['a message of the system', 'connect ECONNREFUSED'],
  ])('matches %s', (_what, text) => {
    expect(text).toMatch(INTERNAL_DETAILS);
  });

  it('matches a file of this checkout in any folder', () => {
    const here = `${process.cwd()}/`;

    const [found] = INTERNAL_DETAILS.exec(`No such file: ${here}data/users.csv`) ?? [];

    expect(found).toBe(here);
  });

  it.each([
    'The user is disabled.',
    'Selected: one at a time',
    'https://latchkey.example/docs/errors#conflict',
  ])('does not match %p', (text) => {
    expect(text).not.toMatch(INTERNAL_DETAILS);
  });
});
