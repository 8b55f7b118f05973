import { describe, expect, it } from '@jest/globals';
import { IMPORTED_USERS_MAX, type ImportResultDto, type ProblemDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { newRole, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

let series = 0;
/** Returns names that no other test uses. */
const newNames = (count: number) => {
  series += 1;
  return Array.from({ length: count }, (_, index) => `imported-${series}-${index}`);
};

const send = (body: object, headers: Headers = asAdmin) =>
  server.client.request<ImportResultDto & ProblemDto>('POST', '/users/import', {
    body,
    headers,
  });
const importUsers = async (users: object[], options: object = {}, headers?: Headers) => {
  const { status, body } = await send({ users, ...options }, headers);
  expect(status).toBe(200);
  return body;
};
/** Logs in a new user who holds only these permissions. */
const loginWith = async (permissions: string[]) => {
  const role = newRole({ permissions });
  await server.client.createRole(role, asAdmin);
  const [name = ''] = newNames(1);
  await server.client.createUser({ name, password: PASSWORD, roles: [role.name] }, asAdmin);
  return server.client.loginHeaders(name, PASSWORD);
};
const statusOf = async (name: string) => (await server.client.user(name, asAdmin)).status;
const sorted = ({ problems }: ImportResultDto) =>
  problems.map(({ index, pointer, code }) => [index, pointer, code]).sort();

describe('POST /users/import', () => {
  it('creates users with their members, and one entry in the audit trail', async () => {
    const [anna = '', robot = ''] = newNames(2);

    const result = await importUsers([
      {
        name: anna.toUpperCase(),
        displayName: 'Anna',
        email: 'anna@example.org',
        roles: ['user', 'auditor'],
      },
      { name: robot, kind: 'service', enabled: false },
    ]);

    expect(result).toEqual({ imported: 2, skipped: 0, problems: [] });
    expect((await server.client.user(anna, asAdmin)).body).toMatchObject({
      name: anna,
      displayName: 'Anna',
      email: 'anna@example.org',
      roles: ['auditor', 'user'],
    });
    expect((await server.client.user(robot, asAdmin)).body).toMatchObject({
      kind: 'service',
      enabled: false,
      roles: ['user'],
    });
    const entries = await server.database.query<{ after: string }>(
      `SELECT "after" FROM audit_events WHERE action = 'user_created' AND "after" LIKE '%"${anna}"%'`,
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]?.after).toContain('"action":"import"');
  });

  it('checks users in a dry run without creating them', async () => {
    const [name = ''] = newNames(1);

    const result = await importUsers([{ name }], { dryRun: true });

    expect(result).toEqual({ imported: 1, skipped: 0, problems: [] });
    expect(await statusOf(name)).toBe(404);
  });

  it('returns the problems of all users, and creates none', async () => {
    const [good = '', taken = '', twice = ''] = newNames(3);
    await importUsers([{ name: taken }]);

    const result = await importUsers([
      { name: good },
      { name: taken.toUpperCase() },
      { name: 'a:b', email: 'nowhere' },
      {},
      { name: `${good}-x`, roles: ['no-such-role'] },
      { name: `${good}-y`, password: 'correct horse' },
      { name: twice },
      { name: twice },
      { name: `corner-${series}` },
      { name: `comer-${series}` },
    ]);

    expect(result).toMatchObject({ imported: 0, skipped: 0 });
    expect(sorted(result)).toEqual([
      [1, '/name', 'name_taken'],
      [2, '/email', expect.any(String)],
      [2, '/name', expect.any(String)],
      [3, '/name', expect.any(String)],
      [4, '/roles/0', 'unknown_role'],
      [5, '/password', 'unknown_member'],
      [7, '/name', 'name_repeated'],
      [9, '/name', 'name_confusable'],
    ]);
    expect(await statusOf(good)).toBe(404);
    expect(await statusOf(twice)).toBe(404);
  });

  it('skips existing users on request', async () => {
    const [old = '', fresh = ''] = newNames(2);
    await importUsers([{ name: old, displayName: 'Old' }]);

    const result = await importUsers([{ name: old, displayName: 'New' }, { name: fresh }], {
      skipExisting: true,
    });

    expect(result).toEqual({ imported: 1, skipped: 1, problems: [] });
    expect((await server.client.user(old, asAdmin)).body.displayName).toBe('Old');
  });

  it('accepts no password hashes', async () => {
    const [name = ''] = newNames(1);
    const passwordHash =
      '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

    const result = await importUsers([{ name, passwordHash }]);

    expect(sorted(result)).toEqual([[0, '/passwordHash', 'unknown_member']]);
    expect(await statusOf(name)).toBe(404);
  });

  it.each([true, false])('rejects roles above those of the caller, with dryRun %s', async (dryRun) => {
    const [name = ''] = newNames(1);
    const caller = await loginWith(['users:write']);

    const { status, body } = await send({ users: [{ name, roles: ['admin'] }], dryRun }, caller);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    expect(await statusOf(name)).toBe(404);
  });

  it('names no other users for callers who may not list them', async () => {
    const [name = ''] = newNames(1);
    const secret = `modem-${name}`;
    await importUsers([{ name: secret }]);
    const caller = await loginWith(['users:write']);
    const lookAlike = [{ name }, { name: `modern-${name}` }];

    const hidden = await importUsers(lookAlike, {}, caller);
    const shown = await importUsers(lookAlike);

    expect(JSON.stringify(hidden)).toContain('looks like the name of another user');
    expect(JSON.stringify(hidden)).not.toContain(secret);
    expect(JSON.stringify(shown)).toContain(secret);
  });

  it(`imports ${IMPORTED_USERS_MAX} users with all members, and rejects more`, async () => {
    const users = newNames(IMPORTED_USERS_MAX + 1).map((name) => ({
      name,
      displayName: 'x'.repeat(100),
      email: `${name}@example.org`,
      kind: 'human',
      roles: ['user', 'auditor'],
      enabled: true,
    }));

    expect(await importUsers(users.slice(1))).toMatchObject({ imported: IMPORTED_USERS_MAX });
    expect((await send({ users })).body.errors).toMatchObject([{ pointer: '/users' }]);
  });

  it.each([
    ['no users', { users: [] }, '/users'],
    ['lists instead of users', { users: [[]] }, '/users'],
    ['texts instead of users', { users: ['anna'] }, '/users'],
    ['an unknown option', { users: [{ name: 'anna' }], dryrun: true }, '/dryrun'],
  ])('rejects %s', async (_, body, pointer) => {
    const response = await send(body);

    expect(response.status).toBe(422);
    expect(response.body.errors).toMatchObject([{ pointer }]);
  });
});
