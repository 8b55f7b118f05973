import { describe, expect, it } from '@jest/globals';
import { type CreateRoleDto } from '@latchkey/auth-models';
import { newRole } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useRoles } from '../support/use-roles.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { makeRole, trailOf } = useRoles(server, asAdmin);

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

  it('writes an audit entry with the actor', async () => {
    const name = await makeRole({ permissions: ['users:read'] });

    expect(await trailOf(name)).toEqual([
      {
        action: 'role_created',
        actorName: 'admin',
        subjectKind: 'role',
        subjectName: name,
        before: null,
        after: { description: '', permissions: ['users:read'] },
      },
    ]);
  });

  it.each(['admin', 'user'])('returns 409 for %s, which is built in', async (name) => {
    const { status, body } = await server.client.createRole({ name }, asAdmin);

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([409, 'name_taken', '/name']);
  });

  it('returns 201 for one of 50 parallel requests, with one audit entry', async () => {
    const dto = newRole();

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => server.client.createRole(dto, asAdmin)),
    );

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 49 }, () => 409)]);
    expect(await trailOf(dto.name)).toHaveLength(1);
  });

  it.each([
    ['no name', { name: undefined }, '/name'],
    ['a name in upper case', { name: 'Reader' }, '/name'],
    ['a name of 65 letters', { name: 'r'.repeat(65) }, '/name'],
    ['a name with a space', { name: 'a b' }, '/name'],
    ['a name that starts with a digit', { name: '1st' }, '/name'],
    ['an empty description', { description: '' }, '/description'],
    ['a description that is null', { description: null }, '/description'],
    ['a description of two lines', { description: 'a\nb' }, '/description'],
    ['a description of 201 letters', { description: 'x'.repeat(201) }, '/description'],
    ['permissions that are not a list', { permissions: 'users:read' }, '/permissions'],
    ['a permission twice', { permissions: ['users:read', 'users:read'] }, '/permissions'],
    ['the pattern of the administrator', { permissions: ['*'] }, '/permissions'],
    ['the pattern of the auditor', { permissions: ['*:read'] }, '/permissions'],
    ['a permission with a comma', { permissions: ['users:read,users:write'] }, '/permissions'],
    ['an unknown permission', { permissions: ['users:read', 'reports:read'] }, '/permissions/1'],
    ['isBuiltIn', { isBuiltIn: true }, '/isBuiltIn'],
    ['a version', { version: 3 }, '/version'],
    ['a number of users', { userCount: 7 }, '/userCount'],
  ])('returns 422 for %s, and creates nothing', async (_, change, pointer) => {
    const before = (await server.client.roles(asAdmin)).body.total;

    const { status, body } = await server.client.createRole(
      newRole(change as Partial<CreateRoleDto>),
      asAdmin,
    );

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, 'validation_failed', pointer]);
    expect((await server.client.roles(asAdmin)).body.total).toBe(before);
  });

  it('names an unknown permission', async () => {
    const { body } = await server.client.createRole(newRole({ permissions: ['reports:read'] }), asAdmin);

    expect(body.errors).toEqual([
      {
        pointer: '/permissions/0',
        code: 'unknown_permission',
        message: 'there is no permission reports:read; GET /permissions has all there are',
      },
    ]);
  });
});
