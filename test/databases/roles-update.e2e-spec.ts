import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_ROLES } from '@latchkey/auth-models';
import { useAdmin, useServer } from '../support/use-server.js';
import { useRoles } from '../support/use-roles.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { makeHolder, makeRole, trailOf } = useRoles(server, asAdmin);

const ifMatch = (version: number) => ({ ...asAdmin, 'If-Match': `"${version}"` });

describe('PATCH /roles/{name}', () => {
  it('changes members that are sent, and keeps the rest', async () => {
    const name = await makeRole({ description: 'Old.', permissions: ['users:read'] });

    const { status, headers, body } = await server.client.updateRole(
      name,
      { description: 'New.' },
      ifMatch(0),
    );

    expect([status, headers.get('etag')]).toEqual([200, '"1"']);
    expect(body).toMatchObject({ description: 'New.', permissions: ['users:read'], version: 1 });
    expect((await server.client.role(name, asAdmin)).body).toEqual(body);
  });

  it('removes a description set to null, and accepts an empty list of permissions', async () => {
    const name = await makeRole({ description: 'Old.', permissions: ['users:read'] });

    const { body } = await server.client.updateRole(
      name,
      { description: null, permissions: [], version: 0 },
      asAdmin,
    );

    expect(body).not.toHaveProperty('description');
    expect(body.permissions).toEqual([]);
  });

  it('writes an audit entry with the changed members, before and after', async () => {
    const name = await makeRole({ description: 'Old.', permissions: ['users:read'] });

    await server.client.updateRole(name, { permissions: ['tokens:read', 'roles:read'] }, ifMatch(0));

    const entry = (await trailOf(name)).at(-1);
    expect(entry).toMatchObject({ action: 'role_updated' });
    expect([entry?.before, entry?.after]).toEqual([
      { permissions: ['users:read'] },
      { permissions: ['roles:read', 'tokens:read'] },
    ]);
  });

  it("takes effect at the holder's next request, both ways", async () => {
    const name = await makeRole({ permissions: ['users:read'] });
    const asHolder = await makeHolder(name);
    const mayRead = async () => [
      (await server.client.users(asHolder)).status,
      (await server.client.me(asHolder)).body.permissions,
    ];
    const before = await mayRead();

    await server.client.updateRole(name, { permissions: [], version: 0 }, asAdmin);
    const shrunk = await mayRead();
    await server.client.updateRole(name, { permissions: ['users:read'], version: 1 }, asAdmin);

    expect([before, shrunk, await mayRead()]).toEqual([
      [200, ['users:read']],
      [403, []],
      [200, ['users:read']],
    ]);
  });

  it('returns 428 without a version', async () => {
    const name = await makeRole();

    const { status, body } = await server.client.updateRole(name, { description: 'New.' }, asAdmin);

    expect([status, body.code]).toEqual([428, 'precondition_required']);
  });

  it.each([
    ['412 for a stale If-Match', { 'If-Match': '"7"' }, {}, 412, 'precondition_failed'],
    ['409 for a stale version in the body', {}, { version: 7 }, 409, 'conflict'],
    [
      '412 for a stale If-Match beside a good version',
      { 'If-Match': '"7"' },
      { version: 0 },
      412,
      'precondition_failed',
    ],
    ['400 for an If-Match without quotes', { 'If-Match': '0' }, {}, 400, 'malformed_request'],
  ])('returns %s, and changes nothing', async (_, headers, version, status, code) => {
    const name = await makeRole();

    const answer = await server.client.updateRole(
      name,
      { description: 'New.', ...version },
      { ...asAdmin, ...headers },
    );

    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await server.client.role(name, asAdmin)).body).toMatchObject({ version: 0 });
    expect(await trailOf(name)).toHaveLength(1);
  });

  it('accepts any version for If-Match: *', async () => {
    const name = await makeRole();
    const headers = { ...asAdmin, 'If-Match': '*' };

    expect((await server.client.updateRole(name, { description: 'New.' }, headers)).status).toBe(200);
  });

  it('succeeds for one of 50 parallel edits of the same version', async () => {
    const name = await makeRole();

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        server.client.updateRole(name, { description: `Edit ${index}.` }, ifMatch(0)),
      ),
    );

    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(49);
    expect((await server.client.role(name, asAdmin)).body).toEqual(winners[0]?.body);
    expect(await trailOf(name)).toHaveLength(2);
  });

  it.each([
    ['another name', { name: 'other' }, '/name'],
    ['permissions that are null', { permissions: null }, '/permissions'],
    ['an unknown permission', { permissions: ['reports:read'] }, '/permissions/0'],
    ['an empty description', { description: '' }, '/description'],
    ['isBuiltIn', { isBuiltIn: true }, '/isBuiltIn'],
    ['an invalid version', { version: -1 }, '/version'],
  ])('returns 422 for %s, and changes nothing', async (_, change, pointer) => {
    const name = await makeRole();

    const { status, body } = await server.client.updateRole(name, change as object, ifMatch(0));

    expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    expect((await server.client.role(name, asAdmin)).body.version).toBe(0);
  });

  it.each(Object.keys(BUILT_IN_ROLES))('returns 409 for %s, which is built in', async (name) => {
    const { status, body } = await server.client.updateRole(name, { permissions: [] }, ifMatch(0));

    expect([status, body.code]).toEqual([409, 'role_built_in']);
    expect((await server.client.role(name, asAdmin)).body.version).toBe(0);
  });

  it('returns 404 for an unknown role, with or without a version', async () => {
    expect((await server.client.updateRole('none', {}, asAdmin)).status).toBe(404);
    expect((await server.client.updateRole('none', {}, ifMatch(0))).status).toBe(404);
  });
});
