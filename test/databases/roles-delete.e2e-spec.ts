import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_ROLES } from '@latchkey/auth-models';
import { newUser } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useRoles } from '../support/use-roles.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { makeHolder, makeRole, trailOf } = useRoles(server, asAdmin);

const ifMatch = (version: number) => ({ ...asAdmin, 'If-Match': `"${version}"` });

describe('DELETE /roles/{name}', () => {
  it('returns 204, and the role is gone', async () => {
    const name = await makeRole();

    const { status, text } = await server.client.deleteRole(name, asAdmin);

    expect([status, text]).toEqual([204, '']);
    expect((await server.client.role(name, asAdmin)).status).toBe(404);
    expect((await server.client.deleteRole(name, asAdmin)).status).toBe(404);
  });

  it('writes an audit entry with the deleted role', async () => {
    const name = await makeRole({ description: 'Gone.', permissions: ['users:read'] });

    await server.client.deleteRole(name, asAdmin);

    expect((await trailOf(name)).at(-1)).toMatchObject({
      action: 'role_deleted',
      before: { description: 'Gone.', permissions: ['users:read'] },
      after: null,
    });
  });

  it('makes the name available again', async () => {
    const name = await makeRole();
    await server.client.deleteRole(name, asAdmin);

    expect((await server.client.createRole({ name }, asAdmin)).status).toBe(201);
  });

  it('returns 409 with the number of holders while the role is held', async () => {
    const name = await makeRole();
    await makeHolder(name);
    const { body: one } = await server.client.deleteRole(name, asAdmin);
    await makeHolder(name);

    const { status, body } = await server.client.deleteRole(name, asAdmin);

    expect([status, body.code]).toEqual([409, 'role_in_use']);
    expect([one.detail, body.detail]).toEqual([
      `1 user holds the role ${name}; take it from them first.`,
      `2 users hold the role ${name}; take it from them first.`,
    ]);
    expect(await trailOf(name)).toHaveLength(1);
  });

  it.each(Object.keys(BUILT_IN_ROLES))('returns 409 for %s, which is built in', async (name) => {
    const { status, body } = await server.client.deleteRole(name, asAdmin);

    expect([status, body.code]).toEqual([409, 'role_built_in']);
  });

  it('evaluates If-Match', async () => {
    const name = await makeRole();

    expect((await server.client.deleteRole(name, ifMatch(1))).status).toBe(412);
    expect((await server.client.deleteRole(name, ifMatch(0))).status).toBe(204);
  });

  it('leaves no user with a deleted role when the role is granted at the same time', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, () => makeRole()));

    const answers = await Promise.all(
      names.flatMap((role) => [
        server.client.createUser(newUser({ roles: [role], password: undefined }), asAdmin),
        server.client.deleteRole(role, asAdmin),
      ]),
    );

    const pairs = names.map((_, index) =>
      answers.slice(2 * index, 2 * index + 2).map(({ status }) => status),
    );
    for (const pair of pairs) {
      expect([
        [201, 409],
        [422, 204],
      ]).toContainEqual(pair);
    }
  });
});
