import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverIn, ServerProcess } from '../support/server-process.js';

const BUNDLE = join(process.cwd(), 'dist/apps/api/bundle');
const LICENCES = join(BUNDLE, 'THIRD-PARTY-LICENSES.txt');
const MEGABYTE = 1e6;
const LIST_LOADED_PACKAGES = join(process.cwd(), 'test/fixtures/loaded-packages.cjs');
const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** Packages without state, so that a second copy is harmless. */
const WITHOUT_STATE = ['tslib'];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-bundle-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packagesIn = (paths: readonly string[]) =>
  new Set(paths.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []));

describe('the bundle', () => {
  it('is smaller than 5 MB', () => {
    const sizes = readdirSync(BUNDLE).map((name) => statSync(join(BUNDLE, name)).size);

    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(5 * MEGABYTE);
  });

  it('has no package that is also loaded from node_modules, as the copies would not share state', async () => {
    const server = await ServerProcess.start(
      serverIn(folder, { NODE_OPTIONS: `--require=${LIST_LOADED_PACKAGES}` }),
    );
    await server.client.request('GET', '/openapi.json');
    await server.stop();

    const loaded = /^loaded: (.*)$/m.exec(server.output)?.[1] ?? '[]';
    const beside = packagesIn(JSON.parse(loaded) as string[]);
    const inside = new Set(
      [...readFileSync(LICENCES, 'utf8').matchAll(/^=== (\S+) /gm)].map(([, name = '']) => name),
    );
    expect([inside.has('@nestjs/core'), beside.has('@node-rs/argon2')]).toEqual([true, true]);
    expect([...inside].filter((name) => beside.has(name) && !WITHOUT_STATE.includes(name))).toEqual([]);
  });
});
