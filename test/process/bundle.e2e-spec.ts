import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverIn, ServerProcess } from '../support/server-process.js';

const BUNDLE = join(process.cwd(), 'dist/apps/api/bundle/main.js');
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
  it('has no package that is also loaded from node_modules, as the copies would not share state', async () => {
    const server = await ServerProcess.start(
      serverIn(folder, { NODE_OPTIONS: `--require=${LIST_LOADED_PACKAGES}` }),
    );
    await server.client.request('GET', '/openapi.json');
    await server.stop();

    const loaded = /^loaded: (.*)$/m.exec(server.output)?.[1] ?? '[]';
    const beside = packagesIn(JSON.parse(loaded) as string[]);
    const inside = packagesIn(readFileSync(BUNDLE, 'utf8').match(/^\/\/ .*node_modules\/.*$/gm) ?? []);
    expect([inside.has('@nestjs/core'), beside.has('@node-rs/argon2')]).toEqual([true, true]);
    expect([...inside].filter((name) => beside.has(name) && !WITHOUT_STATE.includes(name))).toEqual([]);
  });
});
