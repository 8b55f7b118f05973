import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PAGE = 'docs/explanation/security.md';

interface Row {
  number: string;
  promise: string;
  /** Paths from the root of the repository. */
  files: string[];
}

/** The rows of the table in docs/explanation/security.md. */
const ROWS: Row[] = [...readFileSync(PAGE, 'utf8').matchAll(/^\| (B\d+) +\| ([^|]+) \| ([^|]*) \|/gm)].map(
  ([, number = '', promise = '', shownBy = '']) => ({
    number,
    promise: promise.trim(),
    files: [...shownBy.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => join(dirname(PAGE), path)),
  }),
);

/** Whether the file names the requirement, in a title or in a comment above the tests. */
const names = (file: string, number: string) =>
  new RegExp(`\\b${number}\\b`).test(readFileSync(file, 'utf8'));

describe('the table of what is withstood', () => {
  it('has all sixty, each once', () => {
    expect(ROWS.map(({ number }) => number)).toEqual(
      Array.from({ length: 60 }, (_, index) => `B${index + 1}`),
    );
  });

  it.each(ROWS.filter(({ files }) => files.length > 0))(
    'links $number to tests that name it, or to a benchmark',
    ({ number, files }) => {
      const tests = files.filter((file) => file.endsWith('.ts'));

      expect(tests.filter((file) => !names(file, number))).toEqual([]);
    },
  );

  it('names files that there are, and leaves no place for a figure open', () => {
    expect(ROWS.flatMap(({ files }) => files).filter((file) => !existsSync(file))).toEqual([]);
    expect(readFileSync(PAGE, 'utf8')).not.toMatch(/[«»]/);
  });

  it('says of those without a test why', () => {
    const without = ROWS.filter(({ files }) => files.length === 0);

    expect(without.map(({ number }) => number)).toEqual(['B28']);
  });
});
