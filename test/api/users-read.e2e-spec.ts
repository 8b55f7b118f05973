import { beforeAll, describe, expect, it } from '@jest/globals';
import { newUser } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

beforeAll(async () => {
  await server.client.createUser(newUser({ name: 'ünal', displayName: 'Ünal' }), asAdmin);
});

describe('GET /users/{name}', () => {
  it('returns 200 with the user and the version as ETag', async () => {
    const { status, headers, body } = await server.client.user('ünal', asAdmin);

    expect([status, headers.get('etag')]).toEqual([200, '"0"']);
    expect(body).toEqual({
      id: body.id,
      name: 'ünal',
      displayName: 'Ünal',
      kind: 'human',
      roles: ['user'],
      enabled: true,
      creationTime: body.creationTime,
      tokenCount: 0,
      version: 0,
    });
  });

  it.each(['ÜNAL', 'u\u0308nal', 'ＵＮＡＬ'.replace('Ｕ', 'Ü')])('finds the user as %s', async (spelling) => {
    expect((await server.client.user(spelling, asAdmin)).body.name).toBe('ünal');
  });

  it('counts valid tokens', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    await server.client.loginHeaders(user.name, user.password ?? '');

    expect((await server.client.user(user.name, asAdmin)).body.tokenCount).toBe(1);
  });

  it('finds a name of 64 three-byte letters', async () => {
    const name = 'ก'.repeat(64);
    const { body } = await server.client.createUser(newUser({ name }), asAdmin);

    expect((await server.client.user(body.name, asAdmin)).status).toBe(200);
  });

  it.each(['nobody', 'me', 'bulk', 'a:b', '%', 'x'.repeat(80), "' OR 1=1 --"])(
    'returns 404 for %s',
    async (name) => {
      const { status, body } = await server.client.user(name, asAdmin);

      expect([status, body.code]).toEqual([404, 'not_found']);
    },
  );

  it('returns 400 for a name that no database can store', async () => {
    expect((await server.client.request('GET', '/users/a%00b', { headers: asAdmin })).status).toBe(400);
  });

  it('returns 400 for a parameter', async () => {
    const { status } = await server.client.request('GET', '/users/admin?expand=all', { headers: asAdmin });

    expect(status).toBe(400);
  });
});
