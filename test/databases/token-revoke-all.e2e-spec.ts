import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenInUse } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { signUp, signUpWith, make, login, trailOf } = useTokens(server, asAdmin);

/** May see all tokens, and change none. */
let reader: TokenInUse;
/** May change all tokens, and see none. */
let writer: TokenInUse;

beforeAll(async () => {
  reader = await signUpWith('tokens:read');
  writer = await signUpWith('tokens:write');
});

const codeOf = async ({ headers }: { headers: Headers }) => (await server.client.me(headers)).body.code;
const codesOf = (...tokens: { headers: Headers }[]) => Promise.all(tokens.map(codeOf));

describe('DELETE /me/tokens', () => {
  it('returns 204 and revokes all tokens except the presented one', async () => {
    const session = await signUp();
    const others = [await login(session.user), await make(session)];

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
    const { body } = await server.client.rotateToken(session.id, session.headers, { gracePeriodSeconds: 60 });
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

  it('leaves one token or none when two callers revoke each other', async () => {
    for (let round = 0; round < 5; round += 1) {
      const first = await signUp();
      const second = await login(first.user);

      const answers = await Promise.all(
        [first, second].map(({ headers }) => server.client.revokeMyOtherTokens(headers)),
      );

      expect(answers.map(({ status }) => status).sort()).toEqual([204, 401]);
      expect((await codesOf(first, second)).sort()).toEqual(['token_revoked', undefined]);
    }
  });

  it('writes one audit entry for the user', async () => {
    const session = await signUp();
    const { body: me } = await server.client.me(session.headers);
    await server.client.revokeMyOtherTokens(session.headers);

    expect((await trailOf(me.id)).filter(({ action }) => action === 'authn_token_revoked')).toEqual([
      {
        action: 'authn_token_revoked',
        actorName: session.user,
        subjectKind: 'user',
        subjectName: session.user,
        before: null,
        after: { all: true, keptTokenId: session.id },
      },
    ]);
  });
});

describe('DELETE /users/{name}/tokens', () => {
  it('returns 204 and revokes all present tokens, but no later ones', async () => {
    const session = await signUp();
    const token = await make(session);

    const { status } = await server.client.revokeUserTokens(session.user.toUpperCase(), writer.headers);

    expect(status).toBe(204);
    expect(await codesOf(session, token)).toEqual(['token_revoked', 'token_revoked']);
    expect(await codeOf(await login(session.user))).toBeUndefined();
  });

  it('revokes the presented token of the user', async () => {
    const own = await signUpWith('tokens:write');

    await server.client.revokeUserTokens(own.user, own.headers);

    expect(await codeOf(own)).toBe('token_revoked');
  });

  it('returns 403 without tokens:write, and 404 for an unknown user', async () => {
    const session = await signUp();

    const answers = [
      await server.client.revokeUserTokens(session.user, reader.headers),
      await server.client.revokeUserTokens('nobody', reader.headers),
      await server.client.revokeUserTokens('nobody', writer.headers),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [403, 'forbidden'],
      [403, 'forbidden'],
      [404, 'not_found'],
    ]);
    expect(await codeOf(session)).toBeUndefined();
  });

  it('writes an audit entry with both names', async () => {
    const session = await signUp();
    const { body: me } = await server.client.me(session.headers);
    await server.client.revokeUserTokens(session.user, writer.headers);

    expect((await trailOf(me.id)).at(-1)).toMatchObject({
      action: 'authn_token_revoked',
      actorName: writer.user,
      subjectName: session.user,
      after: { all: true },
    });
  });
});

describe('GET /users/{name}/tokens', () => {
  it("returns the user's tokens with tokens:read", async () => {
    const session = await signUp();
    const token = await make(session);

    const { status, body } = await server.client.userTokens(session.user.toUpperCase(), reader.headers);

    expect(status).toBe(200);
    expect(body.items.map(({ id }) => id)).toEqual([token.id, session.id]);
  });

  it('returns 403 without tokens:read, and 404 for an unknown user', async () => {
    const forbidden = await server.client.userTokens(reader.user, writer.headers);
    const unknown = await server.client.userTokens('nobody', reader.headers);

    expect([forbidden.status, unknown.status]).toEqual([403, 404]);
  });
});
