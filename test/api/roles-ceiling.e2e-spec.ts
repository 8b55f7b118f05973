import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { newRole } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useRoles } from '../support/use-roles.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { makeHolder, makeRole, trailOf } = useRoles(server, asAdmin);

/** An actor with roles:read, roles:write and users:read. */
let asDelegate: Headers;

beforeAll(async () => {
  const role = await makeRole({ permissions: ['roles:read', 'roles:write', 'users:read'] });
  asDelegate = await makeHolder(role);
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
    expect(body.detail).toBe('You cannot grant users:write: you do not hold it yourself.');
    expect((await server.client.role(dto.name, asAdmin)).status).toBe(404);
  });

  it('is limited to the permissions of the presented token', async () => {
    const { body } = await server.client.login('admin', 'correct horse: bättery staple');
    const headers = { Authorization: `Bearer ${body.token}` };
    await server.database.execute(
      `UPDATE "tokens" SET "permissions" = 'roles:write' WHERE "id" = '${body.id}'`,
    );

    const own = await server.client.createRole(newRole({ permissions: ['roles:write'] }), headers);
    const more = await server.client.createRole(newRole({ permissions: ['users:read'] }), headers);

    expect([own.status, more.status]).toEqual([201, 403]);
  });
});

describe('PATCH /roles/{name} by an actor with roles:write', () => {
  it('returns 200 for permissions that the actor holds, before and after', async () => {
    const role = await makeRole({ permissions: ['users:read'] });

    expect((await change(role, ['roles:read'])).status).toBe(200);
    expect(await permissionsOf(role)).toEqual(['roles:read']);
  });

  it.each([
    ['adds a permission that the actor does not hold', ['users:read'], ['users:read', 'users:write']],
    ['keeps a permission that the actor does not hold', ['users:write'], ['users:read', 'users:write']],
    ['removes a permission that the actor does not hold', ['users:read', 'users:write'], ['users:read']],
  ])('returns 403 if the change %s', async (_, before, after) => {
    const role = await makeRole({ permissions: before });

    const { status, body } = await change(role, after);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    expect(await permissionsOf(role)).toEqual(before);
    expect(await trailOf(role)).toHaveLength(1);
  });

  it('returns 403 for the description of a role with a permission that the actor does not hold', async () => {
    const role = await makeRole({ permissions: ['users:write'] });

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
    const role = await makeRole({ permissions: before });
    const above = await makeRole({ permissions: ['users:write'] });
    await makeHolder(role, above);

    const { status, body } = await change(role, after);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    expect(body.detail).toContain('users:write');
    expect(await permissionsOf(role)).toEqual(before);
  });

  it("returns 200 if the holders' permissions stay the same, as for an administrator", async () => {
    const role = await makeRole({ permissions: ['users:read'] });
    const above = await makeRole({ permissions: ['users:read', 'users:write'] });
    await makeHolder(role, above);
    await makeHolder(role, 'admin');

    expect((await change(role, [])).status).toBe(200);
    expect((await change(role, ['users:read'])).status).toBe(200);
  });

  it('returns 403 if one of several holders loses a permission', async () => {
    const role = await makeRole({ permissions: ['users:read'] });
    await makeHolder(role);
    await makeHolder(role, 'admin');
    await makeHolder(role, 'user', await makeRole({ permissions: ['tokens:write'] }));

    expect((await change(role, [])).status).toBe(403);
  });

  it('returns 200 if the holders have no more permissions than the actor', async () => {
    const role = await makeRole({ permissions: ['users:read'] });
    await makeHolder(role, 'user', await makeRole({ permissions: ['roles:read'] }));
    // Not a holder of this role.
    await makeHolder('auditor');

    expect((await change(role, [])).status).toBe(200);
  });

  it('returns 200 for a change of the description', async () => {
    const role = await makeRole({ permissions: ['users:read'] });
    await makeHolder(role, await makeRole({ permissions: ['users:write'] }));

    const { status } = await server.client.updateRole(role, { description: 'New.', version: 0 }, asDelegate);

    expect(status).toBe(200);
  });

  it('returns 200 to an actor with the same permissions', async () => {
    const role = await makeRole({ permissions: ['users:read'] });
    await makeHolder(role, await makeRole({ permissions: ['users:write'] }));

    const { status } = await server.client.updateRole(role, { permissions: [], version: 0 }, asAdmin);

    expect(status).toBe(200);
  });
});

describe('DELETE /roles/{name} by an actor with roles:write', () => {
  it('returns 204 for permissions that the actor holds', async () => {
    const role = await makeRole({ permissions: ['users:read'] });

    expect((await server.client.deleteRole(role, asDelegate)).status).toBe(204);
  });

  it('returns 403 for a permission that the actor does not hold', async () => {
    const role = await makeRole({ permissions: ['users:write'] });

    const { status, body } = await server.client.deleteRole(role, asDelegate);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    expect((await server.client.role(role, asAdmin)).status).toBe(200);
  });
});

describe('permissions on roles', () => {
  it('roles:read allows reading but not writing', async () => {
    const role = await makeRole();
    const asAuditor = await makeHolder('auditor');

    const answers = await Promise.all([
      server.client.roles(asAuditor),
      server.client.role(role, asAuditor),
      server.client.permissions(asAuditor),
      server.client.createRole(newRole(), asAuditor),
      server.client.updateRole(role, { version: 0 }, asAuditor),
      server.client.deleteRole(role, asAuditor),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 403, 403, 403]);
  });

  it('roles:write allows writing but not reading', async () => {
    const role = await makeRole();
    const asWriter = await makeHolder(await makeRole({ permissions: ['roles:write'] }));

    const answers = await Promise.all([
      server.client.roles(asWriter),
      server.client.role(role, asWriter),
      server.client.permissions(asWriter),
      server.client.createRole(newRole(), asWriter),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 201]);
  });

  it('a plain user gets 403, whether or not the role exists', async () => {
    const asUser = await makeHolder('user');

    const answers = await Promise.all([
      server.client.roles(asUser),
      server.client.role('admin', asUser),
      server.client.role('none', asUser),
      server.client.permissions(asUser),
      server.client.createRole({ name: 'a:b' }, asUser),
      server.client.updateRole('none', {}, asUser),
      server.client.deleteRole('none', asUser),
    ]);

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [403, 'forbidden']),
    );
  });
});
