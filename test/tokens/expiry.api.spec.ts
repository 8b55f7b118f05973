import { describe, expect, it } from '@jest/globals';
import { type UpdateTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';
import { fromNow, type TokenWithHeaders, useTokens } from '../support/use-tokens.js';
import { waitUntil } from '../support/wait-until.js';

const server = useServer({ environment: { LATCHKEY_API_TOKEN_NO_EXPIRY: 'true' } });
const asAdmin = useAdmin(server);

describe('extensions', () => {
  const DAY = 86_400_000;
  const FORBIDDEN = [403, 'forbidden'];
  const { signUp, signUpWithPermissions, createToken, login } = useTokens(server, asAdmin);

  type By = Pick<TokenWithHeaders, 'headers'>;

  const later = fromNow(300 * DAY);
  const inDays = (days: number) => ({ expirationTime: fromNow(days * DAY) });

  const patch = async ({ id }: TokenWithHeaders, by: By, expirationTime: string | null) => {
    const headers = { 'If-Match': '*', ...by.headers };
    const { status, body } = await server.client.updateToken(id, { expirationTime }, headers);
    return [status, body.code ?? body.expirationTime];
  };
  const bulk = async (action: 'enable' | 'extend', { id }: TokenWithHeaders, by: By) => {
    const end = action === 'extend' && { expirationTime: later };
    const { body } = await server.client.bulkTokens({ action, ...end, ids: [id] }, by.headers);
    const [item] = body.results;
    return [item?.status, item?.code];
  };
  const rotate = (token: TokenWithHeaders, by: By, dto = {}) =>
    server.client.rotateToken(token.id, by.headers, dto);
  const expiryOf = async ({ id }: TokenWithHeaders) =>
    (await server.client.token(id, asAdmin)).body.expirationTime;

  /** Attempts every way to extend a token and checks that its expiry stays the same. */
  async function expectNotExtended(token: TokenWithHeaders, by: By): Promise<void> {
    expect(await patch(token, by, later)).toEqual(FORBIDDEN);
    expect(await patch(token, by, null)).toEqual(FORBIDDEN);
    expect(await bulk('extend', token, by)).toEqual(FORBIDDEN);
    const requested = await rotate(token, by, { expirationTime: later });
    expect([requested.status, requested.body.code]).toEqual(FORBIDDEN);
    expect(await expiryOf(token)).toBe(token.expirationTime);
  }

  describe('an API token', () => {
    it('cannot extend itself', async () => {
      const token = await createToken(await signUp(), { expirationTime: fromNow(60_000), permissions: [] });

      await expectNotExtended(token, token);
    });

    it('can move its expiry earlier, and not back', async () => {
      const token = await createToken(await signUp(), inDays(9));
      const sooner = fromNow(DAY);

      expect(await patch(token, token, sooner)).toEqual([200, sooner]);
      expect(await patch(token, token, token.expirationTime!)).toEqual(FORBIDDEN);
    });

    it('keeps its expiry when it rotates itself', async () => {
      const token = await createToken(await signUp(), inDays(9));
      stopClock(server, Date.parse(token.creationTime) + 8 * DAY);

      const { body } = await rotate(token, token);

      expect(body.expirationTime).toBe(token.expirationTime);
      expect(body.warnings).toEqual([
        `the token keeps its expiry, because it cannot extend itself; the token expires at ${token.expirationTime}`,
      ]);
      expect((await server.client.me(tokenHeader(body))).status).toBe(200);
    });

    it('gets its lifetime again when it rotates itself if it can only verify tokens', async () => {
      const service = await signUpWithPermissions('tokens:introspect');
      const token = await createToken(service, inDays(9));
      const creation = Date.parse(token.creationTime);
      stopClock(server, creation + 8 * DAY);

      const requested = await rotate(token, token, { expirationTime: later });
      const { body } = await rotate(token, token, { gracePeriodSeconds: 60 });
      const superseded = await rotate(token, token);

      expect([requested.status, requested.body.code]).toEqual(FORBIDDEN);
      const lifetime = Date.parse(token.expirationTime!) - creation;
      expect(Date.parse(body.expirationTime!)).toBe(creation + 8 * DAY + lifetime);
      expect([superseded.status, superseded.body.code]).toEqual([403, 'token_superseded']);
    });

    it('can only verify tokens ever after, whatever its user is granted later', async () => {
      const service = await signUpWithPermissions('tokens:introspect', 'users:read');
      const token = await createToken(service, inDays(9));
      const role = (await server.client.me(token.headers)).body.roles[0]!;
      const grant = async (...permissions: string[]) => {
        const { status } = await server.client.updateRole(
          role,
          { permissions },
          { ...asAdmin, 'If-Match': '*' },
        );
        expect(status).toBe(200);
      };
      await grant('tokens:introspect');
      stopClock(server, Date.parse(token.creationTime) + 8 * DAY);

      const { body } = await rotate(token, token);
      // The session of the administrator has expired by then.
      stopClock(server, token.creationTime);
      await grant('tokens:introspect', 'users:read');

      expect(body.expirationTime).not.toBe(token.expirationTime);
      expect(body.warnings).toEqual([expect.stringContaining('whatever its user is granted later')]);
      const { body: me } = await server.client.me(tokenHeader(body));
      expect([me.permissions, me.roles]).toEqual([['tokens:introspect'], [role]]);
    });

    it('keeps its expiry if it can do more than verify tokens', async () => {
      const service = await signUpWithPermissions('tokens:introspect', 'users:read');
      const token = await createToken(service, inDays(9));
      const narrow = await createToken(service, { ...inDays(9), permissions: ['tokens:introspect'] });
      stopClock(server, Date.parse(token.creationTime) + 8 * DAY);

      expect((await rotate(token, token)).body.expirationTime).toBe(token.expirationTime);
      expect((await rotate(narrow, narrow)).body.expirationTime).not.toBe(narrow.expirationTime);
    });

    it('cannot extend tokens created with it, at any depth', async () => {
      const token = await createToken(await signUp(), inDays(9));
      const child = await createToken(token, inDays(1));
      const grandchild = await createToken(child, inDays(1));

      await expectNotExtended(child, token);
      await expectNotExtended(grandchild, token);
      stopClock(server, Date.parse(child.creationTime) + DAY / 2);
      expect((await rotate(child, token)).body.expirationTime).toBe(child.expirationTime);
    });

    it('cannot extend the token it was created with beyond its own expiry', async () => {
      const parent = await createToken(await signUp(), inDays(9));
      const child = await createToken(parent, inDays(5));

      expect(await patch(parent, child, later)).toEqual([200, parent.expirationTime]);
      expect(await bulk('extend', parent, child)).toEqual([409, 'conflict']);
      const { body } = await rotate(parent, child, { expirationTime: later });
      expect(body.expirationTime).toBe(child.expirationTime);
    });

    it('cannot extend another token of its user beyond its own expiry', async () => {
      const session = await signUp();
      const [short, long] = [await createToken(session, inDays(2)), await createToken(session, inDays(5))];

      expect(await patch(long, short, later)).toEqual([200, long.expirationTime]);
      const clipped = await server.client.updateToken(
        short.id,
        { expirationTime: later },
        { 'If-Match': '*', ...long.headers },
      );
      expect(clipped.body.expirationTime).toBe(long.expirationTime);
      expect(clipped.body.warnings).toEqual([
        `expirationTime is after the expiry of the token you use; the token expires at ${long.expirationTime}`,
      ]);
    });

    it('limits the expiry of a token that it rotates to its own', async () => {
      const session = await signUp();
      const [short, long] = [await createToken(session, inDays(2)), await createToken(session, inDays(50))];

      const { body } = await rotate(long, short);

      expect(body.expirationTime).toBe(short.expirationTime);
      expect(body.warnings).toEqual([expect.stringContaining('the expiry of the token you use')]);
    });

    it('cannot obtain the secret of a session, which could issue tokens that outlive it', async () => {
      const session = await signUp();
      const short = await createToken(session, inDays(2));

      const { status, body } = await rotate(session, short);

      expect([status, body.code]).toEqual([403, 'forbidden']);
    });

    it('cannot enable a token that expires later', async () => {
      const session = await signUp();
      const parent = await createToken(session, inDays(9));
      const child = await createToken(parent, inDays(5));
      const grandchild = await createToken(child, inDays(1));
      for (const { id } of [parent, grandchild]) {
        await server.client.updateToken(id, { enabled: false, version: 0 }, session.headers);
      }
      const enable = async ({ id }: TokenWithHeaders) =>
        (await server.client.updateToken(id, { enabled: true }, { 'If-Match': '*', ...child.headers }))
          .status;

      expect(await bulk('enable', parent, child)).toEqual(FORBIDDEN);
      expect(await enable(parent)).toBe(403);
      expect(await enable(grandchild)).toBe(200);
    });
  });

  describe('a token created with an API token', () => {
    it('never outlives the expiry that its parent had then, whichever token extends it', async () => {
      const session = await signUp();
      const parent = await createToken(session, inDays(5));
      const child = await createToken(parent, inDays(1));
      await patch(parent, session, later);

      const { expirationTime } = (await rotate(child, session, { expirationTime: later })).body;

      expect(expirationTime).toBe(parent.expirationTime);
      expect(await patch(child, session, null)).toEqual([200, parent.expirationTime]);
      expect(await bulk('extend', child, session)).toEqual([409, 'conflict']);
    });

    it('keeps that limit when the parent is deleted', async () => {
      const session = await signUp();
      const parent = await createToken(session, inDays(5));
      const child = await createToken(parent, inDays(1));
      await server.database.execute(`DELETE FROM tokens WHERE id = '${parent.id}'`);

      expect(await patch(child, session, later)).toEqual([200, parent.expirationTime]);
    });
  });

  describe('a session', () => {
    it('can extend tokens created with it', async () => {
      const session = await signUp();
      const token = await createToken(session, inDays(1));

      expect(await patch(token, session, later)).toEqual([200, later]);
    });

    it('can be bumped within its absolute expiry, which it cannot extend', async () => {
      const { user } = await signUp();
      const session = await login(user, inDays(3));

      expect(await patch(session, session, fromNow(9 * DAY))).toEqual(FORBIDDEN);
      stopClock(server, Date.parse(session.creationTime) + DAY);
      const { status, body } = await rotate(session, session);
      expect([status, body.expirationTime]).toEqual([200, session.expirationTime]);
      expect((await server.client.bump(tokenHeader(body))).status).toBe(200);
    });
  });
});

describe('expiresIn', () => {
  const { signUp, createToken, login } = useTokens(server, asAdmin);

  it('is the number of seconds until the expiry, wherever a request takes one', async () => {
    const session = await signUp();
    const now = Date.now();
    stopClock(server, now);

    const loggedIn = await login(session.user, { expiresIn: 100 });
    const created = await createToken(session, { expiresIn: 200 });
    const changed = await server.client.updateToken(
      created.id,
      { expiresIn: 300, version: 0 },
      session.headers,
    );
    const rotated = await server.client.rotateToken(created.id, session.headers, { expiresIn: 400 });
    await server.client.bulkTokens({ action: 'extend', ids: [created.id], expiresIn: 500 }, session.headers);
    const extended = await server.client.token(created.id, session.headers);

    const expiries = [loggedIn, created, changed.body, rotated.body, extended.body].map(
      ({ expirationTime = '' }) => Date.parse(expirationTime) - now,
    );
    expect(expiries).toEqual([100_000, 200_000, 300_000, 400_000, 500_000]);
  });
});

describe('renewal of an expired API token', () => {
  const DAY = 86_400_000;
  const { signUp, createToken, login, auditEventsOf } = useTokens(server, asAdmin);

  const renew = ({ id }: { id: string }, by: TokenWithHeaders['headers'], body: UpdateTokenDto) =>
    server.client.updateToken(id, body, { 'If-Match': '*', ...by });
  const statusOf = async ({ headers }: TokenWithHeaders) => (await server.client.me(headers)).status;
  const inDays = (days: number) => ({ expirationTime: fromNow(days * DAY) });

  /** Creates a token and presents it after its expiry. Returns it with a session of its user. */
  async function createExpired() {
    const session = await signUp();
    const token = await createToken(session, inDays(1));
    // Sessions stay valid.
    stopClock(server, Date.now() + 2 * DAY);
    return { token, session };
  }

  it('makes it work again, also after it was rejected, and is audited', async () => {
    const { token, session } = await createExpired();
    expect(await statusOf(token)).toBe(401);
    await waitForExpiry(token.id);

    const { status, body } = await renew(token, session.headers, inDays(20));

    expect([status, body.state, body.expirationTime]).toEqual([200, 'active', expect.any(String)]);
    expect(await statusOf(token)).toBe(200);
    expect((await auditEventsOf(token.id)).at(-1)).toMatchObject({
      action: 'authn_token_updated',
      before: { expirationTime: token.expirationTime },
      after: { expirationTime: body.expirationTime },
    });
  });

  /** Waits until the rejection of a token is stored. */
  async function waitForExpiry(id: string): Promise<void> {
    await waitUntil(
      () =>
        server.database.query<{ revocationReason: string | null }>(
          `SELECT "revocationReason" FROM "tokens" WHERE "id" = '${id}'`,
        ),
      ([row]) => row?.revocationReason === 'expired',
    );
  }

  it('is limited to the maximum lifetime', async () => {
    const { token, session } = await createExpired();

    const { body } = await renew(token, session.headers, inDays(900));

    expect(body.warnings).toEqual([expect.stringContaining('the maximum')]);
  });

  it('does not revive the superseded secret', async () => {
    const session = await signUp();
    const old = await createToken(session, inDays(5));
    const { body } = await server.client.rotateToken(old.id, session.headers, {
      gracePeriodSeconds: 604_800,
    });
    await renew(old, session.headers, inDays(1));
    stopClock(server, Date.now() + 2 * DAY);

    expect((await renew(old, session.headers, inDays(20))).status).toBe(200);

    expect(await statusOf({ ...old, headers: tokenHeader(body) })).toBe(200);
    expect(await statusOf(old)).toBe(401);
  });

  it.each<[string, UpdateTokenDto]>([
    ['changes anything else', { note: 'new' }],
    ['enables it', { enabled: true }],
  ])('returns 409 if the request only %s', async (_, body) => {
    const { token, session } = await createExpired();

    expect((await renew(token, session.headers, body)).status).toBe(409);
  });

  it('returns 409 for a session, a revoked token, and one that is deleted any moment', async () => {
    const session = await signUp();
    const short = await login(session.user, inDays(1));
    const revoked = await createToken(session, inDays(1));
    const old = await createToken(session);
    await server.client.revokeToken(revoked.id, session.headers);
    const past = Date.now() - 89 * DAY;
    await server.database.execute(`UPDATE "tokens" SET "expirationTime" = ${past} WHERE "id" = '${old.id}'`);
    stopClock(server, Date.now() + 2 * DAY);

    for (const token of [short, revoked, old]) {
      expect((await renew(token, session.headers, inDays(9))).status).toBe(409);
    }
  });

  it('returns 409 for a token that was used up', async () => {
    const session = await signUp();
    const token = await createToken(session, { maxUses: 1 });
    expect([await statusOf(token), await statusOf(token)]).toEqual([200, 401]);

    expect((await renew(token, session.headers, inDays(20))).status).toBe(409);
    expect(await statusOf(token)).toBe(401);
  });

  it('returns 409 if the token that it was created with has expired', async () => {
    const session = await signUp();
    const parent = await createToken(session, inDays(1));
    const child = await createToken(parent);
    stopClock(server, Date.now() + 2 * DAY);

    const { status, body } = await renew(child, session.headers, inDays(20));

    expect([status, body.detail]).toEqual([409, expect.stringContaining('created with')]);
  });

  it('returns 403 for the API token that it was created with', async () => {
    const parent = await createToken(await signUp(), inDays(50));
    const child = await createToken(parent, inDays(1));
    stopClock(server, Date.now() + 2 * DAY);

    expect((await renew(child, parent.headers, inDays(20))).status).toBe(403);
  });

  it('returns 409 if the user has the maximum number of API tokens', async () => {
    const { token, session } = await createExpired();
    for (let count = 0; count < 50; count += 1) {
      await createToken(session);
    }

    const { status, body } = await renew(token, session.headers, inDays(20));

    expect([status, body.code]).toEqual([409, 'token_limit']);
  });

  it('returns 409 if it was revoked with the token that it was created with, after its expiry', async () => {
    const session = await signUp();
    const parent = await createToken(session, inDays(50));
    const child = await createToken(parent, inDays(1));
    stopClock(server, Date.now() + 2 * DAY);
    await server.client.revokeToken(parent.id, session.headers, '?descendants=true');

    expect((await renew(child, session.headers, inDays(20))).status).toBe(409);
  });

  it('keeps a scope within that of the token it was created with, which was narrowed after the expiry', async () => {
    const session = await signUp();
    const parent = await createToken(session, inDays(50));
    const child = await createToken(parent, inDays(1));
    stopClock(server, Date.now() + 2 * DAY);
    expect(await statusOf(child)).toBe(401);
    await waitForExpiry(child.id);
    await renew(parent, session.headers, { permissions: [] });

    const { body } = await renew(child, session.headers, inDays(20));

    expect(body.permissions).toEqual([]);
  });
});

describe('LATCHKEY_API_TOKEN_NO_EXPIRY', () => {
  const { signUp, createToken } = useTokens(server, asAdmin);

  it('still requires an expiry of sessions', async () => {
    const session = await signUp();

    const { status, body } = await server.client.updateToken(
      session.id,
      { expirationTime: null, version: 0 },
      session.headers,
    );

    const extended = await server.client.bulkTokens(
      { action: 'extend', ids: [session.id], expirationTime: null },
      session.headers,
    );
    expect([status, body.errors?.[0]?.code]).toEqual([422, 'session_ends']);
    expect(extended.body.results.map((result) => [result.status, result.code])).toEqual([
      [422, 'validation_failed'],
    ]);
  });

  it('accepts expirationTime: null at creation, change and rotation', async () => {
    const session = await signUp();
    const endless = await createToken(session, { expirationTime: null });
    const changed = await createToken(session);
    const rotated = await createToken(session);

    const answers = [
      await server.client.token(endless.id, session.headers),
      await server.client.updateToken(changed.id, { expirationTime: null, version: 0 }, session.headers),
      await server.client.rotateToken(rotated.id, session.headers, { expirationTime: null }),
      await server.client.rotateToken(endless.id, session.headers),
    ];

    for (const { status, body } of answers) {
      expect([status, body.state]).toEqual([200, 'active']);
      expect(body).not.toHaveProperty('expirationTime');
    }
  });

  it('lets a token work after a thousand years, without X-Auth-Token-Expires', async () => {
    const token = await createToken(await signUp(), { expirationTime: null });
    stopClock(server, '3000-01-01T00:00:00Z');

    const { status, headers } = await server.client.me(token.headers);

    expect([status, headers.get('x-auth-token-expires')]).toEqual([200, null]);
  });

  it('still ends a superseded secret with its grace period', async () => {
    const token = await createToken(await signUp(), { expirationTime: null });

    const { body } = await server.client.rotateToken(token.id, token.headers, { gracePeriodSeconds: 60 });

    const { headers } = await server.client.me(token.headers);
    expect(headers.get('x-auth-token-expires')).toBe(body.superseded?.until);
  });
});
