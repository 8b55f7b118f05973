import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_PERMISSIONS, BUILT_IN_ROLES } from '@latchkey/auth-models';
import { useAdmin, useServer } from '../support/use-server.js';
import { useRoles } from '../support/use-roles.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { makeHolder, makeRole } = useRoles(server, asAdmin);

describe('GET /roles/{name}', () => {
  it('returns built-in roles with the names of their permissions', async () => {
    const all = Object.keys(BUILT_IN_PERMISSIONS).sort();

    const [admin, auditor, user] = await Promise.all(
      Object.keys(BUILT_IN_ROLES).map((name) => server.client.role(name, asAdmin)),
    );

    expect(admin?.body).toMatchObject({ isBuiltIn: true, permissions: all, userCount: 1, version: 0 });
    expect(auditor?.body.permissions).toEqual(all.filter((name) => name.endsWith(':read')));
    expect(user?.body.permissions).toEqual([]);
  });

  it('counts the holders, and leaves the count out of the ETag', async () => {
    const name = await makeRole();
    await makeHolder(name);
    await makeHolder(name);

    const { headers, body } = await server.client.role(name, asAdmin);

    expect([headers.get('etag'), body.userCount]).toEqual(['"0"', 2]);
  });

  it('hides a permission of a removed feature module', async () => {
    const name = await makeRole({ permissions: ['users:read'] });
    await server.database.execute(
      `UPDATE "roles" SET "permissions" = 'gone:read users:read' WHERE "name" = '${name}'`,
    );

    expect((await server.client.role(name, asAdmin)).body.permissions).toEqual(['users:read']);
  });

  it.each(['none', 'ADMIN', 'a%20b'])('returns 404 for %s', async (name) => {
    const { status, body } = await server.client.role(name, asAdmin);

    expect([status, body.code]).toEqual([404, 'not_found']);
  });
});
