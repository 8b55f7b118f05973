import { beforeAll, describe, expect, it } from '@jest/globals';
import { BUILT_IN_PERMISSIONS, BUILT_IN_ROLES } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { newRole } from '../support/factories.js';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { createHolder, createRole, auditEventsOf } = useRoles(server, asAdmin);

const ifMatch = (version: number) => ({ ...asAdmin, 'If-Match': `"${version}"` });

describe('POST /roles', () => {
  it('returns 201 with the role, Location and ETag', async () => {
    const dto = newRole({ description: 'Reads users.', permissions: ['users:write', 'users:read'] });

    const { status, headers, body } = await server.client.createRole(dto, asAdmin);

    expect([status, headers.get('location'), headers.get('etag')]).toEqual([
      201,
      `/roles/${dto.name}`,
      '"0"',
    ]);
    expect(body).toEqual({
      name: dto.name,
      description: 'Reads users.',
      permissions: ['users:read', 'users:write'],
      isBuiltIn: false,
      requiresSecondFactor: false,
      userCount: 0,
      creationTime: expect.stringMatching(/Z$/),
      version: 0,
    });
    expect((await server.client.role(dto.name, asAdmin)).body).toEqual(body);
  });

  it('creates a role without permissions from a name alone', async () => {
    const { body } = await server.client.createRole(newRole(), asAdmin);

    expect(body.permissions).toEqual([]);
    expect(body).not.toHaveProperty('description');
  });

  it.each(['admin', 'user'])('returns 409 for %s, which is built in', async (name) => {
    const { status, body } = await server.client.createRole({ name }, asAdmin);

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([409, 'name_taken', '/name']);
  });

  it('names an unknown permission', async () => {
    const { body } = await server.client.createRole(newRole({ permissions: ['reports:read'] }), asAdmin);

    expect(body.errors).toEqual([
      {
        pointer: '/permissions/0',
        code: 'unknown_permission',
        message: 'there is no permission reports:read; GET /apis lists all permissions',
      },
    ]);
  });
});

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
    const name = await createRole();
    await createHolder(name);
    await createHolder(name);

    const { headers, body } = await server.client.role(name, asAdmin);

    expect([headers.get('etag'), body.userCount]).toEqual(['"0"', 2]);
  });

  it('hides a permission of a removed feature module', async () => {
    const name = await createRole({ permissions: ['users:read'] });
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

describe('PATCH /roles/{name}', () => {
  it('changes members that are sent, and keeps the rest', async () => {
    const name = await createRole({ description: 'Old.', permissions: ['users:read'] });

    const { status, headers, body } = await server.client.updateRole(
      name,
      { description: 'New.' },
      ifMatch(0),
    );

    expect([status, headers.get('etag')]).toEqual([200, '"1"']);
    expect(body).toMatchObject({ description: 'New.', permissions: ['users:read'], version: 1 });
    const { body: read } = await server.client.role(name, asAdmin);
    expect(body).toEqual({ ...read, effectiveBy: expect.any(String) });
  });

  it('removes a description set to null, and accepts an empty list of permissions', async () => {
    const name = await createRole({ description: 'Old.', permissions: ['users:read'] });

    const { body } = await server.client.updateRole(
      name,
      { description: null, permissions: [], version: 0 },
      asAdmin,
    );

    expect(body).not.toHaveProperty('description');
    expect(body.permissions).toEqual([]);
  });

  it('writes an audit entry with the changed members, before and after', async () => {
    const name = await createRole({ description: 'Old.', permissions: ['users:read'] });

    await server.client.updateRole(name, { permissions: ['tokens:read', 'roles:read'] }, ifMatch(0));

    const entry = (await auditEventsOf(name)).at(-1);
    expect(entry).toMatchObject({ action: 'role_updated' });
    expect([entry?.before, entry?.after]).toEqual([
      { permissions: ['users:read'] },
      { permissions: ['roles:read', 'tokens:read'] },
    ]);
  });

  it("takes effect at the holder's next request, both ways", async () => {
    const name = await createRole({ permissions: ['users:read'] });
    const asHolder = await createHolder(name);
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

describe('DELETE /roles/{name}', () => {
  it('returns 204, and the role is gone', async () => {
    const name = await createRole();

    const { status, text } = await server.client.deleteRole(name, asAdmin);

    expect([status, text]).toEqual([204, '']);
    expect((await server.client.role(name, asAdmin)).status).toBe(404);
    expect((await server.client.deleteRole(name, asAdmin)).status).toBe(404);
  });

  it('makes the name available again', async () => {
    const name = await createRole();
    await server.client.deleteRole(name, asAdmin);

    expect((await server.client.createRole({ name }, asAdmin)).status).toBe(201);
  });

  it('returns 409 with the number of holders while the role is held', async () => {
    const name = await createRole();
    await createHolder(name);
    const { body: one } = await server.client.deleteRole(name, asAdmin);
    await createHolder(name);

    const { status, body } = await server.client.deleteRole(name, asAdmin);

    expect([status, body.code]).toEqual([409, 'role_in_use']);
    expect([one.detail, body.detail]).toEqual([
      `1 user holds the role ${name}. Remove it from them first.`,
      `2 users hold the role ${name}. Remove it from them first.`,
    ]);
    expect(await auditEventsOf(name)).toHaveLength(1);
  });

  it.each(Object.keys(BUILT_IN_ROLES))('returns 409 for %s, which is built in', async (name) => {
    const { status, body } = await server.client.deleteRole(name, asAdmin);

    expect([status, body.code]).toEqual([409, 'role_built_in']);
  });
});

describe('permissions for roles', () => {
  /** An actor with roles:read, roles:write and users:read. */
  let asDelegate: Headers;

  beforeAll(async () => {
    const role = await createRole({ permissions: ['roles:read', 'roles:write', 'users:read'] });
    asDelegate = await createHolder(role);
  });

  /** Replaces the permissions of a role as the delegate. */
  const change = async (role: string, permissions: string[]) =>
    server.client.updateRole(role, { permissions }, { ...asDelegate, 'If-Match': '*' });

  const permissionsOf = async (role: string) => (await server.client.role(role, asAdmin)).body.permissions;

  describe('POST /roles by an actor with roles:write', () => {
    it('returns 201 for permissions that the actor holds, and for none', async () => {
      const answers = await Promise.all([
        server.client.createRole(newRole({ permissions: ['users:read', 'roles:write'] }), asDelegate),
        server.client.createRole(newRole(), asDelegate),
      ]);

      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    });

    it('returns 403 for a permission that the actor does not hold, and names it', async () => {
      const dto = newRole({ permissions: ['users:read', 'users:write'] });

      const { status, body } = await server.client.createRole(dto, asDelegate);

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
      expect(body.detail).toBe('You cannot grant users:write, which you do not hold yourself.');
      expect((await server.client.role(dto.name, asAdmin)).status).toBe(404);
    });

    it('is limited to the permissions of the presented token', async () => {
      const { body } = await server.client.login('admin', 'correct horse: bättery staple');
      const headers = { Authorization: `Bearer ${body.token}` };
      await server.database.execute(`UPDATE "tokens" SET "scope" = 'roles:write' WHERE "id" = '${body.id}'`);

      const own = await server.client.createRole(newRole({ permissions: ['roles:write'] }), headers);
      const more = await server.client.createRole(newRole({ permissions: ['users:read'] }), headers);

      expect([own.status, more.status]).toEqual([201, 403]);
    });
  });

  describe('PATCH /roles/{name} by an actor with roles:write', () => {
    it('returns 200 for permissions that the actor holds, before and after', async () => {
      const role = await createRole({ permissions: ['users:read'] });

      expect((await change(role, ['roles:read'])).status).toBe(200);
      expect(await permissionsOf(role)).toEqual(['roles:read']);
    });

    it.each([
      ['adds a permission that the actor does not hold', ['users:read'], ['users:read', 'users:write']],
      ['keeps a permission that the actor does not hold', ['users:write'], ['users:read', 'users:write']],
      ['removes a permission that the actor does not hold', ['users:read', 'users:write'], ['users:read']],
    ])('returns 403 if the change %s', async (_, before, after) => {
      const role = await createRole({ permissions: before });

      const { status, body } = await change(role, after);

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
      expect(await permissionsOf(role)).toEqual(before);
      expect(await auditEventsOf(role)).toHaveLength(1);
    });

    it('returns 403 for the description of a role with a permission that the actor does not hold', async () => {
      const role = await createRole({ permissions: ['users:write'] });

      const { status } = await server.client.updateRole(
        role,
        { description: 'Harmless.', version: 0 },
        asDelegate,
      );

      expect(status).toBe(403);
    });

    it.each(['admin', 'auditor'])('returns 403 for %s', async (role) => {
      expect((await change(role, [])).status).toBe(403);
    });
  });

  describe('PATCH /roles/{name} of a role held by a more powerful user', () => {
    it.each([
      ['removes a permission from the user', ['users:read'], []],
      ['adds a permission to the user', [], ['users:read']],
    ])('returns 403 if the change %s, and names what the user holds', async (_, before, after) => {
      const role = await createRole({ permissions: before });
      const above = await createRole({ permissions: ['users:write'] });
      await createHolder(role, above);

      const { status, body } = await change(role, after);

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
      expect(body.detail).toContain('users:write');
      expect(await permissionsOf(role)).toEqual(before);
    });

    it("returns 200 if the holders' permissions stay the same, as for an administrator", async () => {
      const role = await createRole({ permissions: ['users:read'] });
      const above = await createRole({ permissions: ['users:read', 'users:write'] });
      await createHolder(role, above);
      await createHolder(role, 'admin');

      expect((await change(role, [])).status).toBe(200);
      expect((await change(role, ['users:read'])).status).toBe(200);
    });

    it('returns 403 if one of several holders loses a permission', async () => {
      const role = await createRole({ permissions: ['users:read'] });
      await createHolder(role);
      await createHolder(role, 'admin');
      await createHolder(role, 'user', await createRole({ permissions: ['tokens:write'] }));

      expect((await change(role, [])).status).toBe(403);
    });

    it('returns 200 if the holders have no more permissions than the actor', async () => {
      const role = await createRole({ permissions: ['users:read'] });
      await createHolder(role, 'user', await createRole({ permissions: ['roles:read'] }));
      // This user does not have the role.
      await createHolder('auditor');

      expect((await change(role, [])).status).toBe(200);
    });

    it.each([true, false])('returns 403 if requiresSecondFactor becomes %s', async (requiresSecondFactor) => {
      const role = await createRole({ permissions: [], requiresSecondFactor: !requiresSecondFactor });
      await createHolder(role, await createRole({ permissions: ['users:write'] }));

      const { status, body } = await server.client.updateRole(
        role,
        { requiresSecondFactor, version: 0 },
        asDelegate,
      );

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    });

    it('returns 200 for a change of the description', async () => {
      const role = await createRole({ permissions: ['users:read'] });
      await createHolder(role, await createRole({ permissions: ['users:write'] }));

      const { status } = await server.client.updateRole(
        role,
        { description: 'New.', version: 0 },
        asDelegate,
      );

      expect(status).toBe(200);
    });

    it('returns 200 to an actor with the same permissions', async () => {
      const role = await createRole({ permissions: ['users:read'] });
      await createHolder(role, await createRole({ permissions: ['users:write'] }));

      const { status } = await server.client.updateRole(role, { permissions: [], version: 0 }, asAdmin);

      expect(status).toBe(200);
    });
  });

  describe('DELETE /roles/{name} by an actor with roles:write', () => {
    it('returns 204 for permissions that the actor holds', async () => {
      const role = await createRole({ permissions: ['users:read'] });

      expect((await server.client.deleteRole(role, asDelegate)).status).toBe(204);
    });

    it('returns 403 for a permission that the actor does not hold', async () => {
      const role = await createRole({ permissions: ['users:write'] });

      const { status, body } = await server.client.deleteRole(role, asDelegate);

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
      expect((await server.client.role(role, asAdmin)).status).toBe(200);
    });
  });
});
