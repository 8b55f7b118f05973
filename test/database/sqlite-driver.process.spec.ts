import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { describe, expect, it } from '@jest/globals';

interface Manifest {
  version: string;
  engines: { node: string };
  dependencies: Record<string, string>;
}

const CHOOSER = './apps/api/sqlite/driver.cjs';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest;

/** Prints the path of each loaded package, in the real module system of Node. */
const LIST_LOADED = `
  const Database = (await import('#sqlite')).default;
  new Database(':memory:').close();
  const { createRequire } = await import('node:module');
  console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));
`;

/**
 * Returns the package that the chooser exports in a Node with this version of Node-API, with this installed
 * driver.
 */
function chosenWith(napi: string, installed?: string): unknown {
  const module = { exports: {} };
  const source = readFileSync(CHOOSER, 'utf8');
  const run = compileFunction(source, ['module', 'require', 'process']) as (...scope: unknown[]) => void;
  const load = (name: string) => {
    if (name.endsWith('package.json')) {
      if (installed === undefined) {
        throw new Error(`Cannot find module '${name}'`);
      }
      return { version: installed };
    }
    return name;
  };
  run(module, load, { versions: { napi, node: '24.11.0' } });
  return module.exports;
}

// Each version crashes or aborts the process on the Nodes of the other: see decision 0001.
describe('#sqlite', () => {
  const isNode20 = Number(process.versions.napi) < 10;

  it('loads the package for the running Node, and no other', () => {
    const paths = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '--eval', LIST_LOADED], { encoding: 'utf8' }),
    ) as string[];

    const folders = paths.flatMap((path) => /^.*node_modules\/better-sqlite3(?=\/)/.exec(path)?.[0] ?? []);
    const versions = [...new Set(folders)].map((folder) => read(`${folder}/package.json`).version);
    // Not 13.1 or later: they prepare joins again at each execution. See decision 0001.
    expect(versions).toEqual([isNode20 ? '12.6.2' : '13.0.3']);
  });

  it.each([
    ['9', '@latchkey/sqlite-node20'],
    ['10', 'better-sqlite3'],
    ['11', 'better-sqlite3'],
  ])('with Node-API %s is %s', (napi, name) => {
    expect(chosenWith(napi, '13.0.3')).toBe(name);
  });

  it.each([
    ['12.6.2', '12.6.2'],
    ['none', undefined],
    ['14.0.0', '14.0.0'],
  ])('says how to install version 13 on later Nodes when %s is installed', (found, installed) => {
    const Driver = chosenWith('10', installed) as new () => unknown;

    expect(() => new Driver()).toThrow(
      `Node 24.11.0 needs better-sqlite3 13. Installed: ${found}. ` +
        'Run npm ci in the repository, or install Latchkey again into an empty folder.',
    );
  });

  it('has a package for Node 20 that npm skips where the other works', () => {
    const { engines, dependencies } = read('libs/sqlite-node20/package.json');

    // Node 22.14 is the first with Node-API 10.
    expect(engines.node).toBe('>=20 <22.14');
    expect(dependencies).toEqual({ 'better-sqlite3': '12.6.2' });
  });
});
