import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { globsToMatcher } from 'jest-util';

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

    expect(specs).toContain(join('test', 'repository', 'projects.process.spec.ts'));
    expect(specs.filter((path) => !runs(path) && !path.endsWith('tsconfig.spec.json'))).toEqual([]);
  });

  it.each(['test/login/any.spec.ts', 'test/login/any.apis.spec.ts', 'test/login/any.api.test.ts'])(
    'do not run %s',
    (path) => {
      expect(runs(path)).toBe(false);
    },
  );
});
