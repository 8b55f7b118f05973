import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createMuteServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { type ExternalProgram } from '../support/external-programs.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';
import { RECIPES, type Recipe } from './recipes.js';

/** A user with a name that must be encoded and the permission, and a user without it. */
const EDITOR = 'jürgen@example.org';
const READER = 'anna';

let folder: string;
let latchkey: ServerProcess;
let asAdmin: Headers;
let asEditor: Headers;
let asReader: Headers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  latchkey = await ServerProcess.start(serverIn(folder));
  asAdmin = await latchkey.client.loginHeaders(ADMIN.name, ADMIN.password);
  await latchkey.client.createApi(
    { name: 'drafts', permissions: [{ name: 'drafts:read', description: 'Read drafts.' }] },
    asAdmin,
  );
  await latchkey.client.createRole({ name: 'editor', permissions: ['drafts:read'] }, asAdmin);
  for (const [name, roles] of [
    [EDITOR, ['editor']],
    [READER, []],
  ] as const) {
    await latchkey.client.createUser({ name, password: PASSWORD, roles: [...roles] }, asAdmin);
  }
  asEditor = await latchkey.client.loginHeaders(EDITOR, PASSWORD);
  asReader = await latchkey.client.loginHeaders(READER, PASSWORD);
});

afterAll(async () => {
  await latchkey.stop();
  rmSync(folder, { recursive: true });
});

async function listen<T extends Server>(server: T): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function call(recipe: ExternalProgram, path: string, headers: Headers = {}) {
  const response = await fetch(recipe.baseUrl + path, { headers });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

it('has two blocks for the recipe', () => {
  expect(codeOnPage('guides/protect-your-api.md', 'js')).toHaveLength(2);
});

it('creates the API, the role and the user of the page, who can call the API', async () => {
  const { start } = RECIPES[0] as Recipe;
  const recipe = await start(latchkey.client.baseUrl, (code) =>
    code.replaceAll('drafts:', 'papers:').replace('api=drafts', 'api=papers'),
  );
  const page = new CommandsOnPage(
    'guides/protect-your-api.md',
    {},
    {
      'http://127.0.0.1:3000': latchkey.client.baseUrl,
      'http://127.0.0.1:8080': recipe.baseUrl,
      '-u admin': `-u '${ADMIN.name}:${ADMIN.password}'`,
      // The name exists already, for the recipes.
      editor: 'writer',
      '"drafts': '"papers',
      'apis/drafts': 'apis/papers',
    },
  );
  try {
    const created = await page.run('/users/press/tokens');
    const [, secret = ''] = /"token":"(\w+)"/.exec(created) ?? [];
    Object.assign(page.environment, { ADMIN: asAdmin['X-Auth-Token'], SECRET: secret });

    const hello = await page.run('/hello');

    expect(hello).toBe('Hello press');
    expect(await page.run('http_code')).toBe('401\n200\n403\n');
    const changed = await page.run('/usage');
    expect(changed).toContain('"writer"');
    expect(changed).toContain('"papers:publish"');
    expect(page.notRun).toEqual([]);
    expect((await call(recipe, '/drafts', { Authorization: `Bearer ${secret}` })).status).toBe(200);
  } finally {
    await recipe.stop();
  }
});

const HERE = RECIPES.filter(({ needs }) => needs === null);

describe.each(HERE)('the recipe for $name', ({ start }) => {
  let recipe: ExternalProgram;

  beforeAll(async () => {
    recipe = await start(latchkey.client.baseUrl);
  });

  afterAll(() => recipe.stop());

  it('accepts a valid token, and knows its user', async () => {
    expect(await call(recipe, '/hello', asEditor)).toMatchObject({ status: 200, text: `Hello ${EDITOR}` });
    expect(await call(recipe, '/hello', asReader)).toMatchObject({ status: 200, text: `Hello ${READER}` });
  });

  it('accepts a token in either field', async () => {
    const { body } = await latchkey.client.createMyToken(asEditor, {});
    const fields = [tokenHeader(body), { Authorization: `Bearer ${body.token}` }];

    const responses = await Promise.all(fields.map((headers) => call(recipe, '/drafts', headers)));

    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
  });

  it.each<[string, Headers]>([
    ['no token', {}],
    ['junk', { 'X-Auth-Token': 'junk' }],
    ['forged fields', { 'X-Auth-User': ADMIN.name, 'X-Auth-Permissions': 'drafts:read' }],
  ])('returns 401 with a challenge for %s', async (_, headers) => {
    const { status, headers: answered } = await call(recipe, '/hello', headers);

    expect(status).toBe(401);
    expect(answered.get('www-authenticate')).toMatch(/^XAuthToken /);
  });

  it('returns the reason for a 403 of Latchkey', async () => {
    const { body: elsewhere } = await latchkey.client.createMyToken(asEditor, {
      allowedAddresses: ['192.0.2.17'],
    });

    const { status, headers } = await call(recipe, '/hello', tokenHeader(elsewhere));

    expect([status, headers.get('x-auth-error')]).toEqual([403, 'address_not_allowed']);
  });

  it('returns 401 after logout', async () => {
    const headers = await latchkey.client.loginHeaders(READER, PASSWORD);
    expect((await call(recipe, '/hello', headers)).status).toBe(200);

    await latchkey.client.logout(headers);

    expect((await call(recipe, '/hello', headers)).status).toBe(401);
  });

  it('requires the permission on a route, and returns 403 without it', async () => {
    expect((await call(recipe, '/drafts', asEditor)).status).toBe(200);
    const rejected = await call(recipe, '/drafts', asReader);
    expect([rejected.status, rejected.headers.get('x-auth-missing-permissions')]).toEqual([
      403,
      'drafts:read',
    ]);
    const forged = { ...asReader, 'X-Auth-Permissions': 'drafts:read' };
    expect((await call(recipe, '/drafts', forged)).status).toBe(403);
    expect((await call(recipe, '/drafts?permission=drafts:list', asReader)).status).toBe(403);
  });

  it('finds the permission also when all permissions of the token are too long for a header', async () => {
    const { client } = latchkey;
    const name = `long-${Math.random().toString(36).slice(2)}`;
    const permissions = Array.from({ length: 40 }, (_, index) => ({
      name: `${name}:${String(index).padStart(60, 'a')}`,
      description: 'Act.',
    }));
    await client.createApi({ name, permissions }, asAdmin);
    const other = {
      name: `${name}-2`,
      permissions: permissions.map((one) => ({ ...one, name: one.name.replace(':', '-2:') })),
    };
    await client.createApi(other, asAdmin);
    const granted = [...permissions, ...other.permissions].map((one) => one.name);
    await client.createRole({ name, permissions: granted }, asAdmin);
    await client.createUser({ name, password: PASSWORD, roles: ['editor', name] }, asAdmin);
    const headers = await client.loginHeaders(name, PASSWORD);
    expect((await client.verify(headers)).headers.has('x-auth-permissions')).toBe(false);

    expect((await call(recipe, '/drafts', headers)).status).toBe(200);
  });

  it('returns 403 when no user holds the required permission', async () => {
    const strict = await start(latchkey.client.baseUrl, (code) =>
      code.replaceAll('drafts:read', 'drafts:not-held'),
    );
    try {
      expect((await call(strict, '/hello', asEditor)).status).toBe(200);
      expect((await call(strict, '/drafts', asEditor)).status).toBe(403);
    } finally {
      await strict.stop();
    }
  });

  it('ignores a forged user name', async () => {
    const forged = { 'X-Auth-User': ADMIN.name, X_Auth_User: ADMIN.name, 'x-auth-user-id': '1' };

    expect((await call(recipe, '/hello', { ...asReader, ...forged })).text).toBe(`Hello ${READER}`);
  });

  it('returns 503 while Latchkey is down', async () => {
    // No server listens on port 1. A free port could become the port of the recipe itself.
    const cut = await start('http://127.0.0.1:1');
    try {
      expect((await call(cut, '/hello', asEditor)).status).toBe(503);
      expect((await call(cut, '/drafts', asEditor)).status).toBe(503);
    } finally {
      await cut.stop();
    }
  });

  it('returns 503 after a timeout while Latchkey does not respond', async () => {
    const mute = await listen(createMuteServer());
    const cut = await start(addressOf(mute));
    try {
      expect((await call(cut, '/hello', asEditor)).status).toBe(503);
    } finally {
      await cut.stop();
      mute.close();
    }
  });

  it('returns 503 when another server returns 200 instead of Latchkey', async () => {
    const other = await listen(createServer((_, response) => response.end()));
    const lost = await start(addressOf(other));
    try {
      expect((await call(lost, '/hello', asEditor)).status).toBe(503);
    } finally {
      await lost.stop();
      other.close();
      other.closeAllConnections();
    }
  });
});

for (const { name, needs } of RECIPES.filter((recipe) => recipe.needs !== null)) {
  it.skip(`the recipe for ${name} needs ${needs}`, () => undefined);
}
