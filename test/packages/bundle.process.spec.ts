import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { addPasskey, ORIGIN, requestOptions } from '../support/software-passkey.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const BUNDLE = join(process.cwd(), 'dist/apps/api/bundle');
const LICENCES = join(BUNDLE, 'THIRD-PARTY-LICENSES.txt');
const MEGABYTE = 1e6;
const LIST_LOADED_PACKAGES = join(process.cwd(), 'test/fixtures/loaded-packages.cjs');
const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** Packages without state, so that a second copy is harmless. */
const WITHOUT_STATE = ['tslib'];

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const packagesIn = (paths: readonly string[]) =>
  new Set(paths.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []));

describe('the bundle', () => {
  it('is smaller than 6 MB', () => {
    const sizes = readdirSync(BUNDLE).map((name) => statSync(join(BUNDLE, name)).size);

    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(6 * MEGABYTE);
  });

  it('verifies passkeys', async () => {
    const server = await ServerProcess.start(serverOn(database, { LATCHKEY_PUBLIC_URL: ORIGIN }));
    try {
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
      const { passkey } = await addPasskey(server.client, headers);
      const credential = passkey.prove(await requestOptions(server.client));

      const { status } = await server.client.request('POST', '/auth/login/passkey', { body: { credential } });

      expect(status).toBe(200);
    } finally {
      await server.stop();
    }
  });

  it('loads the library for passkeys only when it is needed', () => {
    const chunks = readdirSync(BUNDLE).map((name) => ({
      name,
      text: readFileSync(join(BUNDLE, name), 'utf8'),
    }));
    const library = chunks.find(({ text }) => text.includes('Credential ID was not base64url-encoded'))?.name;
    const importing = chunks.filter(({ text }) => text.includes(`./${library}"`));

    expect(importing).not.toEqual([]);
    expect(importing.filter(({ text }) => !text.includes(`import("./${library}")`))).toEqual([]);
  });

  it('loads the packages of OpenTelemetry only when an endpoint is configured', () => {
    const textOf = (name: string) => readFileSync(join(BUNDLE, name), 'utf8');
    const isExporter = (name: string) => textOf(name).includes('OTEL_EXPORTER_OTLP_HEADERS');
    const chunksIn = (name: string, pattern: RegExp) =>
      [...textOf(name).matchAll(pattern)].map(([, chunk = '']) => chunk);
    const loaded = new Set(['main.js', 'cli.js']);
    for (const name of loaded) {
      chunksIn(name, /(?:from|import) ?"\.\/(chunk-\w+\.js)"/g).forEach((chunk) => loaded.add(chunk));
      const later = chunksIn(name, /import\("\.\/(chunk-\w+\.js)"\)/g);
      later.filter((chunk) => !isExporter(chunk)).forEach((chunk) => loaded.add(chunk));
    }

    expect([...loaded].some((name) => textOf(name).includes('latchkey_hashes_waiting'))).toBe(true);
    expect([...loaded].filter((name) => textOf(name).includes('opentelemetry.js.api'))).toEqual([]);
    expect(readdirSync(BUNDLE).filter(isExporter)).toHaveLength(1);
  });

  it('has no package that is also loaded from node_modules, as the copies would not share state', async () => {
    const server = await ServerProcess.start(
      serverOn(database, { NODE_OPTIONS: `--require=${LIST_LOADED_PACKAGES}` }),
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
