import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type BulkResultDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newApi, newRole, newUser, PASSWORD } from '../support/factories.js';
import { OPERATOR_ROUTES } from '../support/operator.js';
import { beforeTransaction } from '../support/paused-requests.js';
import { useAdmin, useServer, flushTokenUsage } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const any = { 'If-Match': '*' };

let caller: { name: string; headers: Headers; tokenId: string };
let target: string;
let targetTokenId: string;
let role: string;
let api: string;
let template: string;

beforeAll(async () => {
  role = newRole().name;
  api = newApi().name;
  template = newRole().name;
  expect((await server.client.createTokenTemplate({ name: template, expiresIn: 60 }, asAdmin)).status).toBe(
    201,
  );
  expect(
    (
      await server.client.createApi(
        { name: api, permissions: [{ name: `${api}:read`, description: 'Read.' }] },
        asAdmin,
      )
    ).status,
  ).toBe(201);
  expect((await server.client.createRole({ name: role }, asAdmin)).status).toBe(201);
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
  return { name, headers: tokenHeader(body), tokenId: body.id };
}

const setRoles = (...roles: string[]) =>
  server.client.updateUser(caller.name, { roles }, { ...asAdmin, ...any });
const disable = () => server.client.updateUser(caller.name, { enabled: false }, { ...asAdmin, ...any });
const remove = () => server.client.deleteUser(caller.name, asAdmin);

const successes = () =>
  server.database.query(
    `SELECT "action" FROM "audit_events" WHERE "actorName" = '${caller.name}' AND "outcome" = 'success'`,
  );

/** Returns the status of the only item of a bulk request, or of the request itself. */
const ofOne = ({ status, body }: { status: number; body: Partial<BulkResultDto> }) => ({
  status: body.results?.[0]?.status ?? status,
});

/** Stores a request of the target for a token and returns its id. */
async function requestToken(): Promise<string> {
  const id = randomUUID();
  await server.database.execute(
    `INSERT INTO offers (id, "userId", "creatorName", token, state, "creationTime", "expirationTime") ` +
      `SELECT '${id}', id, name, '{"expiresIn":60}', 'requested', 1, 9000000000000 FROM users WHERE name = '${target}'`,
  );
  return id;
}

/** Changes of other resources, by route, with one transaction each. */
const ACTS: [string, string, () => Promise<{ status: number }>][] = [
  ['POST /users', 'create a user', () => server.client.createUser({ name: newUser().name }, caller.headers)],
  [
    'PATCH /users/:name',
    'grant a role',
    () => server.client.updateUser(target, { roles: ['admin'] }, { ...caller.headers, ...any }),
  ],
  [
    'PATCH /users/:name',
    'grant itself a role',
    () => server.client.updateUser(caller.name, { roles: ['admin', role] }, { ...caller.headers, ...any }),
  ],
  [
    'PATCH /users/:name',
    'change a profile',
    () => server.client.updateUser(target, { displayName: 'Anne' }, { ...caller.headers, ...any }),
  ],
  ['DELETE /users/:name', 'delete a user', () => server.client.deleteUser(target, caller.headers)],
  [
    'POST /users/bulk',
    'change users in bulk',
    async () => ofOne(await server.client.bulkUsers({ action: 'disable', ids: [target] }, caller.headers)),
  ],
  [
    'POST /users/import',
    'import users',
    () =>
      server.client.request('POST', '/users/import', {
        body: { users: [{ name: newUser().name }] },
        headers: caller.headers,
      }),
  ],
  [
    'PUT /users/:name/password',
    'set a password',
    () => server.client.resetPassword('admin', { password: PASSWORD }, caller.headers),
  ],
  [
    'POST /users/:name/set-up-link',
    'issue a set-up link',
    () => server.client.createSetUpLink('admin', caller.headers),
  ],
  [
    'DELETE /users/:name/throttle',
    'lift a throttle',
    () => server.client.liftThrottle(target, caller.headers),
  ],
  [
    'POST /users/:name/tokens',
    'issue a token',
    () => server.client.createUserToken(target, caller.headers, {}),
  ],
  [
    'POST /users/:name/offers',
    'create an offer',
    () => server.client.createOffer(target, caller.headers, {}),
  ],
  [
    'DELETE /offers/:id',
    'revoke an offer',
    async () => {
      const id = randomUUID();
      await server.database.execute(
        `INSERT INTO "offers" ("id", "digest", "userId", "creatorName", "token", "state", "creationTime", "expirationTime")
          SELECT '${id}', '${id}', "id", '', '{}', 'offered', 1, 9000000000000 FROM "users" WHERE "name" = '${target}'`,
      );
      return server.client.revokeOffer(id, caller.headers);
    },
  ],
  [
    'DELETE /users/:name/tokens',
    'revoke tokens',
    () => server.client.revokeUserTokens(target, caller.headers),
  ],
  [
    'PATCH /tokens/:id',
    'change a token',
    () => server.client.updateToken(targetTokenId, { note: 'x' }, { ...caller.headers, ...any }),
  ],
  ['DELETE /tokens/:id', 'revoke a token', () => server.client.revokeToken(targetTokenId, caller.headers)],
  [
    'DELETE /tokens/:id',
    'revoke descendants of its own token',
    () => server.client.revokeToken(caller.tokenId, caller.headers, '?descendants=true'),
  ],
  [
    'DELETE /tokens/:id/superseded',
    'revoke a superseded secret',
    async () => {
      await server.database.execute(
        `UPDATE "tokens" SET "previousExpirationTime" = 9000000000000 WHERE "id" = '${targetTokenId}'`,
      );
      return server.client.revokeSupersededSecret(targetTokenId, caller.headers);
    },
  ],
  [
    'POST /tokens/:id/rotate',
    'rotate a token',
    () => server.client.rotateToken(targetTokenId, caller.headers),
  ],
  [
    'POST /tokens/bulk',
    'change tokens in bulk',
    async () =>
      ofOne(await server.client.bulkTokens({ action: 'disable', ids: [targetTokenId] }, caller.headers)),
  ],
  [
    'POST /tokens/bulk',
    'revoke all tokens',
    () => server.client.bulkTokens({ action: 'revoke', filter: {}, keepCurrent: true }, caller.headers),
  ],
  ['POST /roles', 'create a role', () => server.client.createRole(newRole(), caller.headers)],
  [
    'PATCH /roles/:name',
    'change a role',
    () => server.client.updateRole(role, { permissions: ['users:write'] }, { ...caller.headers, ...any }),
  ],
  ['DELETE /roles/:name', 'delete a role', () => server.client.deleteRole(role, caller.headers)],
  ['POST /apis', 'create an API', () => server.client.createApi(newApi(), caller.headers)],
  [
    'PATCH /apis/:name',
    'change an API',
    () => server.client.updateApi(api, { description: 'New.' }, { ...caller.headers, ...any }),
  ],
  [
    'POST /token-templates',
    'create a token template',
    () => server.client.createTokenTemplate({ name: newRole().name, expiresIn: 60 }, caller.headers),
  ],
  [
    'PATCH /token-templates/:name',
    'change a token template',
    () => server.client.updateTokenTemplate(template, { expiresIn: 90 }, { ...caller.headers, ...any }),
  ],
  [
    'DELETE /token-templates/:name',
    'delete a token template',
    () => server.client.deleteTokenTemplate(template, caller.headers),
  ],
  ...(['approve', 'reject'] as const).map((decision): (typeof ACTS)[number] => [
    `POST /offers/:id/${decision}`,
    `${decision} an offer`,
    async () => server.client.decideOffer(await requestToken(), decision, caller.headers),
  ]),
  ['DELETE /apis/:name', 'delete an API', () => server.client.deleteApi(api, caller.headers)],
];

it('every route that changes other resources has a race here', () => {
  const isOwn = (route: string) => /^\w+ \/(me|auth)(\/|$)/.test(route);
  const reads = /^(GET|HEAD|OPTIONS) |^POST \/explanations$/;
  const changing = server.routes.filter((route) => !reads.test(route) && !isOwn(route));

  const known = [...ACTS.map(([route]) => route), ...OPERATOR_ROUTES];
  expect([...new Set(known)].sort()).toEqual([...new Set(changing)].sort());
});

describe.each(ACTS)('%s, when the caller is about to %s', (_route, _, act) => {
  it.each([
    ['demoted', () => setRoles(), [403, 404]],
    ['disabled', disable, [401]],
    ['deleted', remove, [401, 404]],
  ] as const)(
    'is rejected if the caller is %s between the guard and the transaction',
    async (_end, end, rejections) => {
      await beforeTransaction(server, 0, end);

      const { status } = await act();

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
