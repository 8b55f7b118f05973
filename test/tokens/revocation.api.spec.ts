import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { RolesRepository } from '../../apps/api/src/permissions/roles/roles.repository.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';
import { fromNow, type TokenWithHeaders, useTokens } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('DELETE /tokens/{id}', () => {
  /** Creates a user and logs in once for each note. */
  async function signUp(...notes: string[]) {
    const user = newUser();
    expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
    const tokens: (UserTokenDto & { headers: Headers })[] = [];
    for (const note of notes) {
      const { body } = await server.client.login(user.name, PASSWORD, { body: { note } });
      tokens.push({ ...body, headers: tokenHeader(body) });
    }
    return { name: user.name, tokens };
  }

  /** Returns the token with this number, which has to exist. */
  const at = <T>(items: readonly T[], index: number) => items[index] as T;

  it('returns 204 and immediately revokes that token, and no other', async () => {
    const { tokens } = await signUp('one', 'two');

    const { status, text } = await server.client.revokeToken(at(tokens, 1).id, at(tokens, 0).headers);

    expect([status, text]).toEqual([204, '']);
    expect((await server.client.me(at(tokens, 1).headers)).body.code).toBe('token_revoked');
    expect((await server.client.me(at(tokens, 0).headers)).status).toBe(200);
  });

  it('revokes the presented token', async () => {
    const { tokens } = await signUp('one');

    await server.client.revokeToken(at(tokens, 0).id, at(tokens, 0).headers);

    expect((await server.client.me(at(tokens, 0).headers)).status).toBe(401);
  });

  it("returns the same 404 for another user's token as for an unknown one, and keeps it", async () => {
    const mine = await signUp('mine');
    const theirs = await signUp('theirs');
    const ask = async (id: string) => {
      const { status, body } = await server.client.revokeToken(id, at(mine.tokens, 0).headers);
      const { traceId: _, ...problem } = body;
      return { status, problem };
    };

    const answers = [await ask(at(theirs.tokens, 0).id), await ask('0'), await ask(at(theirs.tokens, 0).id)];

    expect(answers[0]).toMatchObject({ status: 404, problem: { code: 'not_found' } });
    expect(answers).toEqual(Array(3).fill(answers[0]));
    expect((await server.client.me(at(theirs.tokens, 0).headers)).status).toBe(200);
  });

  it('returns 404 the second time', async () => {
    const { tokens } = await signUp('one', 'two');
    const revoke = () => server.client.revokeToken(at(tokens, 1).id, at(tokens, 0).headers);

    expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 404]);
  });

  it.each(['%00', 'x'.repeat(90), '%27%20OR%201=1', '..%2F..%2Fetc', '%F0%9F%90%8E'])(
    'returns 400 or 404 for the id %s',
    async (id) => {
      expect([400, 404]).toContain((await server.client.revokeToken(id, asAdmin)).status);
    },
  );
});

describe('revocation of single tokens', () => {
  const DAY = 86_400_000;
  const { signUp, signUpWithPermissions, createToken, auditEventsOf } = useTokens(server, asAdmin);

  /** Reads all tokens and changes none. */
  let reader: TokenWithHeaders;
  /** Reads and changes all tokens. */
  let writer: TokenWithHeaders;
  /** Changes tokens, but reads only the user's own. */
  let blind: TokenWithHeaders;

  beforeAll(async () => {
    reader = await signUpWithPermissions('tokens:read');
    writer = await signUpWithPermissions('tokens:read', 'tokens:write');
    blind = await signUpWithPermissions('tokens:write');
  });

  const codeOf = async ({ headers }: { headers: Headers }) => (await server.client.me(headers)).body.code;
  const codesOf = (...tokens: { headers: Headers }[]) => Promise.all(tokens.map(codeOf));

  describe('DELETE /tokens/{id}', () => {
    it('returns 204 for a token of a more powerful user with tokens:write', async () => {
      const above = await signUpWithPermissions('users:read');

      const { status } = await server.client.revokeToken(above.id, writer.headers);

      expect([status, await codeOf(above)]).toEqual([204, 'token_revoked']);
      expect((await auditEventsOf(above.id)).at(-1)).toMatchObject({
        action: 'authn_token_revoked',
        actorName: writer.user,
        subjectName: above.user,
      });
    });

    it('returns 403 if the token is visible only, and 404 if it is not visible', async () => {
      const token = await signUp();
      const other = await signUp();

      const seen = await server.client.revokeToken(token.id, reader.headers);
      const hidden = await server.client.revokeToken(token.id, other.headers);
      const unseen = await server.client.revokeToken(token.id, blind.headers);

      expect([seen.status, seen.body.code]).toEqual([403, 'forbidden']);
      expect([hidden.status, hidden.body.code]).toEqual([404, 'not_found']);
      expect([unseen.status, unseen.body.code]).toEqual([404, 'not_found']);
      expect(await codeOf(token)).toBeUndefined();
    });

    it('revokes an expired token, which can then not be renewed', async () => {
      const session = await signUp();
      const token = await createToken(session, { expirationTime: fromNow(DAY) });
      stopClock(server, token.expirationTime ?? '');

      expect((await server.client.revokeToken(token.id, session.headers)).status).toBe(204);
      const renewed = await server.client.updateToken(
        token.id,
        { expirationTime: fromNow(2 * DAY) },
        { ...session.headers, 'If-Match': '*' },
      );
      expect(renewed.status).toBe(409);
    });

    it('keeps the row as revoked', async () => {
      const session = await signUp();
      const { id } = await createToken(session, { note: 'gone' });
      await server.client.revokeToken(id, session.headers);

      const { body } = await server.client.token(id, session.headers);
      const list = await server.client.myTokens(session.headers);
      const revoked = await server.client.myTokens(session.headers, '?state=revoked');

      expect(body).toMatchObject({ note: 'gone', state: 'revoked' });
      expect(list.body.items.map((token) => token.id)).toEqual([session.id]);
      expect(revoked.body.items.map((token) => token.id)).toEqual([id]);
    });

    it.each(['?descendants=yes', '?descendants=', '?children=true'])('returns 400 for %s', async (query) => {
      const session = await signUp();

      const { status, body } = await server.client.revokeToken(session.id, session.headers, query);

      expect([status, body.code]).toEqual([400, 'invalid_parameter']);
      expect(await codeOf(session)).toBeUndefined();
    });
  });

  describe('DELETE /tokens/{id}?descendants=true', () => {
    const all = '?descendants=true';

    it('revokes descendants at any depth, and nothing else', async () => {
      const session = await signUp();
      const root = await createToken(session);
      const child = await createToken(root);
      const below = await createToken(await createToken(child));
      const beside = await createToken(session);

      const { status } = await server.client.revokeToken(root.id, session.headers, all);

      expect(status).toBe(204);
      expect(await codesOf(root, child, below, beside, session)).toEqual([
        'token_revoked',
        'token_revoked',
        'token_revoked',
        undefined,
        undefined,
      ]);
      const trail = await auditEventsOf(root.id);
      expect(trail).toHaveLength(2);
      const descendants = [child.id, below.createdByTokenId, below.id];
      const tokens = [root.id, ...descendants].map((id) =>
        expect.objectContaining({ id, user: session.user, tokenPreview: expect.stringMatching(/…/) }),
      );
      expect(trail[1]?.after).toEqual({ descendants, tokens });
    });

    it('revokes descendants of a token that is already revoked', async () => {
      const session = await signUp();
      const root = await createToken(session);
      const child = await createToken(root);
      await server.client.revokeToken(root.id, session.headers);
      expect(await codeOf(child)).toBeUndefined();

      const first = await server.client.revokeToken(root.id, session.headers, all);
      const second = await server.client.revokeToken(root.id, session.headers, all);

      expect([first.status, await codeOf(child), second.status]).toEqual([204, 'token_revoked', 404]);
    });

    it('revokes descendants of a token whose row is deleted', async () => {
      const session = await signUp();
      const root = await createToken(session);
      const middle = await createToken(root);
      const below = await createToken(middle);
      await server.client.revokeToken(middle.id, session.headers);
      await server.database.execute(`DELETE FROM tokens WHERE id = '${middle.id}'`);

      const { status } = await server.client.revokeToken(root.id, session.headers, all);

      expect([status, await codeOf(below)]).toEqual([204, 'token_revoked']);
    });

    it("revokes tokens that an administrator's token issued for others", async () => {
      const admin = (await server.client.login('admin', 'correct horse: bättery staple')).body;
      const headers = { Authorization: `Bearer ${admin.token}` };
      const user = await signUp();
      const { body: made } = await server.client.createUserToken(user.user, headers);

      await server.client.revokeToken(admin.id, asAdmin, all);

      expect(await codeOf({ headers: { Authorization: `Bearer ${made.token}` } })).toBe('token_revoked');
      expect(await codeOf(user)).toBeUndefined();
    });

    it('returns 403 and revokes nothing when the caller may not revoke descendants of other users', async () => {
      const issuer = await signUpWithPermissions('tokens:write');
      const root = await createToken(issuer);
      const user = await signUp();
      await server.client.createUserToken(user.user, root.headers);
      await server.client.updateToken(root.id, { permissions: [], version: 0 }, issuer.headers);

      const { status, body } = await server.client.revokeToken(root.id, root.headers, all);

      expect([status, body.code]).toEqual([403, 'forbidden']);
      expect(await codesOf(issuer, root)).toEqual([undefined, undefined]);
    });

    it('returns 404 for a token that created the presented limited one', async () => {
      const session = await signUp();
      const narrow = await createToken(session, { permissions: [] });

      const { status, body } = await server.client.revokeToken(session.id, narrow.headers, all);

      expect([status, body.code]).toEqual([404, 'not_found']);
      expect(await codesOf(session, narrow)).toEqual([undefined, undefined]);
    });

    it("locks authority only for callers who can revoke other users' tokens", async () => {
      const session = await signUp();
      const root = await createToken(session);
      const hidden = await signUp();
      const lock = jest.spyOn(server.app.get(RolesRepository), 'lockAuthority');
      const revoke = async (id: string, { headers }: { headers: Headers }) =>
        (await server.client.revokeToken(id, headers, all)).status;

      expect([await revoke('unknown', session), await revoke(hidden.id, session)]).toEqual([404, 404]);
      expect([await revoke(root.id, session), await revoke(root.id, session)]).toEqual([204, 404]);
      expect([await revoke('unknown', writer), await revoke(hidden.id, blind)]).toEqual([404, 404]);
      expect(lock).not.toHaveBeenCalled();

      expect(await revoke(hidden.id, writer)).toBe(204);
      expect(lock).toHaveBeenCalled();
    });
  });
});

describe('reason for a revocation or rotation', () => {
  const { signUp, createToken, auditEventsOf } = useTokens(server, asAdmin);
  const reason = 'In the log of build 17 – “public”';
  const query = (text: string) => `?${new URLSearchParams({ reason: text }).toString()}`;

  it.each([
    ['', { reason }],
    ['&descendants=true', { reason, descendants: [] }],
  ])('is in the audit entry of DELETE /tokens/{id} with the query %s', async (rest, after) => {
    const token = await createToken(await signUp());

    const { status } = await server.client.revokeToken(token.id, token.headers, query(reason) + rest);

    expect(status).toBe(204);
    expect((await auditEventsOf(token.id)).at(-1)).toMatchObject({ action: 'authn_token_revoked', after });
  });

  it('is in the audit entry of a rotation', async () => {
    const token = await createToken(await signUp());

    await server.client.rotateToken(token.id, token.headers, { reason });

    expect((await auditEventsOf(token.id)).at(-1)).toMatchObject({
      action: 'authn_token_rotated',
      after: { reason },
    });
  });

  it('is in the audit entry of the revocation of all tokens of a user', async () => {
    const { user } = await signUp();
    const { body } = await server.client.user(user, asAdmin);

    await server.client.request('DELETE', `/users/${user}/tokens${query(reason)}`, { headers: asAdmin });

    expect((await auditEventsOf(body.id)).at(-1)).toMatchObject({ after: { all: true, reason } });
  });

  it('is in the audit entry of a bulk revocation', async () => {
    const { id } = await signUp();

    await server.client.bulkTokens({ action: 'revoke', ids: [id], reason }, asAdmin);

    const { body } = await server.client.auditEvents(asAdmin, `?subject=${id}&size=1`);
    expect(body.items).toMatchObject([{ action: 'authn_token_revoked', after: { reason } }]);
  });

  it.each([
    ['empty', ''],
    ['longer than 200 characters', 'x'.repeat(201)],
    ['two lines', 'one\ntwo'],
  ])('is rejected if it is %s', async (_name, text) => {
    const token = await createToken(await signUp());

    const revoked = await server.client.revokeToken(token.id, token.headers, query(text));
    const rotated = await server.client.rotateToken(token.id, token.headers, { reason: text });
    const bulk = await server.client.bulkTokens({ action: 'revoke', ids: [token.id], reason: text }, asAdmin);

    expect([revoked.status, rotated.status, bulk.status]).toEqual([400, 422, 422]);
    expect((await server.client.me(token.headers)).status).toBe(200);
  });
});

describe('POST /tokens/{id}/rotate with revokeDescendants', () => {
  const { signUp, signUpWithPermissions, createToken, auditEventsOf } = useTokens(server, asAdmin);
  const codeOf = async ({ headers }: { headers: Headers }) => (await server.client.me(headers)).body.code;

  it('replaces the secret and revokes the descendants at any depth, in one audit entry', async () => {
    const session = await signUp();
    const root = await createToken(session);
    const child = await createToken(root);
    const below = await createToken(child);
    const beside = await createToken(session);

    const { status, body } = await server.client.rotateToken(root.id, session.headers, {
      revokeDescendants: true,
    });

    expect([status, body.revokedDescendants]).toEqual([200, 2]);
    expect(await Promise.all([root, child, below, beside].map(codeOf))).toEqual([
      'unauthenticated',
      'token_revoked',
      'token_revoked',
      undefined,
    ]);
    expect(await codeOf({ headers: tokenHeader(body) })).toBeUndefined();
    const entries = await auditEventsOf(root.id);
    expect(entries).toHaveLength(2);
    expect(entries[1]?.after).toMatchObject({ descendants: [child.id, below.id] });
    const found = await server.client.auditEvents(asAdmin, `?subject=${below.id}&size=1`);
    expect(found.body.items).toMatchObject([{ action: 'authn_token_rotated', subject: { id: root.id } }]);
  });

  it('revokes the tokens that GET /tokens?descendantOf lists', async () => {
    const session = await signUp();
    const root = await createToken(session);
    const child = await createToken(root);
    const below = await createToken(child);
    await createToken(session);
    const listed = async (headers: Headers) =>
      (await server.client.tokens(headers, `?descendantOf=${root.id}`)).body.items.map(({ id }) => id);

    const before = [
      await listed(session.headers),
      await listed(asAdmin),
      await listed((await signUp()).headers),
    ];
    await server.client.rotateToken(root.id, session.headers, { revokeDescendants: true });

    expect(before).toEqual([[below.id, child.id], [below.id, child.id], []]);
    expect(await listed(session.headers)).toEqual([]);
  });

  it('keeps the descendants without it', async () => {
    const session = await signUp();
    const root = await createToken(session);
    const child = await createToken(root);

    const { body } = await server.client.rotateToken(root.id, session.headers);

    expect(body).not.toHaveProperty('revokedDescendants');
    expect(body).not.toHaveProperty('proof');
    expect(await codeOf(child)).toBeUndefined();
  });

  it('returns 403 and changes nothing when the caller may not revoke descendants of other users', async () => {
    const issuer = await signUpWithPermissions('tokens:write');
    const root = await createToken(issuer);
    const user = await signUp();
    await server.client.createUserToken(user.user, root.headers);
    await server.client.updateToken(root.id, { permissions: [], version: 0 }, issuer.headers);

    const { status, body } = await server.client.rotateToken(root.id, root.headers, {
      revokeDescendants: true,
    });

    expect([status, body.code, await codeOf(root)]).toEqual([403, 'forbidden', undefined]);
    expect(body.detail).toContain('1 of the descendants belong to other users');
  });
});

describe('revocation of all tokens', () => {
  const { signUp, signUpWithPermissions, createToken, login } = useTokens(server, asAdmin);

  /** Reads all tokens and changes none. */
  let reader: TokenWithHeaders;
  /** Changes all tokens and reads none. */
  let writer: TokenWithHeaders;

  beforeAll(async () => {
    reader = await signUpWithPermissions('tokens:read');
    writer = await signUpWithPermissions('tokens:write');
  });

  const codeOf = async ({ headers }: { headers: Headers }) => (await server.client.me(headers)).body.code;
  const codesOf = (...tokens: { headers: Headers }[]) => Promise.all(tokens.map(codeOf));

  describe('DELETE /me/tokens', () => {
    it('returns 204 and revokes all tokens except the presented one', async () => {
      const session = await signUp();
      const others = [await login(session.user), await createToken(session)];

      const { status } = await server.client.revokeMyOtherTokens(session.headers);

      expect(status).toBe(204);
      expect(await codesOf(session, ...others)).toEqual([undefined, 'token_revoked', 'token_revoked']);
      expect((await server.client.token(session.id, session.headers)).body).toMatchObject({
        state: 'active',
        version: 0,
      });
      expect(await codeOf(await login(session.user))).toBeUndefined();
    });

    it('revokes the superseded secret of the presented token', async () => {
      const session = await signUp();
      const { body } = await server.client.rotateToken(session.id, session.headers, {
        gracePeriodSeconds: 60,
      });
      const current = { headers: { Authorization: `Bearer ${body.token}` } };
      expect(await codeOf(session)).toBeUndefined();

      await server.client.revokeMyOtherTokens(current.headers);

      expect(await codesOf(session, current)).toEqual(['token_expired', undefined]);
    });

    it("keeps other users' tokens", async () => {
      const session = await signUp();
      const other = await signUp();

      await server.client.revokeMyOtherTokens(session.headers);

      expect(await codeOf(other)).toBeUndefined();
    });
  });

  describe('DELETE /users/{name}/tokens', () => {
    it('returns 204 and revokes all present tokens, but no later ones', async () => {
      const session = await signUp();
      const token = await createToken(session);

      const { status } = await server.client.revokeUserTokens(session.user.toUpperCase(), writer.headers);

      expect(status).toBe(204);
      expect(await codesOf(session, token)).toEqual(['token_revoked', 'token_revoked']);
      expect(await codeOf(await login(session.user))).toBeUndefined();
    });

    it('revokes the presented token of the user', async () => {
      const own = await signUpWithPermissions('tokens:write');

      await server.client.revokeUserTokens(own.user, own.headers);

      expect(await codeOf(own)).toBe('token_revoked');
    });
  });

  describe('GET /users/{name}/tokens', () => {
    it("returns the user's tokens with tokens:read", async () => {
      const session = await signUp();
      const token = await createToken(session);

      const { status, body } = await server.client.userTokens(session.user.toUpperCase(), reader.headers);

      expect(status).toBe(200);
      expect(body.items.map(({ id }) => id)).toEqual([token.id, session.id]);
    });
  });
});
