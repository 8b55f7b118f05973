import { beforeEach, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { insertTokens } from '../support/token-rows.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, useTokens, type TokenInUse } from '../support/use-tokens.js';

const DAY = 86_400_000;

const server = useServer();
const asAdmin = useAdmin(server);
const { signUp, signUpWith, make, stopClock } = useTokens(server, asAdmin);

/** Creates tokens for others, and is deleted. */
let maker: TokenInUse;
/** An API token of the maker, with an expiry. */
let root: TokenInUse;
let owner: TokenInUse;
/** A token of the owner that was created with the root, and one that was created with it. */
let child: TokenInUse;
let grandchild: TokenInUse;
/** A token of the owner that the maker has nothing to do with. */
let other: TokenInUse;

beforeEach(async () => {
  maker = await signUpWith('tokens:write', 'tokens:read');
  owner = await signUp();
  root = await make(maker, { expirationTime: fromNow(9 * DAY) });
  const { body } = await server.client.createUserToken(owner.user, root.headers, {
    expirationTime: fromNow(DAY),
  });
  child = { ...body, headers: tokenHeader(body) };
  grandchild = await make(child);
  other = await make(owner);
});

const codeOf = async ({ headers }: { headers: Headers }) => (await server.client.me(headers)).body.code;
const codesOf = (...tokens: TokenInUse[]) => Promise.all(tokens.map(codeOf));
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
    const deleter = await signUpWith('users:write', 'roles:write', 'tokens:write', 'tokens:read');
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
    const rotate = async (presented: TokenInUse) => {
      const { status, body } = await server.client.rotateToken(other.id, {
        ...presented.headers,
        'If-Match': '*',
      });
      expect(status).toBe(200);
      other = { ...body, headers: tokenHeader(body) };
    };

    it('revokes it and its later descendants, but not earlier ones', async () => {
      const before = await make(other);
      await rotate(root);
      await rotate(maker);
      const after = await make(other);

      const { status } = await deleteMaker();

      expect([status, await codesOf(other, after, before)]).toEqual([204, REVOKED]);
    });

    it('with keepDescendants keeps it', async () => {
      await rotate(maker);

      await deleteMaker('?keepDescendants=true');

      expect(await codeOf(other)).toBeUndefined();
    });

    it('revokes it when the presented token was created with one of the deleted user', async () => {
      const deputy = await signUpWith('tokens:write', 'tokens:read');
      await server.database.execute(
        `INSERT INTO token_ancestors ("tokenId", "ancestorId", "ancestorUserId")
         SELECT '${deputy.id}', id, "userId" FROM tokens WHERE id = '${root.id}'`,
      );
      await rotate(deputy);

      await deleteMaker();

      expect(await codeOf(other)).toBe('token_revoked');
    });

    it('stores each user once, without limiting the expiry or acting as a token', async () => {
      other = await make(owner, { expirationTime: fromNow(DAY) });
      await rotate(root);
      const { expirationTime } = other;
      stopClock(Date.now() + 60_000);
      await rotate(root);
      const rows = await server.database.query<{ ancestorId: string }>(
        `SELECT "ancestorId" FROM token_ancestors WHERE "tokenId" = '${other.id}' AND "ancestorId" = "ancestorUserId"`,
      );

      expect(rows).toHaveLength(1);
      expect(Date.parse(other.expirationTime ?? '')).toBeGreaterThan(Date.parse(expirationTime ?? ''));
      const byUser = await server.client.revokeToken(rows[0]?.ancestorId ?? '', asAdmin, '?descendants=true');
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
    const refused = await bulk({ action: 'disable', keepDescendants: true });
    await bulk({ keepDescendants: true });

    expect([refused.status, refused.body.errors?.[0]?.pointer]).toEqual([422, '/keepDescendants']);
    expect(await codesOf(child, grandchild, other)).toEqual([undefined, undefined, undefined]);
  });
});
