import { describe, expect, it } from '@jest/globals';
import { type BulkResultDto } from '@latchkey/auth-models';
import { type ApiResponse, type Headers, tokenHeader } from '../support/api-client.js';
import { ADMIN, newRole, newUser, PASSWORD } from '../support/factories.js';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';

const AT_ONCE = 20;

/** More than any test creates sequentially. */
const TOKENS_PER_USER = 30;

const server = useServer({ environment: { LATCHKEY_API_TOKENS_PER_USER: String(TOKENS_PER_USER) } });
const asAdmin = useAdmin(server);
const { login, signUp, signUpWithPermissions, createToken, auditEventsOf } = useTokens(server, asAdmin);
const { createRole, auditEventsOf: trailOfRole } = useRoles(server, asAdmin);
const any = { 'If-Match': '*' };

/** Sends the same request several times in parallel and returns the responses. */
const atOnce = <Body>(send: (index: number) => Promise<ApiResponse<Body>>): Promise<ApiResponse<Body>[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => send(index)));

const statusesOf = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();
const all = (status: number) => Array<number>(AT_ONCE).fill(status);
const oneOf = (status: number, others: number) => [status, ...Array<number>(AT_ONCE - 1).fill(others)];

/** One of several requests, by number. */
type Act = (index: number) => Promise<ApiResponse<unknown>>;

/** Returns the statuses of the items of bulk requests. */
const itemsOf = (answers: readonly { body: BulkResultDto }[]) =>
  answers.flatMap(({ body }) => body.results.map(({ status }) => status));

describe('20 parallel changes of a token', () => {
  it('all succeed for PATCH with If-Match: *', async () => {
    const session = await signUp();
    const { id } = await createToken(session);

    const answers = await atOnce((index) =>
      server.client.updateToken(id, { note: `n${index}` }, { ...session.headers, ...any }),
    );

    expect(statusesOf(answers)).toEqual(all(200));
    expect((await server.client.token(id, session.headers)).body.version).toBe(AT_ONCE);
  });

  it('all succeed for PATCH by the owner and an administrator', async () => {
    const session = await signUp();
    const { id } = await createToken(session);

    const answers = await atOnce((index) =>
      server.client.updateToken(
        id,
        { note: `n${index}` },
        { ...(index % 2 ? asAdmin : session.headers), ...any },
      ),
    );

    expect(statusesOf(answers)).toEqual(all(200));
  });

  it('succeed once as PATCH of the same version', async () => {
    const session = await signUp();
    const { id } = await createToken(session);

    const answers = await atOnce((index) =>
      server.client.updateToken(id, { note: `n${index}` }, { ...session.headers, 'If-Match': '"0"' }),
    );

    expect(statusesOf(answers)).toEqual(oneOf(200, 412));
    const winner = answers.find(({ status }) => status === 200);
    expect((await server.client.token(id, session.headers)).body).toMatchObject({
      note: winner?.body.note,
      version: 1,
    });
    expect(await auditEventsOf(id)).toHaveLength(2);
  });

  it('all succeed for rotations with If-Match: *, and leave one valid secret', async () => {
    const session = await signUp();
    const { id } = await createToken(session);

    const answers = await atOnce(() => server.client.rotateToken(id, { ...session.headers, ...any }));

    expect(statusesOf(answers)).toEqual(all(200));
    const uses = await Promise.all(answers.map(({ body }) => server.client.me(tokenHeader(body))));
    expect(statusesOf(uses)).toEqual(oneOf(200, 401));
    expect((await server.client.token(id, session.headers)).body.version).toBe(AT_ONCE);
  });

  it('revoke it once', async () => {
    const session = await signUp();
    const { id } = await createToken(session);

    const answers = await atOnce(() => server.client.revokeToken(id, session.headers));

    expect(statusesOf(answers)).toEqual(oneOf(204, 404));
  });

  it('all succeed for a mixture that locks several rows, without a deadlock', async () => {
    const session = await signUp();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => createToken(session)));
    const ids = tokens.map(({ id }) => id);
    const parent = tokens[4]?.id ?? '';
    // The parent has the highest id: a revocation with descendants locks rows in a different order from a
    // bulk change.
    await server.database.execute(
      `INSERT INTO "token_ancestors" ("tokenId", "ancestorId") VALUES ${ids
        .slice(0, 4)
        .map((id) => `('${id}', '${parent}')`)
        .join(', ')}`,
    );
    const acts: Act[] = [
      () => server.client.bulkTokens({ action: 'disable', ids }, session.headers),
      () => server.client.bulkTokens({ action: 'enable', ids: [...ids].reverse() }, asAdmin),
      (index) =>
        server.client.updateToken(ids[index % 5] ?? '', { note: `n${index}` }, { ...asAdmin, ...any }),
      () => server.client.bump(session.headers),
      () => server.client.createMyToken(session.headers, {}),
    ];

    const answers = await atOnce((index) =>
      index === 10
        ? server.client.revokeToken(parent, session.headers, '?descendants=true')
        : (acts[index % acts.length] as Act)(index),
    );

    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });
});

describe('DELETE /users/{name} of users who issued tokens for others', () => {
  it('succeeds while their tokens rotate themselves, without a deadlock', async () => {
    const other = await signUp();
    const statuses: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const creator = await signUpWithPermissions('tokens:write');
      for (let count = 0; count < 3; count += 1) {
        expect((await server.client.createUserToken(other.user, creator.headers, {})).status).toBe(201);
      }
      const rotating = await Promise.all(Array.from({ length: 6 }, () => createToken(creator)));
      let isDeleted = false;
      const loops = rotating.map(async ({ id, headers }) => {
        for (let presented = headers, isValid = true; isValid && !isDeleted;) {
          const { status, body } = await server.client.rotateToken(id, { ...presented, ...any });
          statuses.push(status);
          isValid = status === 200;
          presented = isValid ? tokenHeader(body) : presented;
        }
      });

      const { status } = await server.client.deleteUser(creator.user, asAdmin);
      isDeleted = true;
      await Promise.all(loops);

      expect(status).toBe(204);
    }
    expect(statuses.filter((status) => ![200, 401, 404].includes(status))).toEqual([]);
  });
});

describe('the revocation of tokens', () => {
  it.each<[string, number[], (id: string, headers: Headers) => Promise<{ status: number }>]>([
    [
      'DELETE /tokens/{id}?descendants=true',
      [204, 0],
      (id, headers) => server.client.revokeToken(id, headers, '?descendants=true'),
    ],
    [
      'POST /tokens/{id}/rotate with revokeDescendants',
      [200, 1],
      (id, headers) => server.client.rotateToken(id, headers, { revokeDescendants: true }),
    ],
  ])('by %s includes descendants that are created at the same time', async (_, [expected, kept], revoke) => {
    for (let round = 0; round < 3; round += 1) {
      const session = await signUp();
      const root = await createToken(session);
      const child = await createToken(root);

      const [{ status }, ...created] = await Promise.all([
        revoke(root.id, session.headers),
        ...Array.from({ length: 6 }, () => server.client.createMyToken(child.headers)),
      ]);

      expect(status).toBe(expected);
      expect(created.every((answer) => answer.status === 201 || answer.status === 401)).toBe(true);
      expect((await server.client.myTokens(session.headers, '?kind=api')).body.total).toBe(kept);
    }
  });

  it('leaves one token when two sessions of a user revoke each other', async () => {
    for (let round = 0; round < 3; round += 1) {
      const first = await signUp();
      const both = [first, await login(first.user)];

      const answers = await Promise.all(
        both.map(({ headers }) => server.client.revokeMyOtherTokens(headers)),
      );

      expect(statusesOf(answers)).toEqual([204, 401]);
      const uses = await Promise.all(both.map(({ headers }) => server.client.me(headers)));
      expect(statusesOf(uses)).toEqual([200, 401]);
    }
  });

  it('leaves at most one token when two administrators revoke all tokens of all users', async () => {
    const both = await Promise.all([1, 2].map(() => server.client.loginHeaders(ADMIN.name, ADMIN.password)));

    await Promise.all(
      both.map((headers) =>
        server.client.bulkTokens({ action: 'revoke', filter: {}, keepCurrent: true }, headers),
      ),
    );

    const uses = await Promise.all(both.map((headers) => server.client.me(headers)));
    expect(uses.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    Object.assign(asAdmin, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
  });
});

describe('20 parallel changes of a user or role', () => {
  it.each<[string, number[], (name: string, index: number) => Promise<ApiResponse<unknown>>]>([
    [
      'PATCH /users/{name}',
      all(200),
      (name, index) => server.client.updateUser(name, { displayName: `n${index}` }, { ...asAdmin, ...any }),
    ],
    [
      'PUT /users/{name}/password',
      all(204),
      (name) => server.client.resetPassword(name, { password: PASSWORD }, asAdmin),
    ],
    ['POST /users/{name}/set-up-link', all(201), (name) => server.client.createSetUpLink(name, asAdmin)],
    ['DELETE /users/{name}/throttle', all(204), (name) => server.client.liftThrottle(name, asAdmin)],
    ['DELETE /users/{name}/tokens', all(204), (name) => server.client.revokeUserTokens(name, asAdmin)],
    ['POST /users/{name}/tokens', all(201), (name) => server.client.createUserToken(name, asAdmin, {})],
    ['DELETE /users/{name}', oneOf(204, 404), (name) => server.client.deleteUser(name, asAdmin)],
  ])('by %s return %j', async (_, expected, send) => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);

    const answers = await atOnce((index) => send(user.name, index));

    expect(statusesOf(answers)).toEqual(expected);
  });

  it('change the own password once', async () => {
    const { headers } = await signUp();

    const answers = await atOnce((index) =>
      server.client.changePassword(
        { currentPassword: PASSWORD, newPassword: `${PASSWORD} ${index}` },
        headers,
      ),
    );

    expect(statusesOf(answers).filter((status) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('use a set-up link once, whose password is set', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    const { body } = await server.client.createSetUpLink(user.name, asAdmin);
    const secret = body.link.split('#')[1] ?? '';

    const passwords = Array.from({ length: AT_ONCE }, (_, index) => `${PASSWORD} ${index}`);

    const answers = await atOnce((index) =>
      server.client.setUp({ secret, password: passwords[index] ?? '' }),
    );

    expect(statusesOf(answers)).toEqual(oneOf(204, 401));
    const winner = answers.findIndex(({ status }) => status === 204);
    expect((await server.client.login(user.name, passwords[winner] ?? '')).status).toBe(200);
  });

  it('all succeed for POST /users/bulk with users in different orders', async () => {
    const names = await Promise.all(
      Array.from({ length: 5 }, async () => (await server.client.createUser(newUser(), asAdmin)).body.name),
    );

    const answers = await atOnce((index) =>
      server.client.bulkUsers(
        { action: index % 2 ? 'disable' : 'enable', ids: index % 3 ? names : [...names].reverse() },
        asAdmin,
      ),
    );

    expect(statusesOf(answers)).toEqual(all(200));
    expect(itemsOf(answers)).toEqual(Array(5 * AT_ONCE).fill(200));
  });
});

describe('parallel creations', () => {
  it('of tokens stop at the limit per user', async () => {
    const session = await signUp();

    const answers = await Promise.all(
      Array.from({ length: TOKENS_PER_USER + 15 }, () => server.client.createMyToken(session.headers)),
    );

    expect(statusesOf(answers)).toEqual([
      ...Array<number>(TOKENS_PER_USER).fill(201),
      ...Array<number>(15).fill(409),
    ]);
  });

  it('of users with similar names succeed once', async () => {
    const names = ['modern', 'rnodern', 'modem', 'rnodem'];

    const answers = await atOnce((index) =>
      server.client.createUser({ name: names[index % 4] ?? '' }, asAdmin),
    );

    expect(statusesOf(answers)).toEqual(oneOf(201, 409));
  });

  it('of a role succeed once, with one audit entry', async () => {
    const role = newRole();

    const answers = await atOnce(() => server.client.createRole(role, asAdmin));

    expect(statusesOf(answers)).toEqual(oneOf(201, 409));
    expect(await trailOfRole(role.name)).toHaveLength(1);
  });
});

describe('parallel changes of a role', () => {
  it('leave no user with a deleted role when the role is granted at the same time', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, () => createRole()));

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

describe('POST /auth/logout', () => {
  it('is final, even with parallel bumps', async () => {
    for (let round = 0; round < 5; round += 1) {
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

      const answers = await Promise.all([
        ...Array.from({ length: 5 }, () => server.client.bump(headers)),
        server.client.logout(headers),
        ...Array.from({ length: 5 }, () => server.client.bump(headers)),
      ]);

      expect(answers.every(({ status }) => status === 200 || status === 401)).toBe(true);
      expect((await server.client.bump(headers)).status).toBe(401);
    }
  });
});
