import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { globsToMatcher } from 'jest-util';

/** Most files that a request may run through. Lower a ceiling when a journey gets shorter. */
const CEILINGS = {
  // Goal: 12
  'cached verification on the fast path': 13,
  // Goal: 18
  'cached verification by the route': 21,
  // Goal: 45
  login: 61,
  // Goal: 45
  'creation of a token': 67,
  'revocation of a token': 53,
};

describe('a request to a warm server', () => {
  it('runs through few files', () => {
    const output = execFileSync(process.execPath, ['test/lab/journeys.mjs', '--json'], { encoding: 'utf8' });

    const files = JSON.parse(output) as Record<string, string[]>;
    expect(Object.keys(files)).toEqual(Object.keys(CEILINGS));
    const beyond = Object.entries(CEILINGS).filter(([name, most]) => (files[name]?.length ?? 0) > most);
    expect(beyond.map(([name]) => [name, files[name]])).toEqual([]);
  });
});

const { projects } = createRequire(import.meta.url)('../../jest.config.cjs') as {
  projects: { testMatch: string[] }[];
};
const PROJECTS = projects.map(({ testMatch }) =>
  globsToMatcher(testMatch.map((glob) => glob.replace('<rootDir>', process.cwd()))),
);
const runs = (path: string) => PROJECTS.some((accepts) => accepts(resolve(path)));

describe('the projects of jest.config.cjs', () => {
  it('run every test file', () => {
    const files = ['apps', 'libs', 'test'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    );
    const specs = files.filter((path) => /\.(spec|test)\.\w+$/.test(path) && !path.includes('node_modules'));

    expect(specs).toContain(join('test', 'repository', 'journeys.process.spec.ts'));
    expect(specs.filter((path) => !runs(path) && !path.endsWith('tsconfig.spec.json'))).toEqual([]);
  });

  it.each(['test/login/any.spec.ts', 'test/login/any.apis.spec.ts', 'test/login/any.api.test.ts'])(
    'do not run %s',
    (path) => {
      expect(runs(path)).toBe(false);
    },
  );
});
