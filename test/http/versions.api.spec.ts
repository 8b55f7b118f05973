import { describe, expect, it } from '@jest/globals';
import { FEATURES } from '../../apps/api/src/features.js';
import { basic, type ApiResponse, type Headers } from '../support/api-client.js';
import { ADMIN, newApi, newRole, newUser, PASSWORD } from '../support/factories.js';
import { FEATURE_ROUTES } from '../support/feature-routes.js';
import { OPERATOR_ROUTES } from '../support/operator.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, useTokens } from '../support/use-tokens.js';

const server = useServer({ features: FEATURES });
const asAdmin = useAdmin(server);
const { signUp, createToken } = useTokens(server, asAdmin);

/** A response of a route that changes a resource. */
type Changed = ApiResponse<object>;

/** A resource with its path, credentials and current values. */
interface Patched {
  path: string;
  headers: Headers;
  present: object;
}

const patched: Record<string, () => Promise<Patched>> = {
  'PATCH /users/{name}': async () => {
    const present = { displayName: 'Anne', email: 'anne@example.org', roles: ['user'], enabled: true };
    const user = newUser(present);
    await server.client.createUser(user, asAdmin);
    return { path: `/users/${user.name}`, headers: asAdmin, present };
  },
  'PATCH /me': async () => {
    const present = { displayName: 'Anne', email: null };
    const { headers } = await signUp({ displayName: 'Anne' });
    return { path: '/me', headers, present };
  },
  'PATCH /roles/{name}': async () => {
    const present = { description: 'Reads.', permissions: ['users:read', 'roles:read'] };
    const role = newRole(present);
    await server.client.createRole(role, asAdmin);
    return { path: `/roles/${role.name}`, headers: asAdmin, present };
  },
  'PATCH /apis/{name}': async () => {
    const { name, ...present } = { ...newApi('read', 'write'), description: 'Orders.' };
    await server.client.createApi({ name, ...present }, asAdmin);
    return { path: `/apis/${name}`, headers: asAdmin, present };
  },
  'PATCH /token-templates/{name}': async () => {
    const present = { description: 'Backups.', permissions: ['users:read'], expiresIn: 3_600, note: null };
    const { name } = newRole();
    await server.client.createTokenTemplate({ name, ...present, note: undefined }, asAdmin);
    return { path: `/token-templates/${name}`, headers: asAdmin, present };
  },
  'PATCH /tokens/{id}': async () => {
    const present = { note: 'ci', expirationTime: fromNow(86_400_000) };
    const session = await signUp();
    const { id } = await createToken(session, present);
    return { path: `/tokens/${id}`, headers: session.headers, present: { ...present, enabled: true } };
  },
};

const entries = () => server.database.query('SELECT "id" FROM "audit_events"');

describe.each(Object.entries(patched))('%s without a change', (_, prepare) => {
  it.each([
    ['an empty body', () => ({})],
    ['the present values', ({ present }: Patched) => present],
  ])('returns 200 and keeps version and audit trail for %s', async (_body, bodyOf) => {
    const resource = await prepare();
    const { path, headers } = resource;
    const { body: before } = await server.client.request('GET', path, { headers });
    const recorded = await entries();

    const changed: Changed = await server.client.request('PATCH', path, {
      headers: { ...headers, 'If-Match': '"0"' },
      body: bodyOf(resource),
    });

    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"0"']);
    const { effectiveBy: _, ...present } = changed.body as { effectiveBy?: string };
    expect(present).toEqual(before);
    expect(await entries()).toEqual(recorded);
  });

  it('returns 428 without a version', async () => {
    const { path, headers } = await prepare();

    const { status, body } = await server.client.request<{ code: string }>('PATCH', path, {
      headers,
      body: {},
    });

    expect([status, body.code]).toEqual([428, 'precondition_required']);
  });

  it('returns 412 for another version', async () => {
    const { path, headers } = await prepare();

    const { status } = await server.client.request('PATCH', path, {
      headers: { ...headers, 'If-Match': '"7"' },
      body: {},
    });

    expect(status).toBe(412);
  });
});

async function createTokenTemplate(): Promise<string> {
  const { name } = newRole();
  await server.client.createTokenTemplate({ name, expiresIn: 60 }, asAdmin);
  return name;
}

/** A change of one resource, sent with a condition. */
type Change = (condition: Headers) => Promise<ApiResponse<unknown>>;

/** A request to each route that changes one resource, on a new resource at version 0. */
const changes: Record<string, () => Promise<Change>> = {
  'POST /auth/bump': async () => {
    const { headers } = await signUp();
    return (condition) => server.client.bump({ ...headers, ...condition });
  },
  'POST /auth/logout': async () => {
    const { headers } = await signUp();
    return (condition) => server.client.logout({ ...headers, ...condition });
  },
  'PATCH /me': async () => {
    const { headers } = await signUp();
    return (condition) => server.client.updateMe({ displayName: 'Anne' }, { ...headers, ...condition });
  },
  'PUT /me/password': async () => {
    const { headers } = await signUp();
    const change = { currentPassword: PASSWORD, newPassword: `${PASSWORD} 2` };
    return (condition) => server.client.changePassword(change, { ...headers, ...condition });
  },
  'POST /me/tokens': async () => {
    const { headers } = await signUp();
    return (condition) => server.client.createMyToken({ ...headers, ...condition }, {});
  },
  'DELETE /me/tokens': async () => {
    const { headers } = await signUp();
    return (condition) => server.client.revokeMyOtherTokens({ ...headers, ...condition });
  },
  'PATCH /users/:name': async () => {
    const { user } = await signUp();
    return (condition) => server.client.updateUser(user, { enabled: false }, { ...asAdmin, ...condition });
  },
  'DELETE /users/:name': async () => {
    const { user } = await signUp();
    return (condition) => server.client.deleteUser(user, { ...asAdmin, ...condition });
  },
  'PUT /users/:name/password': async () => {
    const { user } = await signUp();
    return (condition) =>
      server.client.resetPassword(user, { password: PASSWORD }, { ...asAdmin, ...condition });
  },
  'POST /users/:name/set-up-link': async () => {
    const { user } = await signUp();
    return (condition) => server.client.createSetUpLink(user, { ...asAdmin, ...condition });
  },
  'DELETE /users/:name/throttle': async () => {
    const { user } = await signUp();
    return (condition) => server.client.liftThrottle(user, { ...asAdmin, ...condition });
  },
  'POST /users/:name/tokens': async () => {
    const { user } = await signUp();
    return (condition) => server.client.createUserToken(user, { ...asAdmin, ...condition }, {});
  },
  'POST /users/:name/offers': async () => {
    const { user } = await signUp();
    return (condition) => server.client.createOffer(user, { ...asAdmin, ...condition }, {});
  },
  'DELETE /users/:name/tokens': async () => {
    const { user } = await signUp();
    return (condition) => server.client.revokeUserTokens(user, { ...asAdmin, ...condition });
  },
  'PATCH /tokens/:id': async () => {
    const { id } = await signUp();
    return (condition) => server.client.updateToken(id, { enabled: false }, { ...asAdmin, ...condition });
  },
  'DELETE /tokens/:id': async () => {
    const { id } = await signUp();
    return (condition) => server.client.revokeToken(id, { ...asAdmin, ...condition });
  },
  'DELETE /tokens/:id/superseded': async () => {
    const { id } = await signUp();
    await server.database.execute(
      `UPDATE "tokens" SET "previousExpirationTime" = 9000000000000 WHERE "id" = '${id}'`,
    );
    return (condition) => server.client.revokeSupersededSecret(id, { ...asAdmin, ...condition });
  },
  'POST /tokens/:id/rotate': async () => {
    const { id } = await signUp();
    return (condition) => server.client.rotateToken(id, { ...asAdmin, ...condition });
  },
  'PATCH /roles/:name': async () => {
    const { name } = newRole();
    await server.client.createRole({ name }, asAdmin);
    return (condition) => server.client.updateRole(name, { description: 'x' }, { ...asAdmin, ...condition });
  },
  'DELETE /roles/:name': async () => {
    const { name } = newRole();
    await server.client.createRole({ name }, asAdmin);
    return (condition) => server.client.deleteRole(name, { ...asAdmin, ...condition });
  },
  'PATCH /apis/:name': async () => {
    const { name } = newApi();
    await server.client.createApi({ name }, asAdmin);
    return (condition) => server.client.updateApi(name, { description: 'x' }, { ...asAdmin, ...condition });
  },
  'PATCH /token-templates/:name': async () => {
    const name = await createTokenTemplate();
    return (condition) =>
      server.client.updateTokenTemplate(name, { description: 'x' }, { ...asAdmin, ...condition });
  },
  'DELETE /token-templates/:name': async () => {
    const name = await createTokenTemplate();
    return (condition) => server.client.deleteTokenTemplate(name, { ...asAdmin, ...condition });
  },
  'DELETE /apis/:name': async () => {
    const { name } = newApi();
    await server.client.createApi({ name }, asAdmin);
    return (condition) => server.client.deleteApi(name, { ...asAdmin, ...condition });
  },
};

/**
 * Routes that create a resource, change many, or name none. No ETag matches, so any returns 412, and `*` is
 * accepted.
 */
const WITHOUT_VERSION = [
  'DELETE /me/offers/:id',
  'DELETE /offers/:id',
  'POST /apis',
  'POST /auth/claims',
  'POST /auth/claims/details',
  'POST /auth/introspect',
  'POST /auth/login',
  'POST /auth/report-leak',
  'POST /auth/revocations/reports',
  'POST /auth/set-up',
  'POST /explanations',
  'POST /me/offers',
  'POST /me/offers/:id/claim',
  'POST /roles',
  'POST /offers/:id/approve',
  'POST /offers/:id/reject',
  'POST /token-templates',
  'POST /tokens/bulk',
  'POST /users',
  'POST /users/bulk',
  'POST /users/import',
  ...Object.keys(FEATURE_ROUTES).filter((route) => !route.startsWith('GET ')),
];

describe('If-Match', () => {
  it('is sent to every writing route by this test', () => {
    const changing = server.routes.filter((route) => !/^(GET|HEAD|OPTIONS) /.test(route));

    const known = [...Object.keys(changes), ...WITHOUT_VERSION, ...OPERATOR_ROUTES];
    expect(known.sort()).toEqual([...new Set(changing)].sort());
  });

  describe.each(Object.entries(changes))('on %s', (_, prepare) => {
    it('returns 412 without a change for another version, and succeeds for the current one', async () => {
      const change = await prepare();
      const recorded = await entries();

      const stale = await change({ 'If-Match': '"7"' });
      const unchanged = await entries();
      const current = await change({ 'If-Match': 'W/"0", "0"' });

      expect([stale.status, stale.body]).toMatchObject([412, { code: 'precondition_failed' }]);
      expect(unchanged).toEqual(recorded);
      expect([200, 201, 204]).toContain(current.status);
    });

    it('succeeds for *', async () => {
      const change = await prepare();

      expect([200, 201, 204]).toContain((await change({ 'If-Match': '*' })).status);
    });
  });

  it.each(WITHOUT_VERSION)('returns 412 with any ETag on %s', async (route) => {
    const [method = '', path = ''] = route.split(' ');

    const credentials =
      path === '/auth/login' ? { Authorization: basic(ADMIN.name, ADMIN.password) } : asAdmin;

    const { status } = await server.client.request(method, path, {
      headers: { ...credentials, 'If-Match': '"0"' },
    });

    expect(status).toBe(412);
  });

  it('returns 412 for the throttle of an unknown name', async () => {
    const lift = (condition: Headers) => server.client.liftThrottle('nobody', { ...asAdmin, ...condition });

    const answers = [await lift({ 'If-Match': '"0"' }), await lift({ 'If-Match': '*' }), await lift({})];

    expect(answers.map(({ status }) => status)).toEqual([412, 412, 204]);
  });

  it.each(Object.keys(patched))('must match together with the version on %s', async (route) => {
    const { path, headers } = (await patched[route]?.()) as Patched;
    const send = (ifMatch: string, version: number) =>
      server.client.request<{ code: string }>('PATCH', path, {
        headers: { ...headers, 'If-Match': ifMatch },
        body: { version },
      });

    const answers = [await send('"0"', 7), await send('*', 7), await send('"7"', 0), await send('"0"', 0)];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'conflict'],
      [409, 'conflict'],
      [412, 'precondition_failed'],
      [200, undefined],
    ]);
  });
});
