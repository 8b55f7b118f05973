import { beforeEach, describe, expect, it } from '@jest/globals';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

let name: string;

beforeEach(async () => {
  ({ name } = newUser());
  const user = { name, displayName: 'Anne', email: 'anne@example.org', password: PASSWORD };
  await server.client.createUser(user, asAdmin);
});

const update = (patch: object, headers = {}) =>
  server.client.updateUser(name, patch, { ...asAdmin, ...headers });
const read = async () => (await server.client.user(name, asAdmin)).body;
const entries = () =>
  server.database.query<{ before: string; after: string; actorName: string }>(
    `SELECT * FROM audit_events WHERE action = 'user_updated' AND "subjectName" = '${name}'`,
  );

describe('PATCH /users/{name}', () => {
  it('returns 200 with the changed user and the new version as ETag', async () => {
    const { status, headers, body } = await update({ displayName: 'Anna', roles: ['auditor'], version: 0 });

    expect([status, headers.get('etag')]).toEqual([200, '"1"']);
    expect(body).toMatchObject({ displayName: 'Anna', roles: ['auditor'], version: 1, tokenCount: 0 });
    expect(await read()).toEqual(body);
  });

  it('keeps absent members, and removes members set to null', async () => {
    const { body } = await update({ email: null, version: 0 });

    expect(body).toMatchObject({ displayName: 'Anne', roles: ['user'], enabled: true });
    expect(body).not.toHaveProperty('email');
  });

  it('accepts any spelling of the name, and merge-patch+json', async () => {
    const { status } = await server.client.request('PATCH', `/users/${name.toUpperCase()}`, {
      body: { displayName: 'Anna' },
      headers: { ...asAdmin, 'If-Match': '"0"', 'Content-Type': 'application/merge-patch+json' },
    });

    expect(status).toBe(200);
  });

  it('returns 428 without a version', async () => {
    const { status, body } = await update({ displayName: 'Anna' });

    expect([status, body.code]).toEqual([428, 'precondition_required']);
    expect((await read()).displayName).toBe('Anne');
  });

  it('returns 412 for a stale If-Match and 409 for a stale version', async () => {
    await update({ displayName: 'Anna', version: 0 });

    const byHeader = await update({ displayName: 'Anja' }, { 'If-Match': '"0"' });
    const byBody = await update({ displayName: 'Anja', version: 0 });

    expect([byHeader.status, byHeader.body.code]).toEqual([412, 'precondition_failed']);
    expect([byBody.status, byBody.body.code]).toEqual([409, 'conflict']);
    expect(await read()).toMatchObject({ displayName: 'Anna', version: 1 });
  });

  it('keeps version and audit trail when nothing changes', async () => {
    const same = { displayName: 'Anne', email: 'anne@example.org', roles: ['user'], enabled: true };

    const { status, headers, body } = await update({ ...same, version: 0 });
    const empty = await update({ version: 0 });
    const stale = await update({ ...same, version: 1 });

    expect([status, headers.get('etag'), body.version]).toEqual([200, '"0"', 0]);
    expect([empty.status, stale.status]).toEqual([200, 409]);
    expect(await entries()).toEqual([]);
  });

  it('distinguishes null from the text "null"', async () => {
    await update({ displayName: null, version: 0 });

    expect((await update({ displayName: 'null', version: 1 })).body).toMatchObject({
      displayName: 'null',
      version: 2,
    });
  });

  it('writes one audit entry with the values before and after', async () => {
    await update({ displayName: 'Anna', email: null, roles: ['user', 'auditor'], enabled: true, version: 0 });

    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry?.actorName).toBe('admin');
    expect(JSON.parse(entry?.before ?? '')).toEqual({
      displayName: 'Anne',
      email: 'anne@example.org',
      roles: ['user'],
    });
    expect(JSON.parse(entry?.after ?? '')).toEqual({
      displayName: 'Anna',
      email: null,
      roles: ['auditor', 'user'],
    });
  });

  it('returns 404 for an unknown user, with or without a version', async () => {
    const patch = { displayName: 'Anna' };

    expect((await server.client.updateUser('nobody', { ...patch, version: 0 }, asAdmin)).status).toBe(404);
    expect((await server.client.updateUser('nobody', patch, asAdmin)).status).toBe(404);
  });

  it('returns 422 for a name, with the reason', async () => {
    const { status, body } = await update({ name: 'somebody-else', version: 0 });

    expect([status, body.errors?.length, body.errors?.[0]?.pointer]).toEqual([422, 1, '/name']);
    expect(body.errors?.[0]?.message).toContain('a name never changes');
  });

  it.each([
    ['/name', { name: undefined }],
    ['/kind', { kind: 'service' }],
    ['/displayName', { displayName: '' }],
    ['/displayName', { displayName: ['Anna'] }],
    ['/displayName', { displayName: 'Anna\n' }],
    ['/email', { email: 'anna' }],
    ['/roles', { roles: null }],
    ['/roles', { roles: 'admin' }],
    ['/roles', { roles: ['Admin'] }],
    ['/roles/1', { roles: ['user', 'nobody-has-made-this'] }],
    ['/enabled', { enabled: null }],
    ['/enabled', { enabled: 'true' }],
    ['/version', { version: '0' }],
    ['/version', { version: -1 }],
    ['/version', { version: null }],
    ['/id', { id: 'x' }],
    ['/password', { password: PASSWORD }],
    ['/passwordHash', { passwordHash: 'x' }],
    ['/userId', { userId: 'x' }],
    ['/tokenCount', { tokenCount: 3 }],
    ['/creationTime', { creationTime: '2020-01-01T00:00:00Z' }],
    ['/lastLoginTime', { lastLoginTime: null }],
    ['/tokensEndedBefore', { tokensEndedBefore: 0 }],
  ])('returns 422 at %s for %j, and changes nothing', async (pointer, patch) => {
    const before = await read();
    if ('name' in patch) {
      // `undefined` does not travel; `null` does, and is no way to leave a name out either.
      Object.assign(patch, { name: null });
    }

    const { status, body } = await update({ displayName: 'Eve', version: 0, ...patch });

    expect([status, ...new Set(body.errors?.map((error) => error.pointer))]).toEqual([422, pointer]);
    expect(await read()).toEqual(before);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('returns 422 for a member %s', async (member) => {
    const response = await fetch(`${server.client.baseUrl}/users/${name}`, {
      method: 'PATCH',
      headers: { ...asAdmin, 'Content-Type': 'application/json' },
      body: `{"version":0,"${member}":{"enabled":false}}`,
    });

    expect(response.status).toBe(422);
    expect((await read()).version).toBe(0);
  });

  it('returns 200 without a body, and 400 for a malformed If-Match', async () => {
    const without = await server.client.request('PATCH', `/users/${name}`, {
      headers: { ...asAdmin, 'If-Match': '"0"' },
    });

    expect([without.status, (await read()).version]).toEqual([200, 0]);
    expect((await update({ displayName: 'Anna' }, { 'If-Match': '0' })).status).toBe(400);
  });
});

describe('PATCH /users/{name} with access', () => {
  it('rejects tokens and password of a disabled user at once, and accepts them again once enabled', async () => {
    const asUser = await server.client.loginHeaders(name, PASSWORD);

    await update({ enabled: false, version: 0 });
    const token = await server.client.me(asUser);
    const login = await server.client.login(name, PASSWORD);
    await update({ enabled: true, version: 1 });

    expect([token.status, token.body.code, login.status]).toEqual([401, 'user_disabled', 401]);
    expect((await server.client.me(asUser)).status).toBe(200);
  });

  it('removes permissions at once with the role', async () => {
    await update({ roles: ['auditor'], version: 0 });
    const asUser = await server.client.loginHeaders(name, PASSWORD);
    expect((await server.client.users(asUser)).status).toBe(200);

    await update({ roles: [], version: 1 });

    expect((await server.client.users(asUser)).status).toBe(403);
    expect((await server.client.me(asUser)).body.roles).toEqual([]);
  });
});
