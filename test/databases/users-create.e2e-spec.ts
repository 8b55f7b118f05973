import { describe, expect, it } from '@jest/globals';
import { type CreateUserDto } from '@latchkey/auth-models';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

const create = (dto: object, headers = asAdmin) => server.client.createUser(dto as CreateUserDto, headers);

describe('POST /users', () => {
  it('returns 201 with the user, Location and ETag', async () => {
    const { status, headers, body } = await create({ name: 'Ünal', displayName: 'Ünal', password: PASSWORD });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/users/%C3%BCnal');
    expect(headers.get('etag')).toBe('"0"');
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

  it('creates a user without a password, who cannot log in', async () => {
    const { password: _, ...user } = newUser();

    expect((await create(user)).status).toBe(201);
    expect((await server.client.login(user.name, PASSWORD)).status).toBe(401);
    expect((await server.client.login(user.name, '')).status).toBe(401);
  });

  it('writes an audit entry with both names', async () => {
    const user = newUser();
    await create(user);

    const rows = await server.database.query<Record<string, unknown>>(
      `SELECT * FROM audit_events WHERE "subjectName" = '${user.name}'`,
    );

    expect(rows).toEqual([expect.objectContaining({ action: 'user_created', actorName: 'admin' })]);
  });

  it('returns 409 when the name is taken in another spelling', async () => {
    const { status, body } = await create({ name: 'ＡＤＭＩＮ' });

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([409, 'name_taken', '/name']);
  });

  it.each([
    ['in the same letters', 'adrnin'],
    ['in another spelling of that', 'ADRNIN'],
  ])('returns 409 when the name looks like another one %s, without revealing it', async (_, name) => {
    const { status, body } = await create({ name });

    expect([status, body.code, body.errors?.[0]]).toEqual([
      409,
      'name_taken',
      expect.objectContaining({ pointer: '/name', code: 'name_confusable' }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/\badmin\b/);
  });

  it('returns 409 for a similar name in another script, until the other user is deleted', async () => {
    expect((await create({ name: 'scope' })).status).toBe(201);
    expect((await create({ name: 'ѕсоре' })).status).toBe(409);
    expect((await server.client.deleteUser('scope', asAdmin)).status).toBe(204);
    expect((await create({ name: 'ѕсоре' })).status).toBe(201);
  });

  it('creates one user from parallel requests with similar names', async () => {
    const names = ['modern', 'rnodern', 'modem', 'rnodem'];

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => create({ name: names[index % 4] })),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  });

  it('creates one user from 50 parallel requests with case variants of a name', async () => {
    const spellings = ['racer', 'RACER', 'Racer', 'ｒａｃｅｒ', 'rAcEr'];

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => create({ name: spellings[index % 5], password: PASSWORD })),
    );

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(49);
    expect((await server.client.users(asAdmin, '?q=racer')).body.total).toBe(1);
  });

  it.each([
    ['no name', {}, '/name'],
    ['an empty name', { name: '' }, '/name'],
    ['a colon in the name', { name: 'a:b' }, '/name'],
    ['a control character in the name', { name: 'a\tb' }, '/name'],
    ['an invisible character in the name', { name: 'a\u200bb' }, '/name'],
    ['mixed scripts in the name', { name: 'аdmin' }, '/name'],
    ['a reserved name', { name: 'ME' }, '/name'],
    ['a name of dots', { name: '..' }, '/name'],
    ['a name of 65 letters', { name: 'a'.repeat(65) }, '/name'],
    ['a name that is a list', { name: ['anne'] }, '/name'],
    ['a name that is an object', { name: { $ne: null } }, '/name'],
    ['a short password', { password: 'x'.repeat(14) }, '/password'],
    ['a password of 257 characters', { password: 'x'.repeat(257) }, '/password'],
    ['a control character in the password', { password: 'a long enough\u0007password' }, '/password'],
    ['a password of a service', { kind: 'service' }, '/password'],
    ['an unknown kind', { kind: 'robot' }, '/kind'],
    ['an unknown role', { roles: ['user', 'no-such-role'] }, '/roles/1'],
    ['a role twice', { roles: ['user', 'user'] }, '/roles'],
    ['roles that are not a list', { roles: 'admin' }, '/roles'],
    ['a role that is not a string', { roles: [{ name: 'user' }] }, '/roles'],
    ['a malformed e-mail address', { email: 'nobody' }, '/email'],
    ['two lines in the display name', { displayName: 'a\nb' }, '/displayName'],
    ['enabled that is a string', { enabled: 'false' }, '/enabled'],
    ['a display name of null', { displayName: null }, '/displayName'],
    ['an id', { id: 'mine' }, '/id'],
    ['a version', { version: 7 }, '/version'],
    ['a hash', { passwordHash: '$argon2id$' }, '/passwordHash'],
    ['a user id', { userId: 'x' }, '/userId'],
  ])('returns 422 for %s', async (_, change, pointer) => {
    const dto: Record<string, unknown> = { ...newUser(), ...change };
    if (Object.keys(change).length === 0) {
      delete dto.name;
    }

    const { status, body } = await create(dto);

    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it('creates no user when it returns 422', async () => {
    const user = newUser();

    await create({ ...user, roles: ['no-such-role'] });

    expect((await server.client.users(asAdmin, `?q=${user.name}`)).body.total).toBe(0);
  });

  it('returns 422 without a body', async () => {
    const { status } = await server.client.request('POST', '/users', { headers: asAdmin });

    expect(status).toBe(422);
  });

  it('accepts a password of 256 characters, whatever their length in bytes', async () => {
    const herd = (horses: number) => `a herd of ${'🐎'.repeat(horses)}`;
    const user = newUser({ password: herd(246) });

    expect((await create(user)).status).toBe(201);
    expect((await server.client.login(user.name, herd(246))).status).toBe(200);
    expect((await server.client.login(user.name, herd(245))).status).toBe(401);
  });
});
