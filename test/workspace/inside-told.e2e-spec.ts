import { describe, expect, it } from '@jest/globals';
import { INSIDE } from '../support/inside-told.js';

describe('B56 what answers are searched for', () => {
  it.each([
    ['a built file', '/latchkey/dist/apps/api/bundle/main.js'],
    ['a stack frame', 'Error: no\n    at save (file.js)'],
    ['a line of a source', 'users.service.ts:12'],
    ['a statement', 'could not run: update "user" set'],
    ['what SQLite says', 'database disk image is malformed'],
    ['what the system says', 'connect ECONNREFUSED'],
  ])('is found in %s', (_what, text) => {
    expect(text).toMatch(INSIDE);
  });

  it('is found in a file of this checkout, wherever that is', () => {
    const here = `${process.cwd()}/`;

    const [found] = INSIDE.exec(`No such file: ${here}data/users.csv`) ?? [];

    expect(found).toBe(here);
  });

  it.each([
    'The user is disabled.',
    'Selected: one at a time',
    'https://latchkey.example/docs/errors#conflict',
  ])('is not found in %p', (text) => {
    expect(text).not.toMatch(INSIDE);
  });
});
