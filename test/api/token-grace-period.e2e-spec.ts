import { describe, expect, it } from '@jest/globals';
import { type RotateTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, useTokens, type TokenInUse } from '../support/use-tokens.js';

const DAY = 86_400_000;

const server = useServer();
const asAdmin = useAdmin(server);
const { signUp, make, stopClock } = useTokens(server, asAdmin);

/** Rotates a token with another, and returns it with its new secret. */
async function rotate(
  { id }: { id: string },
  by: { headers: Headers },
  dto?: RotateTokenDto,
): Promise<TokenInUse> {
  const { status, body } = await server.client.rotateToken(id, by.headers, dto);
  expect(status).toBe(200);
  return { ...body, headers: tokenHeader(body) };
}

const use = async ({ headers }: { headers: Headers }) => {
  const { status, body } = await server.client.me(headers);
  return [status, body.code];
};

describe('the grace period of a rotation', () => {
  it('keeps both secrets valid, marks the old one, and expires to the millisecond', async () => {
    const session = await signUp();
    const token = await make(session);

    const rotated = await rotate(token, session, { gracePeriodSeconds: 3600 });

    const until = rotated.superseded?.until ?? '';
    expect(rotated.superseded).toEqual({ until, uses: 0 });
    const [old, current] = [await server.client.me(token.headers), await server.client.me(rotated.headers)];
    expect([old.status, old.headers.get('x-auth-token-superseded')]).toEqual([200, 'true']);
    expect(old.headers.get('x-auth-token-expires')).toBe(until);
    expect([current.status, current.headers.get('x-auth-token-superseded')]).toEqual([200, null]);
    expect(current.headers.get('x-auth-token-expires')).toBe(rotated.expirationTime);

    stopClock(Date.parse(until) - 1);
    expect(await use(token)).toEqual([200, undefined]);
    stopClock(until);
    const over = await server.client.me(token.headers);
    expect([over.status, over.body.code]).toEqual([401, 'token_expired']);
    expect(over.body.detail).toContain('rotated away');
    expect(await use(rotated)).toEqual([200, undefined]);
  });

  it('never exceeds the expiry of the token', async () => {
    const session = await signUp();
    const token = await make(session);
    const end = fromNow(60_000);

    const rotated = await rotate(token, session, { gracePeriodSeconds: 3600, expirationTime: end });

    expect(rotated.superseded?.until).toBe(end);
  });

  it('marks every response to the old secret, including errors', async () => {
    const token = await make(await signUp());
    await rotate(token, token, { gracePeriodSeconds: 60 });

    const answers = await Promise.all([
      server.client.verify(token.headers),
      server.client.bump(token.headers),
      server.client.users(token.headers),
      server.client.myTokens(token.headers),
      server.client.token('unknown', token.headers),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 200, 404]);
    expect(answers.map(({ headers }) => headers.get('x-auth-token-superseded'))).toEqual(
      Array(5).fill('true'),
    );
  });

  it('expires when the token is rotated again', async () => {
    const session = await signUp();
    const first = await make(session);
    const second = await rotate(first, session, { gracePeriodSeconds: 60 });

    const third = await rotate(first, session, { gracePeriodSeconds: 60 });

    expect(await use(first)).toEqual([401, 'unauthenticated']);
    expect(await use(second)).toEqual([200, undefined]);
    expect(await use(third)).toEqual([200, undefined]);
    await rotate(first, session);
    expect(await use(second)).toEqual([401, 'unauthenticated']);
  });

  it('lets the old secret read and revoke, and do nothing else', async () => {
    const admin = (await server.client.login('admin', 'correct horse: bättery staple')).body;
    const other = await signUp();
    await rotate(admin, { headers: tokenHeader(admin) }, { gracePeriodSeconds: 60 });
    const old = tokenHeader(admin);

    const answers = await Promise.all([
      server.client.createUser(newUser({ roles: ['admin'] }), old),
      server.client.updateMe({ displayName: 'x' }, { ...old, 'If-Match': '*' }),
      server.client.bump(old),
      server.client.createMyToken(old),
      server.client.createUserToken(other.user, old),
      server.client.updateToken(other.id, { note: 'x', version: 0 }, old),
      server.client.updateToken(admin.id, { expirationTime: fromNow(DAY), version: 1 }, old),
      server.client.rotateToken(other.id, old),
      server.client.rotateToken(admin.id, old),
    ]);

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array(9).fill([403, 'token_superseded']),
    );
    expect((await server.client.users(old)).status).toBe(200);
    expect((await server.client.revokeToken(other.id, old)).status).toBe(204);
  });

  it('applies to the owner only', async () => {
    const token = await make(await signUp());
    const other = await signUp();
    await rotate(token, token, { gracePeriodSeconds: 60 });

    expect(await use({ headers: tokenHeader({ user: other.user, token: token.token }) })).toEqual([
      401,
      'unauthenticated',
    ]);
  });

  it('is cut short by a revocation, by disabling and by a log-out with the old secret', async () => {
    const session = await signUp();
    const [revoked, off, left] = [await make(session), await make(session), await make(session)];
    const current = await Promise.all(
      [revoked, off, left].map((token) => rotate(token, session, { gracePeriodSeconds: 60 })),
    );

    await server.client.revokeToken(revoked.id, session.headers);
    await server.client.updateToken(off.id, { enabled: false, version: 1 }, session.headers);
    const logout = await server.client.logout(left.headers);

    expect(logout.status).toBe(200);
    const codes = await Promise.all([revoked, off, left, ...current].map(use));
    expect(codes.map(([, code]) => code)).toEqual([
      'token_revoked',
      'token_disabled',
      'token_revoked',
      'token_revoked',
      'token_disabled',
      'token_revoked',
    ]);
  });

  it('applies to Bearer', async () => {
    const token = await make(await signUp());
    await rotate(token, token, { gracePeriodSeconds: 60 });

    const { status, headers } = await server.client.me({ Authorization: `Bearer ${token.token}` });

    expect([status, headers.get('x-auth-token-superseded')]).toEqual([200, 'true']);
  });
});
