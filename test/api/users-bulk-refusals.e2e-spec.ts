import { describe, expect, it } from '@jest/globals';
import { type UserBulkRequestDto } from '@latchkey/auth-models';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

const bulk = (body: object, headers = asAdmin) =>
  server.client.bulkUsers(body as UserBulkRequestDto, headers);

describe('POST /users/bulk with an invalid request', () => {
  it.each([
    ['/ids', { action: 'disable' }],
    ['/ids', { action: 'disable', ids: ['x'], filter: {} }],
    ['/ids', { action: 'disable', ids: [] }],
    ['/ids', { action: 'disable', ids: 'admin' }],
    ['/ids', { action: 'disable', ids: [['admin']] }],
    ['/ids', { action: 'disable', ids: Array.from({ length: 1001 }, (_, index) => `x-${index}`) }],
    ['/action', { ids: ['admin'] }],
    ['/action', { action: 'promote', ids: ['admin'] }],
    ['/action', { action: ['disable'], ids: ['admin'] }],
    ['/role', { action: 'addRole', ids: ['admin'] }],
    ['/role', { action: 'addRole', role: 'Admin', ids: ['admin'] }],
    ['/role', { action: 'addRole', role: 'nobody-has-made-this', ids: ['admin'] }],
    ['/role', { action: 'removeRole', role: 'nobody-has-made-this', ids: ['admin'] }],
    ['/role', { action: 'delete', role: 'user', ids: ['admin'] }],
    ['/filter', { action: 'disable', filter: [] }],
    ['/filter', { action: 'disable', filter: 'all' }],
    ['/filter', { action: 'disable', filter: null }],
    ['/filter/enabled', { action: 'disable', filter: { enabled: 'true' } }],
    ['/filter/inactiveDays', { action: 'disable', filter: { inactiveDays: '30' } }],
    ['/filter/role', { action: 'disable', filter: { role: ['admin'] } }],
    ['/filter/page', { action: 'disable', filter: { page: 1 } }],
    ['/filter/sort', { action: 'disable', filter: { sort: 'name' } }],
    ['/filter/nonsense', { action: 'disable', filter: { nonsense: true } }],
    ['/dryRun', { action: 'disable', ids: ['admin'], dryRun: 'true' }],
    ['/expectedCount', { action: 'disable', filter: {}, expectedCount: '3' }],
    ['/expectedCount', { action: 'disable', filter: {}, expectedCount: null }],
    ['/userId', { action: 'disable', ids: ['admin'], userId: 'x' }],
    ['/roles', { action: 'disable', ids: ['admin'], roles: ['admin'] }],
    ['/enabled', { action: 'addRole', role: 'user', ids: ['admin'], enabled: false }],
  ])('returns 422 at %s', async (pointer, body) => {
    const answer = await bulk(body);

    expect([answer.status, ...new Set(answer.body.errors?.map((error) => error.pointer))]).toEqual([
      422,
      pointer,
    ]);
    expect((await server.client.user('admin', asAdmin)).body).toMatchObject({
      enabled: true,
      roles: ['admin'],
      version: 0,
    });
  });

  it('returns 403 for revokeTokens without tokens:write', async () => {
    const names = ['bulk-a', 'bulk-b', 'bulk-c'];
    for (const name of names) {
      await server.client.createUser({ name, password: PASSWORD }, asAdmin);
    }
    const role = newRole({ permissions: ['users:read', 'users:write'] });
    await server.client.createRole(role, asAdmin);
    const writer = newUser({ roles: [role.name] });
    await server.client.createUser(writer, asAdmin);
    const asWriter = await server.client.loginHeaders(writer.name, PASSWORD);

    const { status, body } = await bulk({ action: 'revokeTokens', ids: names }, asWriter);

    expect([status, body.code, body.detail]).toEqual([403, 'forbidden', 'This needs tokens:write.']);
    expect((await bulk({ action: 'disable', ids: names }, asWriter)).body.results).toEqual(
      names.map((id) => ({ id, status: 200 })),
    );
  });
});
