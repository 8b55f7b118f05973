import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { definePermissions, RESERVED_API_NAMES, type CreateApiDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { newApi, newRole, newUser } from '../support/factories.js';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { createRole, auditEventsOf } = useRoles(server, asAdmin);
const { createToken, signUp, signUpWithPermissions } = useTokens(server, asAdmin);

/** Creates an API, a role with its first permission, and a token of a holder that is limited to it. */
async function createUsedApi() {
  const api = newApi('read', 'write');
  await server.client.createApi(api, asAdmin);
  const [{ name: permission } = { name: '' }] = api.permissions;
  const role = await createRole({ permissions: ['users:read', permission] });
  const owner = await signUp({ roles: [role] });
  const token = await createToken(owner, { permissions: [permission, 'users:read'] });
  return { api, permission, role, owner, token };
}

describe('POST /apis', () => {
  it('returns 201 with the API, and records it', async () => {
    const api = { ...newApi('write', 'read'), description: 'Orders of customers.' };

    const { status, body, headers } = await server.client.createApi(api, asAdmin);

    expect(status).toBe(201);
    expect(body).toEqual({
      name: api.name,
      description: 'Orders of customers.',
      permissions: api.permissions.toReversed(),
      isBuiltIn: false,
      tokenCount: 0,
      creationTime: expect.any(String),
      version: 0,
    });
    expect(headers.get('location')).toBe(`/apis/${api.name}`);
    expect(headers.get('etag')).toBe('"0"');
    expect((await server.client.api(api.name, asAdmin)).body).toEqual(body);
    await expect(auditEventsOf(api.name)).resolves.toMatchObject([
      { action: 'api_created', subjectKind: 'api', after: { description: 'Orders of customers.' } },
    ]);
  });

  it('registers what definePermissions returns', async () => {
    const { name } = newApi();
    const { apis } = definePermissions({ [name]: { read: 'Read.', write: 'Write.' } });

    const answers = await Promise.all(apis.map((api) => server.client.createApi(api, asAdmin)));

    expect(answers).toMatchObject([{ status: 201, body: { name, permissions: apis[0]?.permissions } }]);
  });

  it('returns 409 for a name that is taken', async () => {
    const api = newApi();
    await server.client.createApi(api, asAdmin);

    const { status, body } = await server.client.createApi(api, asAdmin);

    expect([status, body.code]).toEqual([409, 'name_taken']);
  });

  it.each(['users', 'apis', ...RESERVED_API_NAMES.slice(0, 2)])(
    'returns 422 for the name %s',
    async (name) => {
      const { status, body } = await server.client.createApi({ name }, asAdmin);

      expect([status, body.errors?.[0]]).toMatchObject([422, { pointer: '/name', code: 'reserved_name' }]);
    },
  );

  it('returns 422 for permissions of another API, and of more characters than a header has', async () => {
    const api = newApi('read');
    const other = { name: 'users:read', description: 'See users.' };
    const long = Array.from({ length: 64 }, (_, index) => ({
      name: `${api.name}:${'a'.repeat(60)}${index}`,
      description: 'Long.',
    }));
    const errors = await Promise.all(
      [[other], long].map(async (permissions) => {
        const { status, body } = await server.client.createApi({ ...api, permissions }, asAdmin);
        return [status, body.errors?.[0]?.pointer];
      }),
    );

    expect(errors).toEqual([
      [422, '/permissions/0/name'],
      [422, '/permissions'],
    ]);
    expect((await server.client.api(api.name, asAdmin)).status).toBe(404);
  });
});

describe('GET /apis', () => {
  it('lists the parts of the server as built-in APIs, and finds APIs by permission', async () => {
    const api = newApi('list-everything');
    await server.client.createApi(api, asAdmin);

    const { body: builtIn } = await server.client.apis(asAdmin, '?isBuiltIn=true');
    const { body: others } = await server.client.apis(asAdmin, '?isBuiltIn=false&size=200');
    const { body: found } = await server.client.apis(asAdmin, `?q=${api.name}:LIST`);

    expect(builtIn.items.slice(0, 3).map(({ name, isBuiltIn }) => [name, isBuiltIn])).toEqual([
      ['apis', true],
      ['audit', true],
      ['events', true],
    ]);
    expect(others.items.filter(({ isBuiltIn }) => isBuiltIn)).toEqual([]);
    expect(others.items.map(({ name }) => name)).toContain(api.name);
    expect(found).toMatchObject({ items: [{ name: api.name }], total: 1 });
    const { body: registered } = await server.client.apis(
      asAdmin,
      `?createdFrom=${found.items[0]?.creationTime}&size=200`,
    );
    expect(registered.items.map(({ name, isBuiltIn }) => [name, isBuiltIn])).toContainEqual([
      api.name,
      false,
    ]);
    expect(registered.items.filter(({ isBuiltIn }) => isBuiltIn)).toEqual([]);
  });

  it.each([
    ['text/csv', /^name,description,permissions,isBuiltIn,tokenCount,creationTime,version\r\n/],
    ['text/csv', /^metrics,,"\[\{""name"":""metrics:read"",.*\}\]",true,0,,0\r$/m],
    ['application/x-ndjson', /^\{"name":"apis","permissions":\[\{"name":"apis:read","description":/m],
    ['application/xml', /<permissions><i><name>apis:read<\/name>/],
    ['application/yaml', /- name: "apis:read"/],
  ])('is available as %s', async (type, expected) => {
    const { status, text } = await server.client.apis({ ...asAdmin, Accept: type });

    expect(status).toBe(200);
    expect(text).toMatch(expected);
  });

  it('counts live tokens that are limited to permissions of an API', async () => {
    const { api, token } = await createUsedApi();
    const counts = async () => (await server.client.api(api.name, asAdmin)).body.tokenCount;

    expect(await counts()).toBe(1);
    await server.client.revokeToken(token.id, asAdmin);
    expect(await counts()).toBe(0);
  });
});

describe('GET /apis/{name}/usage', () => {
  it('lists roles and counts tokens by permission', async () => {
    const { api, permission, role } = await createUsedApi();

    const { body } = await server.client.apiUsage(api.name, asAdmin);

    expect(body.items).toEqual([
      { permission, roleCount: 1, roles: [role], tokenCount: 1, userCount: 1, apiTokenCount: 1 },
      {
        permission: `${api.name}:write`,
        roleCount: 0,
        roles: [],
        tokenCount: 0,
        userCount: 0,
        apiTokenCount: 0,
      },
    ]);
  });
});

describe('PATCH /apis/{name}', () => {
  const any: Headers = { 'If-Match': '*' };

  it('changes the API, and records the change', async () => {
    const api = newApi('read');
    await server.client.createApi(api, asAdmin);
    const permissions = [...api.permissions, { name: `${api.name}:write`, description: 'Write.' }];

    const { status, body } = await server.client.updateApi(api.name, { permissions, version: 0 }, asAdmin);

    expect([status, body.permissions, body.version]).toEqual([200, permissions, 1]);
    await expect(auditEventsOf(api.name)).resolves.toMatchObject([{}, { action: 'api_updated' }]);
  });

  it('returns 409 with the uses of a deleted permission, and changes nothing', async () => {
    const { api, permission, token } = await createUsedApi();

    const { status, body } = await server.client.updateApi(
      api.name,
      { permissions: [] },
      { ...asAdmin, ...any },
    );

    expect([status, body.code]).toEqual([409, 'permission_in_use']);
    expect(body.detail).toContain(`1 role and 1 token still use ${permission}. GET /apis/${api.name}/usage`);
    expect((await server.client.verify(token.headers, `?permission=${permission}`)).status).toBe(200);
    expect((await server.client.api(api.name, asAdmin)).body.version).toBe(0);
  });

  it('removes a deleted permission from roles and tokens with force, immediately', async () => {
    const { api, permission, role, owner, token } = await createUsedApi();
    const verify = (headers: Headers) => server.client.verify(headers, `?permission=${permission}`);
    expect([(await verify(owner.headers)).status, (await verify(token.headers)).status]).toEqual([200, 200]);

    const { status } = await server.client.updateApi(
      api.name,
      { permissions: [] },
      { ...asAdmin, ...any },
      '?force=true',
    );

    expect(status).toBe(200);
    expect([(await verify(owner.headers)).status, (await verify(token.headers)).status]).toEqual([403, 403]);
    expect((await server.client.role(role, asAdmin)).body.permissions).toEqual(['users:read']);
    expect((await server.client.token(token.id, asAdmin)).body.permissions).toEqual(['users:read']);
    await expect(auditEventsOf(api.name)).resolves.toMatchObject([
      {},
      { action: 'api_updated', after: { removedFromRoles: 1, removedFromTokens: 1 } },
    ]);
    await expect(auditEventsOf(role)).resolves.toMatchObject([
      {},
      { action: 'role_updated', after: { permissions: ['users:read'] } },
    ]);
    // A permission of the same name is another one.
    await server.client.updateApi(api.name, { permissions: api.permissions }, { ...asAdmin, ...any });
    expect((await verify(token.headers)).status).toBe(403);
  });

  it('returns 409 for a part of the server, and 412 for a stale version', async () => {
    const api = newApi();
    await server.client.createApi(api, asAdmin);
    const change = { description: 'New.' };

    const builtIn = await server.client.updateApi('users', change, { ...asAdmin, ...any });
    const stale = await server.client.updateApi(api.name, change, { ...asAdmin, 'If-Match': '"1"' });

    expect([builtIn.status, builtIn.body.code, stale.status]).toEqual([409, 'api_built_in', 412]);
  });
});

describe('DELETE /apis/{name}', () => {
  it('deletes an unused API', async () => {
    const api = newApi('read');
    await server.client.createApi(api, asAdmin);

    expect((await server.client.deleteApi(api.name, asAdmin)).status).toBe(204);
    expect((await server.client.api(api.name, asAdmin)).status).toBe(404);
  });

  it('returns 409 while a permission is in use, and removes it everywhere with force', async () => {
    const { api, role } = await createUsedApi();

    const rejected = await server.client.deleteApi(api.name, asAdmin);
    const forced = await server.client.deleteApi(api.name, asAdmin, '?force=true');

    expect([rejected.status, rejected.body.code, forced.status]).toEqual([409, 'permission_in_use', 204]);
    expect((await server.client.role(role, asAdmin)).body.permissions).toEqual(['users:read']);
  });
});

describe('a deleted permission whose name is used again', () => {
  /** Deletes an API with its permissions and creates it again. */
  async function recreate(api: CreateApiDto): Promise<void> {
    expect((await server.client.deleteApi(api.name, asAdmin, '?force=true')).status).toBe(204);
    expect((await server.client.createApi(api, asAdmin)).status).toBe(201);
  }

  const grant = (user: string, role: string) =>
    server.client.updateUser(user, { roles: [role] }, { ...asAdmin, 'If-Match': '*' });

  let api: CreateApiDto;
  let permission: string;
  let manager: TokenWithHeaders;
  let user: string;

  beforeEach(async () => {
    api = newApi('read');
    permission = `${api.name}:read`;
    await server.client.createApi(api, asAdmin);
    manager = await signUpWithPermissions('users:read', 'users:write', 'tokens:write', permission);
    const member = newUser({ password: undefined });
    await server.client.createUser(member, asAdmin);
    user = member.name;
  });

  it('is outside what an issued token can be widened to', async () => {
    const { body: token } = await server.client.createUserToken(user, manager.headers, { permissions: [] });
    await recreate(api);
    await grant(user, await createRole({ permissions: [permission] }));

    const { body } = await server.client.updateToken(
      token.id,
      { permissions: [permission] },
      { ...asAdmin, 'If-Match': '*' },
    );

    expect(body).toMatchObject({ permissions: [], warnings: [expect.any(String)] });
  });

  it('makes a set-up link useless whose issuer had another one', async () => {
    const { body } = await server.client.createSetUpLink(user, manager.headers);
    await recreate(api);
    await grant(user, await createRole({ permissions: [permission] }));

    const secret = body.link.split('#')[1] ?? '';
    const { status } = await server.client.setUp({ secret, password: 'another long enough password' });

    expect(status).toBe(401);
  });
});

describe('permissions of APIs', () => {
  let permission: string;

  beforeAll(async () => {
    const api = newApi('read');
    await server.client.createApi(api, asAdmin);
    permission = `${api.name}:read`;
  });

  it('are not held by administrators themselves', async () => {
    expect((await server.client.verify(asAdmin, `?permission=${permission}`)).status).toBe(403);
    expect((await server.client.me(asAdmin)).body.permissions).not.toContain(permission);
  });

  it.each([
    ['holds it', [], true],
    ['has apis:write', ['apis:write'], true],
    ['has neither', [], false],
  ])('can be granted by a caller who %s: %#', async (title, others, isAllowed) => {
    const held = ['roles:write', 'users:write', ...others, ...(title === 'holds it' ? [permission] : [])];
    const { headers } = await signUpWithPermissions(...held);

    const created = await server.client.createRole(newRole({ permissions: [permission] }), headers);

    expect(created.status).toBe(isAllowed ? 201 : 403);
  });

  it('are above callers who neither hold them nor have apis:write', async () => {
    const role = await createRole({ permissions: [permission] });
    const holder = newUser({ roles: [role] });
    await server.client.createUser(holder, asAdmin);
    const statuses: number[] = [];
    for (const others of [[], ['apis:write'], [permission]]) {
      const { headers } = await signUpWithPermissions('tokens:write', 'roles:write', ...others);
      statuses.push((await server.client.createUserToken(holder.name, headers)).status);
    }

    expect(statuses).toEqual([403, 201, 201]);
  });
});
