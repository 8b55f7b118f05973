import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type BulkResultDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { sampleInputs } from '../support/deep.js';
import { AUDITED, entryOf } from '../routes.js';
import { newRole, newUser } from '../support/factories.js';
import { beforeTransaction } from '../support/paused-requests.js';
import { Fixtures, type Caller, type RouteRequest } from '../support/routes/fixtures.js';
import { useAdmin, useServer, flushTokenUsage } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const any = { 'If-Match': '*' };

let fixtures: Fixtures;
let caller: Caller & { tokenId: string };
let target: string;
let targetTokenId: string;

beforeAll(async () => {
  fixtures = await Fixtures.on(server.client);
});

beforeEach(async () => {
  caller = await makeService('admin');
  ({ name: target, tokenId: targetTokenId } = await makeService());
  await server.database.execute(
    `INSERT INTO "token_ancestors" ("tokenId", "ancestorId") VALUES ('${targetTokenId}', '${caller.tokenId}')`,
  );
  // The first use of a token is written in a transaction, unlike uses within a minute after it.
  await server.client.verify(caller.headers);
  await flushTokenUsage(server);
});

async function makeService(...roles: string[]) {
  const { name } = newUser();
  expect((await server.client.createUser({ name, kind: 'service', roles }, asAdmin)).status).toBe(201);
  const { body } = await server.client.createUserToken(name, asAdmin, {});
  return { name, password: '', session: body, headers: tokenHeader(body), tokenId: body.id };
}

const setRoles = (...roles: string[]) =>
  server.client.updateUser(caller.name, { roles }, { ...asAdmin, ...any });
const disable = () => server.client.updateUser(caller.name, { enabled: false }, { ...asAdmin, ...any });
const remove = () => server.client.deleteUser(caller.name, asAdmin);

const successes = () =>
  server.database.query(
    `SELECT "action" FROM "audit_events" WHERE "actorName" = '${caller.name}' AND "outcome" = 'success'`,
  );

/** Sends a request as the caller. Returns the status, of the first item for a bulk request. */
async function send({ method, path, headers, body }: RouteRequest): Promise<number> {
  const response = await server.client.request<Partial<BulkResultDto> | undefined>(method, path, {
    headers,
    body,
  });
  return response.body?.results?.[0]?.status ?? response.status;
}

/** Prepares a request of the caller with one transaction. */
type Prepare = () => Promise<RouteRequest> | RouteRequest;

/** Changes of other resources. */
const CHANGING = AUDITED.filter(([route]) => {
  const { access, others = access } = entryOf(route);
  return others.includes(':');
});

/** Requests in addition to those in `test/routes.ts`, by what the caller is about to do. */
const MORE: [string, Prepare][] = [
  ['grant a role', () => updateOf(target, { roles: ['admin'] })],
  ['grant itself a role', () => updateOf(caller.name, { roles: ['admin', 'auditor'] })],
  ['change a profile', () => updateOf(target, { displayName: 'Anne' })],
  [
    'revoke descendants of its own token',
    () => ({
      method: 'DELETE',
      path: `/tokens/${caller.tokenId}?descendants=true`,
      headers: caller.headers,
    }),
  ],
  [
    'revoke all tokens',
    () => ({
      method: 'POST',
      path: '/tokens/bulk',
      headers: caller.headers,
      body: { action: 'revoke', filter: {}, keepCurrent: true },
    }),
  ],
];

function updateOf(name: string, body: object): RouteRequest {
  return { method: 'PATCH', path: `/users/${name}`, headers: { ...caller.headers, ...any }, body };
}

/** Ends of the caller's authority that do not depend on permissions. A share of the requests gets each. */
const GONE = [
  ['disabled', disable, [401]],
  ['deleted', remove, [401, 404]],
] as const;
const SHARE = 4;

describe.each([
  ...CHANGING.map(([route]): [string, Prepare] => [
    `send ${route}`,
    () => fixtures.requestTo(route, { caller }),
  ]),
  ...MORE,
])('when the caller is about to %s', (_, prepare) => {
  it.each([['demoted', () => setRoles(), [403, 404]] as const, ...sampleInputs(GONE, SHARE)])(
    'it is rejected if the caller is %s between the guard and the transaction',
    async (_end, end, rejections) => {
      const request = await prepare();
      await beforeTransaction(server, 0, end);

      const status = await send(request);

      expect(rejections).toContain(status);
      expect(await successes()).toEqual([]);
    },
  );
});

describe('a token that is narrowed between the guard and the transaction', () => {
  it.each([
    ['its own user', () => caller.name],
    ['another user', () => target],
  ])('creates no wider token for %s', async (_, userName) => {
    const { body } = await server.client.createMyToken(caller.headers);
    await beforeTransaction(server, 0, () =>
      server.client.updateToken(
        body.id,
        { permissions: ['users:read', 'tokens:write'] },
        { ...asAdmin, ...any },
      ),
    );

    const created = await server.client.createUserToken(userName(), tokenHeader(body), {});

    expect([created.status, created.body.permissions]).toEqual([201, ['tokens:write', 'users:read']]);
  });
});

describe('a limited token that is deleted between the guard and the transaction', () => {
  it('does not lose its limits', async () => {
    const { body } = await server.client.createMyToken(caller.headers, { permissions: ['users:write'] });
    await beforeTransaction(server, 0, () =>
      server.database.execute(`DELETE FROM "tokens" WHERE "id" = '${body.id}'`),
    );

    const { status } = await server.client.updateUser(
      target,
      { roles: ['admin'] },
      { ...tokenHeader(body), ...any },
    );

    expect(status).toBe(401);
    expect((await server.client.user(target, asAdmin)).body.roles).toEqual([]);
  });
});

describe('a caller that gains a role between the guard and the transaction', () => {
  it('can rotate its own token', async () => {
    const other = await server.client.createMyToken(caller.headers);
    await setRoles('user');
    await beforeTransaction(server, 0, () => setRoles('user', 'auditor'));

    const { status } = await server.client.rotateToken(other.body.id, caller.headers);

    expect(status).toBe(200);
  });

  it('gains nothing through a limited token', async () => {
    const { body } = await server.client.createMyToken(caller.headers, { permissions: ['users:write'] });
    const writer = newRole({ permissions: ['users:write'] });
    expect((await server.client.createRole(writer, asAdmin)).status).toBe(201);
    await setRoles(writer.name);
    await beforeTransaction(server, 0, () => setRoles('admin'));

    const { status } = await server.client.updateUser(
      target,
      { roles: ['admin'] },
      { ...tokenHeader(body), ...any },
    );

    expect(status).toBe(403);
  });
});

describe('a bulk request', () => {
  /** More names than fit into one transaction, of which only the last one exists. */
  const ids = (last: string) => [...Array.from({ length: 200 }, (_, index) => `nobody-${index}`), last];

  it.each([
    ['demoted', () => setRoles()],
    ['disabled', disable],
    ['deleted', remove],
  ])('of users stops when its caller is %s between two transactions', async (_, end) => {
    await beforeTransaction(server, 1, end);

    await server.client.bulkUsers({ action: 'disable', ids: ids(target) }, caller.headers);

    expect((await server.client.user(target, asAdmin)).body.enabled).toBe(true);
    expect(await successes()).toEqual([]);
  });

  it.each([
    ['demoted', () => setRoles()],
    ['disabled', disable],
    ['deleted', remove],
  ])('of tokens stops when its caller is %s between two transactions', async (_, end) => {
    await beforeTransaction(server, 1, end);

    await server.client.bulkTokens({ action: 'revoke', ids: ids(targetTokenId) }, caller.headers);

    expect((await server.client.token(targetTokenId, asAdmin)).body.state).toBe('active');
    expect(await successes()).toEqual([]);
  });
});
