import { beforeEach, describe, expect, it } from '@jest/globals';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ hasRealHashes: true });
const asAdmin = useAdmin(server);
let name: string;

beforeEach(async () => {
  ({ name } = newUser());
  await server.client.createUser({ name, password: PASSWORD }, asAdmin);
});

const read = async () => (await server.client.user(name, asAdmin)).body;
const countOf = (statuses: number[], wanted: number) => statuses.filter((status) => status === wanted).length;

// Covers B32 in docs/explanation/security.md.
describe('50 parallel changes of one version', () => {
  it.each([
    ['in If-Match', { headers: { 'If-Match': '"0"' }, body: {}, lost: 412 }],
    ['in the body', { headers: {}, body: { version: 0 }, lost: 409 }],
  ])('named %s succeed once, and increment the version by one', async (_, { headers, body, lost }) => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_value, index) =>
        server.client.updateUser(name, { displayName: `Name ${index}`, ...body }, { ...asAdmin, ...headers }),
      ),
    );

    const statuses = answers.map(({ status }) => status);
    expect([countOf(statuses, 200), countOf(statuses, lost)]).toEqual([1, 49]);
    const { body: changed } = answers[statuses.indexOf(200)]!;
    expect({ ...(await read()), effectiveBy: changed.effectiveBy }).toEqual(changed);
    expect((await read()).version).toBe(1);
  });

  it('of roles succeed once, with exactly the roles of that change', async () => {
    const roles = ['admin', 'auditor', 'user'];

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_value, index) =>
        server.client.updateUser(name, { roles: [roles[index % 3] ?? ''], version: 0 }, asAdmin),
      ),
    );

    const statuses = answers.map(({ status }) => status);
    // A request with the current roles changes nothing (200) or is too late (409).
    const changed = answers.filter(({ status, body }) => status === 200 && body.version === 1);
    expect(changed).toHaveLength(1);
    expect({ ...(await read()), effectiveBy: changed[0]!.body.effectiveBy }).toEqual(changed[0]!.body);
    expect(statuses.filter((status) => ![200, 409].includes(status))).toEqual([]);
  });

  it('of an account by its owner and by administrators succeed once', async () => {
    const asUser = await server.client.loginHeaders(name, PASSWORD);

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_value, index) =>
        index % 2 === 0
          ? server.client.updateMe({ displayName: `Name ${index}`, version: 0 }, asUser)
          : server.client.updateUser(name, { email: `n${index}@example.org`, version: 0 }, asAdmin),
      ),
    );

    expect(
      countOf(
        answers.map(({ status }) => status),
        200,
      ),
    ).toBe(1);
    expect((await read()).version).toBe(1);
  });
});

// Covers B33 in docs/explanation/security.md.
describe('50 parallel creations of one name in different spellings', () => {
  it('return one 201 and 49 409, and insert one row', async () => {
    const spellings = ['Zoë', 'ZOË', 'zoe\u0308', 'ＺＯＥ\u0308', 'zOË'];

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        server.client.createUser({ name: spellings[index % 5] ?? '' }, asAdmin),
      ),
    );

    const statuses = answers.map(({ status }) => status);
    expect([countOf(statuses, 201), countOf(statuses, 409)]).toEqual([1, 49]);
    expect((await server.client.users(asAdmin, '?q=zo')).body.total).toBe(1);
  });
});

// Covers B34 in docs/explanation/security.md.
describe('deletions', () => {
  it('of users with parallel logins and changes cause no 5xx and leave no rows', async () => {
    const answers: { status: number; text: string }[] = [];
    const names = Array.from({ length: 6 }, (_, index) => `victim-${index}`);
    for (const victim of names) {
      await server.client.createUser({ name: victim, password: PASSWORD }, asAdmin);
    }
    const tokens = await Promise.all(names.map((victim) => server.client.loginHeaders(victim, PASSWORD)));
    const lives = names.map(async (victim, index) => {
      const asVictim = tokens[index] ?? {};
      const acts = [
        () => server.client.login(victim, PASSWORD),
        () => server.client.login(victim, PASSWORD),
        () => server.client.bump(asVictim),
        () => server.client.me(asVictim),
        () => server.client.createMyToken(asVictim, {}),
        () => server.client.bump(asVictim),
        () => server.client.updateMe({ displayName: 'Anne', version: 0 }, asVictim),
        () => server.client.resetPassword(victim, { password: `${PASSWORD} 2` }, asAdmin),
        () => server.client.deleteUser(victim, asAdmin),
        () => server.client.login(victim, PASSWORD),
        () => server.client.updateUser(victim, { roles: ['auditor'], version: 0 }, asAdmin),
        () => server.client.logout(asVictim),
        () => server.client.deleteUser(victim, asAdmin),
        () => server.client.createSetUpLink(victim, asAdmin),
        () => server.client.createUserToken(victim, asAdmin, {}),
        () => server.client.bulkUsers({ action: 'delete', ids: names }, asAdmin),
      ];
      answers.push(...(await Promise.all<{ status: number; text: string }>(acts.map((act) => act()))));
    });

    await Promise.all(lives);

    // Real hashes give the deletions time between the steps of a login. On a busy machine, some would wait
    // too long, and are rejected.
    const failed = answers.filter(({ status, text }) => status >= 500 && !text.includes('"overloaded"'));
    expect(failed).toEqual([]);
    expect((await server.client.users(asAdmin, '?q=victim')).body.total).toBe(0);
    const orphans = await server.database.query(
      `SELECT "userId" FROM tokens WHERE "userId" NOT IN (SELECT "id" FROM users)
       UNION ALL SELECT "userId" FROM user_roles WHERE "userId" NOT IN (SELECT "id" FROM users)`,
    );
    expect(orphans).toEqual([]);
    if (globalThis.DATABASE_KIND === 'sqlite') {
      expect(await server.database.query('PRAGMA foreign_key_check')).toEqual([]);
    }
  });

  it('of roles with parallel grants cause no 5xx', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const role = `fleeting-${attempt}`;
      await server.client.createRole({ name: role }, asAdmin);

      const answers = await Promise.all<{ status: number }>([
        server.client.createUser(newUser({ roles: [role], password: undefined }), asAdmin),
        server.client.deleteRole(role, asAdmin),
        server.client.updateUser(name, { roles: [role] }, { ...asAdmin, 'If-Match': '*' }),
        server.client.bulkUsers({ action: 'addRole', role, ids: [name] }, asAdmin),
        server.client.deleteRole(role, asAdmin),
      ]);
      statuses.push(...answers.map(({ status }) => status));
    }

    expect(statuses.filter((status) => status >= 500)).toEqual([]);
  });
});
