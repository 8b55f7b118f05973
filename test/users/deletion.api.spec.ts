import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { insertTokens } from '../support/token-rows.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';
import { fromNow, type TokenWithHeaders, useTokens } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('DELETE /users/{name}', () => {
  let name: string;
  let id: string;

  beforeEach(async () => {
    ({ name } = newUser());
    ({ id } = (await server.client.createUser({ name, password: PASSWORD }, asAdmin)).body);
  });

  const remove = (headers = {}) => server.client.deleteUser(name, { ...asAdmin, ...headers });
  const rows = async (table: string, column: string) =>
    (await server.database.query(`SELECT * FROM ${table} WHERE "${column}" = '${id}'`)).length;

  /** Inserts tokens of the user into the database. */
  async function addTokens(count: number): Promise<void> {
    const [token] = await server.database.query<Record<string, string | number | boolean | null>>(
      'SELECT * FROM tokens LIMIT 1',
    );
    const columns = Object.keys(token ?? {});
    const values = (index: number) =>
      columns.map((column) => {
        if (column === 'id' || column === 'digest') {
          return `'${column}-${index}'`;
        }
        const value = column === 'userId' ? id : (token?.[column] ?? null);
        return value === null ? 'NULL' : typeof value === 'string' ? `'${value}'` : String(value);
      });
    const rowsToAdd = Array.from({ length: count }, (_, index) => `(${values(index).join(', ')})`);
    await server.database.execute(
      `INSERT INTO tokens (${columns.map((column) => `"${column}"`).join(', ')}) VALUES ${rowsToAdd.join(', ')}`,
    );
  }

  it('returns 204, and deletes all rows of the user', async () => {
    const asUser = await server.client.loginHeaders(name, PASSWORD);

    const { status, text } = await remove();

    expect([status, text]).toEqual([204, '']);
    expect((await server.client.user(name, asAdmin)).status).toBe(404);
    expect((await server.client.me(asUser)).status).toBe(401);
    expect((await server.client.login(name, PASSWORD)).status).toBe(401);
    expect([await rows('users', 'id'), await rows('user_roles', 'userId')]).toEqual([0, 0]);
    expect(await rows('tokens', 'userId')).toBe(0);
  });

  it('accepts any spelling of the name', async () => {
    expect((await server.client.deleteUser(name.toUpperCase(), asAdmin)).status).toBe(204);
  });

  it('returns 404 the second time, and for an unknown user', async () => {
    await remove();

    expect((await remove()).status).toBe(404);
    expect((await server.client.deleteUser('nobody', asAdmin)).status).toBe(404);
  });

  it('makes the name available, with another id and without the old tokens', async () => {
    const asUser = await server.client.loginHeaders(name, PASSWORD);
    await remove();

    const { status, body } = await server.client.createUser({ name, password: PASSWORD }, asAdmin);

    expect(status).toBe(201);
    expect(body.id).not.toBe(id);
    expect((await server.client.me(asUser)).status).toBe(401);
  });

  it('deletes a user with thousands of tokens', async () => {
    await addTokens(2_500);

    expect((await remove()).status).toBe(204);

    expect([await rows('users', 'id'), await rows('tokens', 'userId')]).toEqual([0, 0]);
    const entries = await server.database.query(
      `SELECT action, after FROM audit_events WHERE "subjectName" = '${name}' ORDER BY sequence`,
    );
    expect(entries.slice(1)).toEqual([
      { action: 'user_updated', after: '{"enabled":false,"shutOutForDeletion":true}' },
      { action: 'user_deleted', after: null },
    ]);
  });
});

describe('tokens of deleted users', () => {
  const DAY = 86_400_000;
  const { signUp, signUpWithPermissions, createToken } = useTokens(server, asAdmin);

  /** A user who creates tokens for others, and is deleted. */
  let maker: TokenWithHeaders;
  /** API token of the creator, with an expiry. */
  let root: TokenWithHeaders;
  let owner: TokenWithHeaders;
  /** Token of the owner that was created with the root, and one that was created with it. */
  let child: TokenWithHeaders;
  let grandchild: TokenWithHeaders;
  /** Token of the owner that is unrelated to the creator. */
  let other: TokenWithHeaders;

  beforeEach(async () => {
    maker = await signUpWithPermissions('tokens:write', 'tokens:read');
    owner = await signUp();
    root = await createToken(maker, { expirationTime: fromNow(9 * DAY) });
    const { body } = await server.client.createUserToken(owner.user, root.headers, {
      expirationTime: fromNow(DAY),
    });
    child = { ...body, headers: tokenHeader(body) };
    grandchild = await createToken(child);
    other = await createToken(owner);
  });

  const codeOf = async ({ headers }: { headers: Headers }) => (await server.client.me(headers)).body.code;
  const codesOf = (...tokens: TokenWithHeaders[]) => Promise.all(tokens.map(codeOf));
  const deleteMaker = (query = '') => server.client.deleteUser(maker.user, asAdmin, query);
  const REVOKED = ['token_revoked', 'token_revoked', undefined];

  describe('DELETE /users/{name} of a user who issued tokens for others', () => {
    it('revokes these tokens and their descendants from the next request on, and no others', async () => {
      expect(await codesOf(child, grandchild, other)).toEqual([undefined, undefined, undefined]);

      const { status } = await deleteMaker();

      expect([status, await codesOf(child, grandchild, other)]).toEqual([204, REVOKED]);
      expect((await server.client.token(child.id, asAdmin)).body).toMatchObject({
        state: 'revoked',
        createdByTokenId: root.id,
      });
    });

    it('records each revoked token, which is found by token, owner and user', async () => {
      await deleteMaker();

      for (const tokenId of [child.id, grandchild.id]) {
        const { body } = await server.client.auditEvents(
          asAdmin,
          `?subject=${tokenId}&action=authn_token_revoked`,
        );
        expect(body.items).toHaveLength(1);
        expect(body.items[0]).toMatchObject({
          actor: { name: 'admin' },
          after: {
            createdWithTokensOf: [maker.user],
            tokens: [child, grandchild].map(({ id }) => ({ id, user: owner.user })),
          },
        });
      }
    });

    it('revokes descendants of tokens whose rows are deleted', async () => {
      await server.database.execute(`DELETE FROM tokens WHERE id IN ('${root.id}', '${child.id}')`);

      await deleteMaker();

      expect(await codeOf(grandchild)).toBe('token_revoked');
    });

    it('requires no permission on the owners of the tokens', async () => {
      const deleter = await signUpWithPermissions(
        'users:write',
        'roles:write',
        'tokens:write',
        'tokens:read',
      );
      await server.client.updateUser(owner.user, { roles: ['admin'] }, { ...asAdmin, 'If-Match': '*' });

      const { status } = await server.client.deleteUser(maker.user, deleter.headers);

      expect([status, await codeOf(child)]).toEqual([204, 'token_revoked']);
    });

    it('with keepDescendants keeps the tokens with their limit and ancestor', async () => {
      const { status } = await deleteMaker('?keepDescendants=true');

      expect([status, await codesOf(child, grandchild, other)]).toEqual([
        204,
        [undefined, undefined, undefined],
      ]);
      const { body } = await server.client.updateToken(
        child.id,
        { expirationTime: fromNow(50 * DAY) },
        { ...asAdmin, 'If-Match': '*' },
      );
      expect([body.expirationTime, body.createdByTokenId]).toEqual([root.expirationTime, root.id]);
      const below = await server.client.revokeToken(root.id, asAdmin, '?descendants=true');
      expect([below.status, await codesOf(child, grandchild, other)]).toEqual([204, REVOKED]);
      expect((await server.client.revokeToken(root.id, asAdmin, '?descendants=true')).status).toBe(404);
    });

    describe('and rotated a token of another user', () => {
      const rotate = async (presented: TokenWithHeaders) => {
        const { status, body } = await server.client.rotateToken(other.id, {
          ...presented.headers,
          'If-Match': '*',
        });
        expect(status).toBe(200);
        other = { ...body, headers: tokenHeader(body) };
      };

      it('revokes it and its later descendants, but not earlier ones', async () => {
        const before = await createToken(other);
        await rotate(root);
        await rotate(maker);
        const after = await createToken(other);

        const { status } = await deleteMaker();

        expect([status, await codesOf(other, after, before)]).toEqual([204, REVOKED]);
      });

      it('with keepDescendants keeps it', async () => {
        await rotate(maker);

        await deleteMaker('?keepDescendants=true');

        expect(await codeOf(other)).toBeUndefined();
      });

      it('revokes it when the presented token was created with one of the deleted user', async () => {
        const deputy = await signUpWithPermissions('tokens:write', 'tokens:read');
        await server.database.execute(
          `INSERT INTO token_ancestors ("tokenId", "ancestorId", "ancestorUserId")
         SELECT '${deputy.id}', id, "userId" FROM tokens WHERE id = '${root.id}'`,
        );
        await rotate(deputy);

        await deleteMaker();

        expect(await codeOf(other)).toBe('token_revoked');
      });

      it('stores each user once, without limiting the expiry or acting as a token', async () => {
        other = await createToken(owner, { expirationTime: fromNow(DAY) });
        await rotate(root);
        const { expirationTime } = other;
        stopClock(server, Date.now() + 60_000);
        await rotate(root);
        const rows = await server.database.query<{ ancestorId: string }>(
          `SELECT "ancestorId" FROM token_ancestors WHERE "tokenId" = '${other.id}' AND "ancestorId" = "ancestorUserId"`,
        );

        expect(rows).toHaveLength(1);
        expect(Date.parse(other.expirationTime ?? '')).toBeGreaterThan(Date.parse(expirationTime ?? ''));
        const byUser = await server.client.revokeToken(
          rows[0]?.ancestorId ?? '',
          asAdmin,
          '?descendants=true',
        );
        expect([byUser.status, await codeOf(other)]).toEqual([404, undefined]);
      });

      it('returns 409 when too many users have created or rotated the token', async () => {
        const values = Array.from({ length: 100 }, (_, index) => `('${other.id}', 'x${index}', 'x${index}')`);
        await server.database.execute(
          `INSERT INTO token_ancestors ("tokenId", "ancestorId", "ancestorUserId") VALUES ${values.join(', ')}`,
          `DELETE FROM token_ancestors WHERE "tokenId" = '${other.id}' AND "ancestorId" NOT LIKE 'x%'`,
        );

        const { status, body } = await server.client.rotateToken(other.id, {
          ...maker.headers,
          'If-Match': '*',
        });

        expect([status, body.code]).toEqual([409, 'token_limit']);
      });
    });

    it('returns 404 for a deleted token that is not visible to the caller', async () => {
      await deleteMaker('?keepDescendants=true');

      const { status } = await server.client.revokeToken(root.id, owner.headers, '?descendants=true');

      expect([status, await codeOf(child)]).toEqual([404, undefined]);
    });

    it('returns 400 for a keepDescendants that is neither true nor false', async () => {
      expect((await deleteMaker('?keepDescendants=yes')).status).toBe(400);
      expect(await codeOf(maker)).toBeUndefined();
    });

    it("revokes them when the user's many tokens are deleted in a first step", async () => {
      const ids = Array.from({ length: 600 }, (_, index) => `${maker.user}-${index}`);
      await server.database.execute(insertTokens(...ids.map((id) => ({ id, user: maker.user }))));

      const { status } = await deleteMaker();

      expect([status, await codesOf(child, grandchild, other)]).toEqual([204, REVOKED]);
    });
  });

  describe('POST /users/bulk with delete', () => {
    const bulk = (body: object) =>
      server.client.bulkUsers({ action: 'delete', ids: [maker.user], ...body }, asAdmin);

    it('counts descendants in a dry run, by name and by filter, and revokes them', async () => {
      const byName = await bulk({ dryRun: true });
      const byFilter = await bulk({ dryRun: true, ids: undefined, filter: { q: maker.user } });
      const { body } = await bulk({});

      expect([byName.body.descendantCount, byFilter.body.descendantCount]).toEqual([2, 2]);
      expect(body.results).toEqual([{ id: maker.user, status: 204 }]);
      expect(await codesOf(child, grandchild, other)).toEqual(REVOKED);
    });

    it('counts no tokens of users who are deleted too, nor for other actions', async () => {
      const both = await bulk({ dryRun: true, ids: [maker.user, owner.user] });
      const disable = await bulk({ dryRun: true, action: 'disable' });

      expect([both.body.descendantCount, disable.body.descendantCount]).toEqual([0, undefined]);
    });

    it('with keepDescendants keeps them, and rejects it for other actions', async () => {
      const rejected = await bulk({ action: 'disable', keepDescendants: true });
      await bulk({ keepDescendants: true });

      expect([rejected.status, rejected.body.errors?.[0]?.pointer]).toEqual([422, '/keepDescendants']);
      expect(await codesOf(child, grandchild, other)).toEqual([undefined, undefined, undefined]);
    });
  });
});
