import { beforeEach, describe, expect, it } from '@jest/globals';
import { type BulkItemResultDto, type UserBulkRequestDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('bulk changes', () => {
  let series = 0;
  let prefix: string;
  let names: string[];

  beforeEach(async () => {
    series += 1;
    prefix = `series-${series}-`;
    names = ['a', 'b', 'c'].map((letter) => prefix + letter);
    for (const name of names) {
      await server.client.createUser({ name, password: PASSWORD }, asAdmin);
    }
  });

  const bulk = (body: object, headers = asAdmin) =>
    server.client.bulkUsers(body as UserBulkRequestDto, headers);
  const read = async (name: string) => (await server.client.user(name, asAdmin)).body;
  const each = (status: number) => names.map((id) => ({ id, status }));
  const codes = (results: BulkItemResultDto[]) => results.map(({ id, status, code }) => [id, status, code]);
  const entries = (action: string) =>
    server.database.query<Record<string, string | null>>(
      `SELECT * FROM audit_events WHERE action = '${action}' AND "subjectName" = 'bulk' AND "after" LIKE '%${prefix}%'`,
    );

  describe('POST /users/bulk', () => {
    it('disables and enables users by name, in any spelling and each once', async () => {
      const ids = [names[0], names[0]?.toUpperCase(), names[1], names[2]];

      const disabled = await bulk({ action: 'disable', ids });
      const state = await Promise.all(names.map(read));
      const enabled = await bulk({ action: 'enable', ids });

      expect([disabled.status, disabled.body]).toMatchObject([200, { count: 3, results: each(200) }]);
      expect(state.map(({ enabled, version }) => [enabled, version])).toEqual(Array(3).fill([false, 1]));
      expect(enabled.body.results).toEqual(each(200));
      expect(await read(names[0] ?? '')).toMatchObject({ enabled: true, version: 2 });
    });

    it('returns for each user the status of the single request', async () => {
      await server.client.updateUser(names[1] ?? '', { enabled: false, version: 0 }, asAdmin);

      const { body } = await bulk({ action: 'disable', ids: ['Nobody', 'a:b', ...names] });

      expect(codes(body.results)).toEqual([
        ['nobody', 404, 'not_found'],
        ['a:b', 404, 'not_found'],
        ...names.map((name) => [name, 200, undefined]),
      ]);
      expect((await read(names[1] ?? '')).version).toBe(1);
    });

    it.each(['disable', 'delete', 'revokeTokens'])('returns 200 when no user matches: %s', async (action) => {
      const { status, body } = await bulk({ action, ids: ['nobody'] });

      expect([status, codes(body.results)]).toEqual([200, [['nobody', 404, 'not_found']]]);
      expect((await bulk({ action, filter: { q: 'nobody' }, expectedCount: 0 })).body.count).toBe(0);
      const dryRun = await bulk({ action, ids: ['nobody'], dryRun: true });
      const descendants = action === 'delete' ? { descendantCount: 0 } : {};
      expect(dryRun.body).toEqual({ count: 0, sample: [], tokenCount: 0, ...descendants });
    });

    it('deletes users with their tokens', async () => {
      const asUser = await server.client.loginHeaders(names[0] ?? '', PASSWORD);

      const { body } = await bulk({ action: 'delete', ids: names });

      expect(body).toMatchObject({ count: 3, results: each(204) });
      expect((await server.client.me(asUser)).status).toBe(401);
      expect((await server.client.users(asAdmin, `?q=${prefix}`)).body.total).toBe(0);
    });

    it('adds and removes a role, and keeps users that already match', async () => {
      const role = newRole();
      await server.client.createRole(role, asAdmin);
      await server.client.updateUser(names[0] ?? '', { roles: ['user', role.name], version: 0 }, asAdmin);

      const added = await bulk({ action: 'addRole', role: role.name, ids: names });
      const held = await Promise.all(names.map(read));
      const removed = await bulk({ action: 'removeRole', role: role.name, ids: names });

      expect([added.body.results, removed.body.results]).toEqual([each(200), each(200)]);
      expect(held.map(({ roles, version }) => [roles, version])).toEqual(
        Array(3).fill([[role.name, 'user'].sort(), 1]),
      );
      expect(await read(names[1] ?? '')).toMatchObject({ roles: ['user'], version: 2 });
    });

    it('returns 422 for a 51st role, and adds it to the others', async () => {
      const [full = ''] = names;
      const roles = Array.from({ length: 50 }, (_, index) => `${prefix}role-${index}`);
      await server.database.execute(
        ...[...roles, `${prefix}one-more`].map(
          (role) =>
            `INSERT INTO roles ("name", "description", "permissions", "creationTime") VALUES ('${role}', '', '', 0)`,
        ),
      );
      await server.client.updateUser(full, { roles, version: 0 }, asAdmin);

      const { body } = await bulk({ action: 'addRole', role: `${prefix}one-more`, ids: names });

      expect(codes(body.results)).toEqual([
        [full, 422, 'validation_failed'],
        ...names.slice(1).map((name) => [name, 200, undefined]),
      ]);
    });

    it('revokes tokens without a new version of the user', async () => {
      const asUser = await server.client.loginHeaders(names[0] ?? '', PASSWORD);

      const { body } = await bulk({ action: 'revokeTokens', ids: names });

      expect(body.results).toEqual(each(204));
      expect((await server.client.me(asUser)).body.code).toBe('token_revoked');
      expect((await read(names[0] ?? '')).version).toBe(0);
    });

    it('writes one audit entry with the changed users, and none without changes', async () => {
      await server.client.updateUser(names[1] ?? '', { enabled: false, version: 0 }, asAdmin);

      await bulk({ action: 'disable', ids: ['nobody', ...names] });
      await bulk({ action: 'disable', ids: names });

      const [entry, ...others] = await entries('user_updated');
      expect(others).toEqual([]);
      expect(entry).toMatchObject({ actorName: 'admin', subjectId: null, subjectName: 'bulk' });
      expect(JSON.parse(entry?.after ?? '')).toEqual({
        action: 'disable',
        users: [names[0], names[2]].map((name) => ({ id: expect.any(String), name })),
      });
    });

    it('records deletions and revocations as such', async () => {
      await bulk({ action: 'revokeTokens', ids: names });
      await bulk({ action: 'delete', ids: names });

      expect([await entries('authn_token_revoked'), await entries('user_deleted')]).toEqual([
        [expect.anything()],
        [expect.anything()],
      ]);
    });
  });

  describe('POST /users/bulk with names', () => {
    it('counts in a dry run like in the run, with unknown names, duplicates and unchanged users', async () => {
      const [first = ''] = names;
      await bulk({ action: 'disable', ids: [first] });
      const request = { action: 'disable', ids: [...names, 'nobody-1', 'nobody-2', first.toUpperCase()] };
      const { body: tried } = await bulk({ ...request, dryRun: true });

      const { status, body } = await bulk({ ...request, expectedCount: tried.count });

      expect([tried.count, status, body.count]).toEqual([3, 200, 3]);
      expect(body.results.map((item) => item.status)).toEqual([200, 200, 200, 404, 404]);
    });

    it('returns 409 for more names than expected', async () => {
      const { status, body } = await bulk({ action: 'disable', ids: names, expectedCount: 2 });

      expect([status, body.code]).toEqual([409, 'count_grown']);
    });
  });

  describe('POST /users/bulk with a filter', () => {
    it('returns count and sample in a dry run, and changes nothing', async () => {
      const { status, body } = await bulk({ action: 'delete', filter: { q: prefix }, dryRun: true });

      expect([status, body.count, body.sample]).toEqual([200, 3, await Promise.all(names.map(read))]);
      expect(body).not.toHaveProperty('results');
      expect((await server.client.users(asAdmin, `?q=${prefix}`)).body.total).toBe(3);
      expect(await entries('user_deleted')).toEqual([]);
    });

    describe('by a caller without users:read', () => {
      let asWriter: Headers;

      beforeEach(async () => {
        const role = newRole({ permissions: ['users:write'] });
        await server.client.createRole(role, asAdmin);
        const writer = newUser({ roles: [role.name] });
        await server.client.createUser(writer, asAdmin);
        asWriter = await server.client.loginHeaders(writer.name, PASSWORD);
      });

      it('returns the count without a sample in a dry run', async () => {
        const { body } = await bulk({ action: 'disable', ids: names, dryRun: true }, asWriter);

        expect(body).toEqual({ count: 3, sample: [] });
      });

      it.each([
        { q: 'a' },
        { kind: 'human' },
        { enabled: true },
        { role: 'admin' },
        { neverLoggedIn: true },
        { inactiveDays: 1 },
      ] as const)('returns 403 for the filter %j, which would reveal hidden data', async (filter) => {
        const answers = [
          await bulk({ action: 'enable', filter, dryRun: true }, asWriter),
          await bulk({ action: 'enable', filter, expectedCount: 10_000 }, asWriter),
          await bulk({ action: 'enable', filter, expectedCount: 0 }, asWriter),
        ];

        expect(answers.map(({ status, body }) => [status, body.code, body.detail])).toEqual(
          answers.map(() => [403, 'forbidden', 'This requires users:read.']),
        );
      });
    });

    it('changes all matching users', async () => {
      const { body } = await bulk({ action: 'disable', filter: { q: prefix }, expectedCount: 3 });

      expect(body).toMatchObject({ count: 3, results: each(200) });
    });

    it('matches the same users as the list', async () => {
      await bulk({ action: 'disable', ids: [names[1]] });
      await server.client.loginHeaders(names[2] ?? '', PASSWORD);
      const filters = [
        { enabled: false },
        { enabled: true, neverLoggedIn: false },
        { neverLoggedIn: true, kind: 'human', role: 'user' },
        { kind: 'service' },
        { inactiveDays: 1 },
        {},
      ];

      for (const filter of filters) {
        const query = new URLSearchParams({ q: prefix, ...(filter as Record<string, string>) }).toString();
        const listed = (await server.client.users(asAdmin, `?${query}`)).body.items;
        const { body } = await bulk({ action: 'disable', filter: { q: prefix, ...filter }, dryRun: true });
        expect(body).toEqual({ count: listed.length, sample: listed, tokenCount: expect.any(Number) });
      }
    });

    it.each([
      ['filter', () => ({ filter: { q: prefix } })],
      ['names', () => ({ ids: [...names, names[0]?.toUpperCase(), 'nobody'] })],
    ])('returns in a dry run by %s the number of tokens that stop working, if any would', async (_, whom) => {
      const headers = await server.client.loginHeaders(names[0] ?? '', PASSWORD);
      for (const name of names) {
        await server.client.loginHeaders(name, PASSWORD);
      }
      await server.client.logout(headers);
      const countOf = async (action: string) =>
        (await bulk({ action, ...whom(), dryRun: true, ...(action === 'addRole' && { role: 'auditor' }) }))
          .body.tokenCount;
      const whileEnabled = await countOf('disable');
      await bulk({ action: 'disable', ids: [names[2]] });

      expect(whileEnabled).toBe(3);
      expect(
        await Promise.all(['disable', 'delete', 'revokeTokens', 'enable', 'addRole'].map(countOf)),
      ).toEqual([2, 3, 3, undefined, undefined]);
    });

    it('returns 409 count_grown when more users match than expected, and changes nothing', async () => {
      const { status, body } = await bulk({ action: 'disable', filter: { q: prefix }, expectedCount: 2 });

      expect([status, body.code]).toEqual([409, 'count_grown']);
      expect((await read(names[0] ?? '')).enabled).toBe(true);
    });

    it('succeeds when fewer users match than expected', async () => {
      expect((await bulk({ action: 'disable', filter: { q: prefix }, expectedCount: 9 })).body.count).toBe(3);
    });

    it('returns 422 without expectedCount', async () => {
      const { status, body } = await bulk({ action: 'disable', filter: { q: prefix } });

      expect([status, body.errors?.[0]?.pointer]).toEqual([422, '/expectedCount']);
      expect((await read(names[0] ?? '')).enabled).toBe(true);
    });

    it('uses several transactions, with an audit entry each', async () => {
      const many = `many-${prefix}`;
      const rows = Array.from(
        { length: 450 },
        (_, index) => `('${many}${index}', '${many}${index}', 'human', TRUE, 0, 0, 0)`,
      );
      await server.database.execute(
        `INSERT INTO users ("id", "name", "kind", "enabled", "tokensRevokedBefore", "creationTime", "version") VALUES ${rows.join(', ')}`,
      );

      const { body } = await bulk({
        action: 'addRole',
        role: 'user',
        filter: { q: many },
        expectedCount: 450,
      });

      expect([body.count, body.results.length]).toEqual([450, 450]);
      expect((await server.client.users(asAdmin, `?q=${many}&role=user`)).body.total).toBe(450);
      const written = await entries('user_updated');
      const changed = written.flatMap(({ after }) => (JSON.parse(after ?? '') as { users: [] }).users);
      expect([written.length, changed.length]).toEqual([3, 450]);
      expect(new Set(written.map(({ traceId }) => traceId)).size).toBe(1);
    });
  });
});

describe('POST /users/bulk with an invalid request', () => {
  const bulk = (body: object, headers = asAdmin) =>
    server.client.bulkUsers(body as UserBulkRequestDto, headers);

  it('suggests an existing role for a misspelt one', async () => {
    const { status, body } = await server.client.bulkUsers(
      { action: 'removeRole', role: 'auditro', ids: ['anyone'] },
      asAdmin,
    );

    expect([status, body]).toMatchObject([
      422,
      { errors: [{ pointer: '/role', message: 'there is no role auditro; did you mean auditor?' }] },
    ]);
  });

  it('returns 403 for revokeTokens without tokens:write', async () => {
    const names = ['bulk-a', 'bulk-b', 'bulk-c'];
    for (const name of names) {
      await server.client.createUser({ name, password: PASSWORD }, asAdmin);
    }
    const role = newRole({ permissions: ['users:read', 'users:write'] });
    await server.client.createRole(role, asAdmin);
    const writer = newUser({ roles: [role.name] });
    await server.client.createUser(writer, asAdmin);
    const asWriter = await server.client.loginHeaders(writer.name, PASSWORD);

    const { status, body } = await bulk({ action: 'revokeTokens', ids: names }, asWriter);

    expect([status, body.code, body.detail]).toEqual([403, 'forbidden', 'This requires tokens:write.']);
    expect((await bulk({ action: 'disable', ids: names }, asWriter)).body.results).toEqual(
      names.map((id) => ({ id, status: 200 })),
    );
  });
});
