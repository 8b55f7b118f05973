import { describe, expect, it } from '@jest/globals';
import { createTokenSecret, digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';
import { tokenHeader } from '../support/api-client.js';

const server = useServer({ environment: { LATCHKEY_TOKEN_PREFIX: 'acmecorp_' } });
const asAdmin = useAdmin(server);
const { signUp, createToken, auditEventsOf } = useTokens(server, asAdmin);

describe('/tokens/self', () => {
  it('names the presented token', async () => {
    const session = await signUp();
    const token = await createToken(session, { note: 'ci' });

    const { status, headers, body } = await server.client.token('self', token.headers);

    expect([status, headers.get('etag'), body.id, body.note]).toEqual([200, '"0"', token.id, 'ci']);
    expect((await server.client.tokenUsage('self', token.headers)).status).toBe(200);
  });

  it('updates the presented token, which still cannot extend itself', async () => {
    const token = await createToken(await signUp());

    const renamed = await server.client.updateToken('self', { note: 'new', version: 0 }, token.headers);
    const extended = await server.client.updateToken(
      'self',
      { expirationTime: new Date(Date.parse(token.expirationTime ?? '') + 60_000).toISOString(), version: 1 },
      token.headers,
    );

    expect([renamed.status, renamed.body.id, renamed.body.note]).toEqual([200, token.id, 'new']);
    expect([extended.status, extended.body.code]).toEqual([403, 'forbidden']);
  });

  it('rotates the presented token, and audits its id', async () => {
    const token = await createToken(await signUp());

    const { status, headers, body } = await server.client.rotateToken('self', token.headers, { version: 0 });

    expect([status, body.id, headers.get('x-auth-token-expires')]).toEqual([
      200,
      token.id,
      body.expirationTime,
    ]);
    expect((await server.client.me(token.headers)).status).toBe(401);
    expect((await server.client.me(tokenHeader(body))).status).toBe(200);
    expect((await auditEventsOf(token.id)).map(({ action }) => action)).toEqual([
      'authn_token_created',
      'authn_token_rotated',
    ]);
  });

  it('revokes the presented session', async () => {
    const session = await signUp();

    expect((await server.client.revokeToken('self', session.headers)).status).toBe(204);

    const { status, body } = await server.client.me(session.headers);
    expect([status, body.code]).toEqual([401, 'token_revoked']);
  });
});

describe('the presented token in GET /me', () => {
  it('has the scope and the expiry of an API token', async () => {
    const { headers, ...token } = await createToken(await signUp(), {
      note: 'ci',
      permissions: [],
      roles: ['user'],
    });

    expect((await server.client.me(headers)).body.token).toEqual({
      id: token.id,
      kind: 'api',
      note: 'ci',
      permissions: [],
      roles: ['user'],
      expirationTime: token.expirationTime,
      isSuperseded: false,
    });
  });

  it('is also in the response to PATCH /me, and has the idle expiry of a session', async () => {
    const { headers, id, note, expirationTime, idleExpirationTime } = await signUp();

    const { body } = await server.client.updateMe({ displayName: 'Me', version: 0 }, headers);

    expect(body.token).toEqual({
      id,
      kind: 'session',
      note,
      expirationTime,
      idleExpirationTime,
      isSuperseded: false,
      authTime: expect.any(String),
      authMethods: ['pwd'],
    });
  });

  it('states that the secret is superseded', async () => {
    const token = await createToken(await signUp());
    await server.client.rotateToken('self', token.headers, { gracePeriodSeconds: 60 });

    expect((await server.client.me(token.headers)).body.token?.isSuperseded).toBe(true);
  });
});

describe('LATCHKEY_TOKEN_PREFIX', () => {
  it('is the prefix of new tokens, and of their previews', async () => {
    const session = await signUp();
    const { token, tokenPreview } = await createToken(session);

    for (const secret of [session.token, token]) {
      expect(secret).toMatch(/^acmecorp_[0-9A-Za-z]{33}$/);
    }
    expect(tokenPreview).toBe(`acmecorp_…${token?.slice(-4)}`);
  });

  it('does not invalidate tokens with another prefix', async () => {
    const { id, user } = await createToken(await signUp());
    const former = createTokenSecret('former_');
    await server.database.execute(
      `UPDATE "tokens" SET "digest" = '${digestOf(former)}' WHERE "id" = '${id}'`,
    );

    expect((await server.client.me(tokenHeader({ user, token: former }))).body.token?.id).toBe(id);
  });
});
