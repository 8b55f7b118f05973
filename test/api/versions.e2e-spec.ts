import { describe, expect, it } from '@jest/globals';
import { type Answer, type Headers } from '../support/api-client.js';
import { newRole, newUser } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, useTokens } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { signUp, make } = useTokens(server, asAdmin);

/** Any answer of a route that changes a resource. */
type Changed = Answer<object>;

/** A resource that can be patched: its path, who asks, and the values that it has. */
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
  'PATCH /tokens/{id}': async () => {
    const present = { note: 'ci', expirationTime: fromNow(86_400_000) };
    const session = await signUp();
    const { id } = await make(session, present);
    return { path: `/tokens/${id}`, headers: session.headers, present: { ...present, enabled: true } };
  },
};

const entries = () => server.database.query('SELECT "id" FROM "audit_events"');

describe.each(Object.entries(patched))('%s that changes nothing', (_, prepare) => {
  it.each([
    ['an empty body', () => ({})],
    ['the present values', ({ present }: Patched) => present],
  ])('returns 200, and leaves the version and the audit trail alone, for %s', async (_body, bodyOf) => {
    const resource = await prepare();
    const { path, headers } = resource;
    const { body: before } = await server.client.request('GET', path, { headers });
    const recorded = await entries();

    const changed: Changed = await server.client.request('PATCH', path, {
      headers: { ...headers, 'If-Match': '"0"' },
      body: bodyOf(resource),
    });

    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"0"']);
    expect(changed.body).toEqual(before);
    expect(await entries()).toEqual(recorded);
  });

  it('still returns 412 when the version is another', async () => {
    const { path, headers } = await prepare();

    const { status } = await server.client.request('PATCH', path, {
      headers: { ...headers, 'If-Match': '"7"' },
      body: {},
    });

    expect(status).toBe(412);
  });
});
