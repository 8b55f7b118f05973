import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { sendDelayedBody } from '../support/paused-requests.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

/** The slow client, an administrator at first. */
let caller: { name: string; headers: Headers; tokenId: string };
/** The user it acts on. */
let target: string;
let targetTokenId: string;

beforeAll(async () => {
  target = (await server.client.createUser(newUser(), asAdmin)).body.name;
  targetTokenId = (await server.client.createUserToken(target, asAdmin, {})).body.id;
  expect((await server.client.createRole({ name: 'label' }, asAdmin)).status).toBe(201);
});

beforeEach(async () => {
  const service = newUser({ kind: 'service', password: undefined, roles: ['admin'] });
  expect((await server.client.createUser(service, asAdmin)).status).toBe(201);
  const { body } = await server.client.createUserToken(service.name, asAdmin, {});
  caller = { name: service.name, headers: tokenHeader(body), tokenId: body.id };
});

const any = { 'If-Match': '*' };

/** Writes with a body that only an administrator can send. */
const WRITES: [string, () => string, object][] = [
  ['POST', () => '/users', newUser({ roles: ['admin'] })],
  ['PATCH', () => `/users/${target}`, { roles: ['admin'] }],
  ['PATCH', () => `/users/${caller.name}`, { roles: ['admin'], enabled: true }],
  ['PUT', () => `/users/${target}/password`, { password: PASSWORD }],
  ['POST', () => `/users/${target}/tokens`, {}],
  ['POST', () => '/users/bulk', { action: 'disable', ids: ['admin'] }],
  ['POST', () => '/roles', { name: 'planted', permissions: ['users:write'] }],
  ['PATCH', () => '/roles/label', { permissions: ['users:write'] }],
];

/** Writes with a body that users can send about themselves, and administrators about others. */
const OWN_WRITES: [string, () => string, object][] = [
  ['PATCH', () => `/tokens/${targetTokenId}`, { note: 'mine' }],
  ['POST', () => `/tokens/${targetTokenId}/rotate`, { version: 0 }],
  ['POST', () => '/tokens/bulk', { action: 'revoke', filter: { user: 'admin' }, keepCurrent: true }],
  ['PATCH', () => '/me', { displayName: 'Mallory' }],
  ['PUT', () => '/me/password', { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` }],
  ['POST', () => '/me/tokens', {}],
];

/** Actions against the caller in the meantime, with the expected status and code. */
const ENDS: [string, () => Promise<{ status: number }>, number, string][] = [
  [
    'disabled',
    () => server.client.updateUser(caller.name, { enabled: false }, { ...asAdmin, ...any }),
    401,
    'user_disabled',
  ],
  ['deleted', () => server.client.deleteUser(caller.name, asAdmin), 401, 'unauthenticated'],
  ['signed out', () => server.client.revokeToken(caller.tokenId, asAdmin), 401, 'token_revoked'],
  ['signed out everywhere', () => server.client.revokeUserTokens(caller.name, asAdmin), 401, 'token_revoked'],
  ['rotated', () => server.client.rotateToken(caller.tokenId, asAdmin), 401, 'unauthenticated'],
];

const DEMOTED: typeof ENDS = [
  [
    'demoted',
    () => server.client.updateUser(caller.name, { roles: ['user'] }, { ...asAdmin, ...any }),
    403,
    'forbidden',
  ],
];

const HIDDEN: typeof ENDS = DEMOTED.map(([end, doEnd]) => [end, doEnd, 404, 'not_found']);

const cases = [
  ...WRITES.flatMap((write) => [...ENDS, ...DEMOTED].map((end) => [...write, ...end] as const)),
  ...OWN_WRITES.slice(0, 2).flatMap((write) => HIDDEN.map((end) => [...write, ...end] as const)),
  ...OWN_WRITES.flatMap((write) => ENDS.map((end) => [...write, ...end] as const)),
].map(([method, path, body, end, doEnd, status, code]) => ({
  route: `${method} ${path.toString().replace(/[^/]*(.*)./, '$1')}`,
  end,
  ...{ method, path, body, doEnd, status, code },
}));

describe('a request whose body arrives late', () => {
  it.each(cases)('returns $status for $route when its caller is $end in the meantime', async (one) => {
    const request = {
      method: one.method,
      path: one.path(),
      headers: { ...caller.headers, ...any },
      body: one.body,
    };

    const answer = await sendDelayedBody(server, request, async () => {
      expect((await one.doEnd()).status).toBeLessThan(300);
    });

    expect(answer).toEqual({ status: one.status, code: one.code });
    // Every change writes an audit entry.
    const done = `SELECT "action" FROM "audit_events" WHERE "actorName" = '${caller.name}' AND "outcome" = 'success'`;
    expect(await server.database.query(done)).toEqual([]);
  });

  it('returns 201 when nothing happens in the meantime', async () => {
    const { name } = newUser();
    const request = { method: 'POST', path: '/users', headers: caller.headers, body: { name } };

    const { status } = await sendDelayedBody(server, request, () => Promise.resolve());

    expect(status).toBe(201);
  });

  it('returns 403 when its secret is superseded in the meantime', async () => {
    const request = { method: 'POST', path: '/me/tokens', headers: caller.headers, body: {} };

    const answer = await sendDelayedBody(server, request, async () => {
      await server.client.rotateToken(caller.tokenId, asAdmin, { gracePeriodSeconds: 60 });
    });

    expect(answer).toEqual({ status: 403, code: 'token_superseded' });
  });
});
