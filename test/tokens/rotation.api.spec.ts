import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto, type RotateTokenDto } from '@latchkey/auth-models';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';
import { fromNow, type TokenWithHeaders, useTokens } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);

const DAY = 86_400_000;

/** Rotates a token with another and returns it with its new secret. */
async function rotate(
  { id }: { id: string },
  by: { headers: Headers },
  dto?: RotateTokenDto,
): Promise<TokenWithHeaders> {
  const { status, body } = await server.client.rotateToken(id, by.headers, dto);
  expect(status).toBe(200);
  return { ...body, headers: tokenHeader(body) };
}

const use = async ({ headers }: { headers: Headers }) => {
  const { status, body } = await server.client.me(headers);
  return [status, body.code];
};

describe('POST /tokens/{id}/rotate', () => {
  const { login, signUp, signUpWithPermissions, createToken, auditEventsOf } = useTokens(server, asAdmin);

  /** Reads and changes all tokens. */
  let writer: TokenWithHeaders;

  beforeAll(async () => {
    writer = await signUpWithPermissions('tokens:read', 'tokens:write');
  });

  it('returns 200 with a new secret, and rejects the old one immediately', async () => {
    const session = await signUp();
    const token = await createToken(session, { note: 'ci', permissions: [] });

    const { status, headers, body } = await server.client.rotateToken(token.id, session.headers);

    expect([status, headers.get('etag')]).toEqual([200, '"1"']);
    expect(body).toMatchObject({ id: token.id, note: 'ci', permissions: [], version: 1, state: 'active' });
    expect(body.token).not.toBe(token.token);
    expect(body.tokenPreview).toBe(`latchkey_…${body.token?.slice(-4)}`);
    expect(body).not.toHaveProperty('superseded');
    expect(await use({ headers: tokenHeader(body) })).toEqual([200, undefined]);
    expect(await use(token)).toEqual([401, 'unauthenticated']);
  });

  it('returns the secret only once', async () => {
    const session = await signUp();
    const token = await rotate(await createToken(session), session, { gracePeriodSeconds: 60 });

    const shown = await server.client.token(token.id, session.headers);

    expect(shown.body).not.toHaveProperty('token');
    expect(JSON.stringify(await auditEventsOf(token.id))).not.toContain(token.token);
  });

  it('renews the original lifetime', async () => {
    const session = await signUp();
    const token = await createToken(session, { expirationTime: fromNow(10 * DAY) });
    const length = Date.parse(token.expirationTime ?? '') - Date.parse(token.creationTime);
    const later = Date.parse(token.creationTime) + 9 * DAY;
    stopClock(server, later);

    const again = await login(session.user);
    const once = await rotate(token, again);
    const twice = await rotate(token, again);

    expect(Date.parse(once.expirationTime ?? '')).toBe(later + length);
    expect(twice.expirationTime).toBe(once.expirationTime);
  });

  it('sends the new expiry to a token that rotates itself', async () => {
    const token = await createToken(await signUp());

    const { headers, body } = await server.client.rotateToken(token.id, token.headers);

    expect(headers.get('x-auth-token-expires')).toBe(body.expirationTime);
  });

  it.each<[string, object, string, string]>([
    ['a grace period of more than 7 days', { gracePeriodSeconds: 604_801 }, '/gracePeriodSeconds', 'max'],
    ['a grace period below 0', { gracePeriodSeconds: -1 }, '/gracePeriodSeconds', 'min'],
    ['a grace period that is not a number', { gracePeriodSeconds: '60' }, '/gracePeriodSeconds', 'is_int'],
    ['gracePeriodSeconds: null', { gracePeriodSeconds: null }, '/gracePeriodSeconds', 'is_int'],
    ['an expiry in the past', { expirationTime: fromNow(-1) }, '/expirationTime', 'in_the_past'],
    ['no expiry', { expirationTime: null }, '/expirationTime', 'no_expiry'],
    ['a secret', { token: 'latchkey_x' }, '/token', 'unknown_member'],
  ])('returns 422 for %s, and rotates nothing', async (_, dto, pointer, code) => {
    const token = await createToken(await signUp());

    const { status, body } = await server.client.rotateToken(token.id, token.headers, dto);

    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer, code })]));
    expect(await use(token)).toEqual([200, undefined]);
  });

  it('returns 428 without a version, and 412 or 409 for a stale one', async () => {
    const session = await signUp();
    const token = await createToken(session);
    await server.client.updateToken(token.id, { note: 'x', version: 0 }, session.headers);
    const ask = (headers: Headers, dto?: RotateTokenDto) =>
      server.client.rotateToken(token.id, { ...session.headers, ...headers }, dto);

    const answers = [
      await server.client.request<ProblemDto>('POST', `/tokens/${token.id}/rotate`, session),
      await ask({ 'If-Match': '"0"' }),
      await ask({}, { version: 0 }),
      await ask({ 'If-Match': '"1"' }, { version: 0 }),
      await ask({ 'If-Match': '"0"' }, { version: 1 }),
      await ask({ 'If-Match': '"1"' }),
      await ask({}, { version: 2 }),
      await ask({ 'If-Match': '"3"' }, { version: 3 }),
      await ask({ 'If-Match': '*' }),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [428, 'precondition_required'],
      [412, 'precondition_failed'],
      [409, 'conflict'],
      [409, 'conflict'],
      [412, 'precondition_failed'],
      [200, undefined],
      [200, undefined],
      [200, undefined],
      [200, undefined],
    ]);
  });

  it('keeps the deployed secret in its grace period when a request is repeated after a lost response', async () => {
    const session = await signUp();
    const deployed = await createToken(session);
    const ask = () =>
      server.client.rotateToken(
        deployed.id,
        { ...session.headers, 'If-Match': '"0"' },
        { gracePeriodSeconds: 60 },
      );
    await ask();

    const { status } = await ask();

    expect(status).toBe(412);
    expect(await use(deployed)).toEqual([200, undefined]);
  });

  it('returns 409 for an expired or revoked token', async () => {
    const session = await signUp();
    const revoked = await createToken(session);
    const expired = await createToken(session, { expirationTime: fromNow(DAY) });
    await server.client.revokeToken(revoked.id, session.headers);
    stopClock(server, expired.expirationTime ?? '');

    const answers = await Promise.all(
      [revoked, expired].map(({ id }) => server.client.rotateToken(id, session.headers)),
    );

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(2).fill([409, 'conflict']));
  });

  it('keeps a disabled token disabled', async () => {
    const session = await signUp();
    const token = await createToken(session);
    await server.client.updateToken(token.id, { enabled: false, version: 0 }, session.headers);

    const rotated = await rotate(token, session);

    expect(rotated.state).toBe('disabled');
    expect(await use(rotated)).toEqual([401, 'token_disabled']);
  });

  it('returns 403 for a token of a more powerful user, and 200 otherwise', async () => {
    const below = await createToken(await signUp());
    const above = await createToken(await signUpWithPermissions('users:read'));

    const rejected = await server.client.rotateToken(above.id, writer.headers);
    const done = await server.client.rotateToken(below.id, writer.headers);

    expect([rejected.status, rejected.body.code]).toEqual([403, 'above_your_permissions']);
    expect(await use(above)).toEqual([200, undefined]);
    expect(done.status).toBe(200);
  });
});

describe('the grace period of a rotation', () => {
  const { signUp, createToken } = useTokens(server, asAdmin);

  it('keeps both secrets valid, marks the old one, and expires to the millisecond', async () => {
    const session = await signUp();
    const token = await createToken(session);

    const rotated = await rotate(token, session, { gracePeriodSeconds: 3600 });

    const until = rotated.superseded?.until ?? '';
    expect(rotated.superseded).toEqual({ until, uses: 0 });
    const [old, current] = [await server.client.me(token.headers), await server.client.me(rotated.headers)];
    expect([old.status, old.headers.get('x-auth-token-superseded')]).toEqual([200, 'true']);
    expect(old.headers.get('x-auth-token-expires')).toBe(until);
    expect([current.status, current.headers.get('x-auth-token-superseded')]).toEqual([200, null]);
    expect(current.headers.get('x-auth-token-expires')).toBe(rotated.expirationTime);

    stopClock(server, Date.parse(until) - 1);
    expect(await use(token)).toEqual([200, undefined]);
    stopClock(server, until);
    const over = await server.client.me(token.headers);
    expect([over.status, over.body.code]).toEqual([401, 'token_expired']);
    expect(over.body.detail).toContain('superseded secret has expired');
    expect(await use(rotated)).toEqual([200, undefined]);
  });

  it('never exceeds the expiry of the token', async () => {
    const session = await signUp();
    const token = await createToken(session);
    const end = fromNow(60_000);

    const rotated = await rotate(token, session, { gracePeriodSeconds: 3600, expirationTime: end });

    expect(rotated.superseded?.until).toBe(end);
  });

  it('marks every response to the old secret, including errors', async () => {
    const token = await createToken(await signUp());
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
    const first = await createToken(session);
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
    const token = await createToken(await signUp());
    const other = await signUp();
    await rotate(token, token, { gracePeriodSeconds: 60 });

    expect(await use({ headers: tokenHeader({ user: other.user, token: token.token }) })).toEqual([
      401,
      'unauthenticated',
    ]);
  });

  it('is cut short by a revocation, by disabling and by a logout with the old secret', async () => {
    const session = await signUp();
    const [revoked, off, left] = [
      await createToken(session),
      await createToken(session),
      await createToken(session),
    ];
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
    const token = await createToken(await signUp());
    await rotate(token, token, { gracePeriodSeconds: 60 });

    const { status, headers } = await server.client.me({ Authorization: `Bearer ${token.token}` });

    expect([status, headers.get('x-auth-token-superseded')]).toEqual([200, 'true']);
  });
});

describe('DELETE /tokens/{id}/superseded', () => {
  const { signUp, createToken, auditEventsOf } = useTokens(server, asAdmin);

  /** Rotates a token with a grace period. Returns the new secret. */
  async function rotate({ id, headers }: TokenWithHeaders): Promise<Headers> {
    const { status, body } = await server.client.rotateToken(id, headers, { gracePeriodSeconds: 60 });
    expect(status).toBe(200);
    return tokenHeader(body);
  }

  const statusOf = async (headers: Headers) => (await server.client.me(headers)).status;

  it('ends the superseded secret alone, keeps its uses, and audits it', async () => {
    const token = await createToken(await signUp());
    const current = await rotate(token);

    expect(await statusOf(token.headers)).toBe(200);
    expect((await server.client.revokeSupersededSecret(token.id, current)).status).toBe(204);

    expect([await statusOf(token.headers), await statusOf(current)]).toEqual([401, 200]);
    const { body } = await server.client.token(token.id, current);
    expect(Date.parse(body.superseded?.until ?? '')).toBeLessThanOrEqual(Date.now());
    expect(body.version).toBe(2);
    expect((await auditEventsOf(token.id)).at(-1)).toMatchObject({
      action: 'authn_token_updated',
      before: { supersededUntil: expect.any(String) },
      after: { supersededUntil: body.superseded?.until },
    });
  });

  it('can be done by the superseded secret itself', async () => {
    const token = await createToken(await signUp());
    const current = await rotate(token);

    expect((await server.client.revokeSupersededSecret('self', token.headers)).status).toBe(204);

    expect([await statusOf(token.headers), await statusOf(current)]).toEqual([401, 200]);
  });

  it('returns 404 if the token has none that works, or is revoked', async () => {
    const session = await signUp();
    const [never, once, revoked] = [
      await createToken(session),
      await createToken(session),
      await createToken(session),
    ];
    await rotate(once);
    await server.client.revokeSupersededSecret(once.id, session.headers);
    await rotate(revoked);
    await server.client.revokeToken(revoked.id, session.headers);

    for (const { id } of [never, once, revoked]) {
      const { status, body } = await server.client.revokeSupersededSecret(id, session.headers);
      expect([status, body.code]).toEqual([404, 'not_found']);
    }
  });
});
