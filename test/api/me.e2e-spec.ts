import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

let name: string;
let asUser: Headers;

beforeEach(async () => {
  ({ name } = newUser());
  await server.client.createUser({ name, password: PASSWORD, roles: ['user', 'auditor'] }, asAdmin);
  asUser = await server.client.loginHeaders(name, PASSWORD);
});

const update = (patch: object, headers = {}) => server.client.updateMe(patch, { ...asUser, ...headers });

describe('GET /me', () => {
  it('returns 200 with roles, effective permissions, and the version as ETag', async () => {
    const { status, headers, body } = await server.client.me(asUser);

    expect([status, headers.get('etag')]).toEqual([200, '"0"']);
    expect(body).toMatchObject({ name, kind: 'human', roles: ['auditor', 'user'], version: 0 });
    expect(body.permissions).toContain('users:read');
    expect(body.permissions).not.toContain('users:write');
  });
});

describe('PATCH /me', () => {
  it('returns 200 with the changed account and its new ETag', async () => {
    const { status, headers, body } = await update({
      displayName: 'Anne',
      email: 'a@example.org',
      version: 0,
    });

    expect([status, headers.get('etag')]).toEqual([200, '"1"']);
    expect(body).toEqual({ ...(await server.client.me(asUser)).body });
    expect(body).toMatchObject({ displayName: 'Anne', email: 'a@example.org', version: 1 });
  });

  it('removes members set to null, and keeps absent members', async () => {
    await update({ displayName: 'Anne', email: 'a@example.org', version: 0 });

    const { body } = await update({ email: null }, { 'If-Match': '"1"' });

    expect(body.displayName).toBe('Anne');
    expect(body).not.toHaveProperty('email');
  });

  it('returns 200 to a user without roles', async () => {
    await server.client.updateUser(name, { roles: [], version: 0 }, asAdmin);

    expect((await update({ displayName: 'Anne', version: 1 })).status).toBe(200);
  });

  it('returns 428 without a version, and 412 or 409 for a stale one', async () => {
    const statuses = [
      await update({ displayName: 'Anne' }),
      await update({ displayName: 'Anne' }, { 'If-Match': '"1"' }),
      await update({ displayName: 'Anne', version: 1 }),
    ].map(({ status, body }) => [status, body.code]);

    expect(statuses).toEqual([
      [428, 'precondition_required'],
      [412, 'precondition_failed'],
      [409, 'conflict'],
    ]);
  });

  it('keeps version and audit trail when nothing changes', async () => {
    const { status, body } = await update({ displayName: null, version: 0 });

    const entries = await server.database.query(
      `SELECT * FROM audit_events WHERE action = 'user_updated' AND "subjectName" = '${name}'`,
    );
    expect([status, body.version, entries.length]).toEqual([200, 0, 0]);
  });

  it('writes an audit entry with the changed members', async () => {
    await update({ displayName: 'Anne', version: 0 });

    const [entry] = await server.database.query<Record<string, string>>(
      `SELECT * FROM audit_events WHERE action = 'user_updated' AND "subjectName" = '${name}'`,
    );
    expect(entry?.actorName).toBe(name);
    expect([entry?.before, entry?.after]).toEqual(['{"displayName":null}', '{"displayName":"Anne"}']);
  });

  it.each([
    ['/name', { name: 'admin' }],
    ['/kind', { kind: 'service' }],
    ['/roles', { roles: ['admin'] }],
    ['/permissions', { permissions: ['users:write'] }],
    ['/enabled', { enabled: false }],
    ['/id', { id: 'x' }],
    ['/userId', { userId: 'x' }],
    ['/password', { password: 'another long enough password' }],
    ['/passwordHash', { passwordHash: 'x' }],
    ['/email', { email: 'nobody' }],
    ['/displayName', { displayName: 7 }],
  ])('returns 422 at %s, and changes nothing', async (pointer, patch) => {
    const { status, body } = await update({ displayName: 'Eve', version: 0, ...patch });

    expect([status, ...new Set(body.errors?.map((error) => error.pointer))]).toEqual([422, pointer]);
    expect((await server.client.me(asUser)).body).toMatchObject({ version: 0, roles: ['auditor', 'user'] });
  });
});
