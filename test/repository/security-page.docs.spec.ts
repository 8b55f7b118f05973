import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PAGE = 'docs/explanation/security.md';

interface Row {
  /** From a comment, which readers do not see. Absent for attacks that no requirement lists. */
  number: string | undefined;
  attack: string;
  result: string;
  /** Paths from the root of the repository. */
  files: string[];
}

/** The rows of all tables on the page, without their headings. */
const ROWS: Row[] = [
  ...readFileSync(PAGE, 'utf8').matchAll(/^\| (?!attack or fault|---)([^|]*)\|([^|]*)\|([^|]*)\|$/gm),
].map(([, attack = '', result = '', tests = '']) => ({
  number: /<!-- (B\d+) -->/.exec(tests)?.[1],
  attack: attack.trim(),
  result: result.trim(),
  files: [...tests.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => join(dirname(PAGE), path)),
}));

/** B1 to B60. B28 was dropped, because there is no store besides the database. */
const REQUIREMENTS = Array.from({ length: 60 }, (_, index) => `B${index + 1}`).filter(
  (name) => name !== 'B28',
);

/** Whether the file names the requirement, in a title or in a comment above the tests. */
const names = (file: string, number: string) =>
  new RegExp(`\\b${number}\\b`).test(readFileSync(file, 'utf8'));

describe('the tables of the security page', () => {
  it('have every row of the page', () => {
    expect(ROWS).toHaveLength(
      readFileSync(PAGE, 'utf8').match(/^\|(?! attack or fault| ---)/gm)?.length ?? 0,
    );
  });

  it('list every requirement once', () => {
    const numbers = ROWS.flatMap(({ number }) => number ?? []);

    expect(numbers.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))).toEqual(REQUIREMENTS);
  });

  it.each(ROWS.flatMap(({ number, files }) => (number ? [{ number, files }] : [])))(
    'link $number to tests that name it, or to a benchmark',
    ({ number, files }) => {
      const tests = files.filter((file) => file.endsWith('.ts'));

      expect(tests.filter((file) => !names(file, number))).toEqual([]);
    },
  );

  it('link each row to existing tests', () => {
    expect(ROWS.filter(({ files }) => files.length === 0)).toEqual([]);
    expect(ROWS.flatMap(({ files }) => files).filter((file) => !existsSync(file))).toEqual([]);
  });

  it('state a result for each attack, without placeholders', () => {
    expect(ROWS.filter(({ attack, result }) => attack === '' || result === '')).toEqual([]);
    expect(readFileSync(PAGE, 'utf8')).not.toMatch(/[«»]/);
  });
});
