import { describe, expect, it } from '@jest/globals';
import { type BulkResultDto } from '@latchkey/auth-models';
import { tokenHeader, type Answer } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';

const AT_ONCE = 20;

const server = useServer();
const asAdmin = useAdmin(server);
const { signUp, signUpWith, make } = useTokens(server, asAdmin);
const any = { 'If-Match': '*' };

/** Sends the same request many times at once, and returns the answers. */
const atOnce = <Body>(send: (index: number) => Promise<Answer<Body>>): Promise<Answer<Body>[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => send(index)));

const statusesOf = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();
const all = (status: number) => Array<number>(AT_ONCE).fill(status);
const oneOf = (status: number, others: number) => [status, ...Array<number>(AT_ONCE - 1).fill(others)];

/** One request of many, by its number. */
type Act = (index: number) => Promise<Answer<unknown>>;

/** The statuses of the items of bulk requests. */
const itemsOf = (answers: readonly { body: BulkResultDto }[]) =>
  answers.flatMap(({ body }) => body.results.map(({ status }) => status));

describe('20 parallel changes of a token', () => {
  it('all succeed for PATCH with If-Match: *', async () => {
    const session = await signUp();
    const { id } = await make(session);

    const answers = await atOnce((index) =>
      server.client.updateToken(id, { note: `n${index}` }, { ...session.headers, ...any }),
    );

    expect(statusesOf(answers)).toEqual(all(200));
    expect((await server.client.token(id, session.headers)).body.version).toBe(AT_ONCE);
  });

  it('all succeed for PATCH by the owner and an administrator', async () => {
    const session = await signUp();
    const { id } = await make(session);

    const answers = await atOnce((index) =>
      server.client.updateToken(
        id,
        { note: `n${index}` },
        { ...(index % 2 ? asAdmin : session.headers), ...any },
      ),
    );

    expect(statusesOf(answers)).toEqual(all(200));
  });

  it('all succeed for rotations with If-Match: *, and leave one valid secret', async () => {
    const session = await signUp();
    const { id } = await make(session);

    const answers = await atOnce(() => server.client.rotateToken(id, { ...session.headers, ...any }));

    expect(statusesOf(answers)).toEqual(all(200));
    const uses = await Promise.all(answers.map(({ body }) => server.client.me(tokenHeader(body))));
    expect(statusesOf(uses)).toEqual(oneOf(200, 401));
    expect((await server.client.token(id, session.headers)).body.version).toBe(AT_ONCE);
  });

  it('revoke it once', async () => {
    const session = await signUp();
    const { id } = await make(session);

    const answers = await atOnce(() => server.client.revokeToken(id, session.headers));

    expect(statusesOf(answers)).toEqual(oneOf(204, 404));
  });

  it('all succeed for a mixture that locks several rows, without a deadlock', async () => {
    const session = await signUp();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => make(session)));
    const ids = tokens.map(({ id }) => id);
    const parent = tokens[4]?.id ?? '';
    // The parent has the highest id: a revocation with descendants takes rows in another order than a bulk change.
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
      const creator = await signUpWith('tokens:write');
      for (let count = 0; count < 3; count += 1) {
        expect((await server.client.createUserToken(other.user, creator.headers, {})).status).toBe(201);
      }
      const rotating = await Promise.all(Array.from({ length: 6 }, () => make(creator)));
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

describe('20 parallel changes of a user or role', () => {
  it.each<[string, number[], (name: string, index: number) => Promise<Answer<unknown>>]>([
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
    ['POST /users/{name}/set-up-link', all(201), (name) => server.client.makeSetUpLink(name, asAdmin)],
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

  it('all succeed for PATCH /me', async () => {
    const { headers } = await signUp();

    const answers = await atOnce((index) =>
      server.client.updateMe({ displayName: `n${index}` }, { ...headers, ...any }),
    );

    expect(statusesOf(answers)).toEqual(all(200));
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

  it('use a set-up link once', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    const { body } = await server.client.makeSetUpLink(user.name, asAdmin);
    const secret = body.link.split('#')[1] ?? '';

    const answers = await atOnce(() => server.client.setUp({ secret, password: PASSWORD }));

    expect(statusesOf(answers)).toEqual(oneOf(204, 401));
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

  it('all succeed for PATCH /roles/{name}', async () => {
    const role = newRole();
    await server.client.createRole(role, asAdmin);

    const answers = await atOnce((index) =>
      server.client.updateRole(role.name, { description: `n${index}` }, { ...asAdmin, ...any }),
    );

    expect(statusesOf(answers)).toEqual(all(200));
  });
});
