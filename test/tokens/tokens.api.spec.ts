import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type CreateTokenDto, type UpdateTokenDto } from '@latchkey/auth-models';
import { EscalationPolicy } from '../../apps/api/src/permissions/escalation-policy.service.js';
import { tokenHeader } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';
import { fromNow, type TokenWithHeaders, useTokens } from '../support/use-tokens.js';

/** Maximum number of a user's API tokens. */
const LIMIT = 5;

const server = useServer({
  environment: {
    LATCHKEY_API_TOKEN_DEFAULT_SECONDS: '7776000',
    LATCHKEY_API_TOKEN_MAX_SECONDS: '31622400',
    LATCHKEY_API_TOKENS_PER_USER: String(LIMIT),
    LATCHKEY_SESSION_MAX_SECONDS: '2592000',
  },
});
const asAdmin = useAdmin(server);

describe('creation of tokens', () => {
  const DAY = 86_400_000;
  const { signUp, signUpWithPermissions, createToken, login, auditEventsOf } = useTokens(server, asAdmin);

  const errorsOf = (body: { errors?: { pointer: string; code: string }[] }) =>
    body.errors?.map(({ pointer, code }) => [pointer, code]);

  describe('POST /me/tokens', () => {
    it('returns 201 with the working secret and Location', async () => {
      const session = await signUp();

      const { status, headers, body } = await server.client.createMyToken(session.headers, {
        note: 'backup',
      });

      expect([status, headers.get('location'), headers.get('etag')]).toEqual([
        201,
        `/tokens/${body.id}`,
        '"0"',
      ]);
      expect(body).toEqual({
        token: expect.stringMatching(/^latchkey_[0-9A-Za-z]{33}$/),
        id: expect.stringMatching(/./),
        user: session.user,
        kind: 'api',
        note: 'backup',
        enabled: true,
        state: 'active',
        creationTime: expect.stringMatching(/Z$/),
        expirationTime: expect.stringMatching(/Z$/),
        tokenPreview: `latchkey_…${body.token?.slice(-4)}`,
        createdByTokenId: session.id,
        version: 0,
      });
      const me = await server.client.me(tokenHeader(body));
      expect([me.status, me.body.name]).toEqual([200, session.user]);
      expect(me.headers.get('x-auth-token-expires')).toBe(body.expirationTime);
      const shown = await server.client.token(body.id, session.headers);
      expect({ ...shown.body, token: body.token }).toMatchObject(body);
      expect(shown.body).not.toHaveProperty('token');
    });

    it('accepts an empty request', async () => {
      const session = await signUp();

      const { status, body } = await server.client.createMyToken(session.headers);

      expect([status, body.note]).toEqual([201, undefined]);
    });

    it('issues a token with the default or the requested lifetime', async () => {
      const session = await signUp();
      const end = fromNow(3 * DAY);

      const usual = await createToken(session);
      const requested = await createToken(session, { expirationTime: end });

      expect(Date.parse(usual.expirationTime ?? '') - Date.parse(usual.creationTime)).toBe(90 * DAY);
      expect([requested.expirationTime, requested.state, requested.warnings]).toEqual([
        end,
        'expiring',
        undefined,
      ]);
    });

    it('limits the lifetime to the maximum, with a warning', async () => {
      const session = await signUp();

      const { creationTime, expirationTime, warnings } = await createToken(session, {
        expirationTime: fromNow(400 * DAY),
      });

      expect(Date.parse(expirationTime ?? '') - Date.parse(creationTime)).toBe(366 * DAY);
      expect(warnings).toEqual([
        `expirationTime is after the maximum; the token expires at ${expirationTime}`,
      ]);
    });

    it.each<[string, object, [string, string][]]>([
      ['an expiry in the past', { expirationTime: fromNow(-1) }, [['/expirationTime', 'in_the_past']]],
      ['no expiry', { expirationTime: null }, [['/expirationTime', 'no_expiry']]],
      [
        'an expiry without a time zone',
        { expirationTime: '2040-01-01T00:00:00' },
        [['/expirationTime', 'is_rfc3339']],
      ],
      ['note: null', { note: null }, [['/note', 'is_string']]],
      [
        'an unknown permission',
        { permissions: ['nobody:knows'] },
        [['/permissions/0', 'unknown_permission']],
      ],
      ['a malformed permission', { permissions: ['*'] }, [['/permissions', 'matches']]],
      [
        'a permission twice',
        { permissions: ['users:read', 'users:read'] },
        [['/permissions', 'array_unique']],
      ],
      ['permissions: null', { permissions: null }, [['/permissions', 'is_array']]],
      ['an unknown member', { id: 'mine' }, [['/id', 'unknown_member']]],
      ['the kind of a login', { kind: 'session' }, [['/kind', 'is_in']]],
    ])('returns 422 for %s, and issues nothing', async (_, dto, errors) => {
      const session = await signUp();

      const { status, body } = await server.client.createMyToken(session.headers, dto);

      expect([status, body.code]).toEqual([422, 'validation_failed']);
      expect(errorsOf(body)).toEqual(expect.arrayContaining(errors));
      expect((await server.client.myTokens(session.headers)).body.total).toBe(1);
    });

    it('names the setting that allows tokens without expiry', async () => {
      const session = await signUp();

      const { body } = await server.client.createMyToken(session.headers, { expirationTime: null });

      expect(body.errors?.[0]?.message).toContain('LATCHKEY_API_TOKEN_NO_EXPIRY');
    });
  });

  describe('the limit of API tokens per user', () => {
    it('returns 409 token_limit until a token expires or is revoked', async () => {
      const session = await signUp();
      const made = [];
      for (let count = 0; count < LIMIT; count += 1) {
        made.push(await createToken(session, { expirationTime: fromNow((count + 1) * DAY) }));
      }
      const more = async () => (await server.client.createMyToken(session.headers)).status;

      const { status, body } = await server.client.createMyToken(session.headers);

      expect([status, body.code]).toEqual([409, 'token_limit']);
      expect(body.detail).toContain(`${session.user} has ${LIMIT} API tokens`);
      // A disabled token can be enabled again, so it counts.
      await server.client.updateToken(made[1]?.id ?? '', { enabled: false, version: 0 }, session.headers);
      expect(await more()).toBe(409);
      await server.client.revokeToken(made[2]?.id ?? '', session.headers);
      expect([await more(), await more()]).toEqual([201, 409]);
      stopClock(server, made[0]?.expirationTime ?? '');
      expect([await more(), await more()]).toEqual([201, 409]);
    });

    it('does not apply to logins', async () => {
      const session = await signUp();
      for (let count = 0; count < LIMIT + 1; count += 1) {
        await login(session.user);
      }

      expect((await server.client.createMyToken(session.headers)).status).toBe(201);
    });

    it('returns 409 token_limit for a chain of more than 20 tokens', async () => {
      const session = await signUp();
      const token = await createToken(session);
      const others = Array.from({ length: 18 }, (_, index) => `('${token.id}', 'ancestor-${index}')`);
      await server.database.execute(
        `INSERT INTO "token_ancestors" ("tokenId", "ancestorId") VALUES ${others.join(', ')}`,
      );

      const last = await createToken(token);
      const { status, body } = await server.client.createMyToken(last.headers);

      expect([status, body.code]).toEqual([409, 'token_limit']);
      expect(body.detail).toContain('Sign in to create more');
    });

    it('applies to the owner, regardless of who issues the tokens', async () => {
      const service = newUser({ kind: 'service', password: undefined });
      await server.client.createUser(service, asAdmin);
      for (let count = 0; count < LIMIT; count += 1) {
        await server.client.createUserToken(service.name, asAdmin);
      }

      const { status, body } = await server.client.createUserToken(service.name, asAdmin);

      expect([status, body.code]).toEqual([409, 'token_limit']);
    });
  });

  describe('POST /users/{name}/tokens', () => {
    it('returns 201 with a token of the user, and records both names', async () => {
      const service = newUser({ kind: 'service', password: undefined });
      await server.client.createUser(service, asAdmin);

      const { status, headers, body } = await server.client.createUserToken(
        service.name.toUpperCase(),
        asAdmin,
        { note: 'ci' },
      );

      expect([status, headers.get('location')]).toEqual([201, `/tokens/${body.id}`]);
      expect(body).toMatchObject({ user: service.name, kind: 'api', note: 'ci' });
      expect((await server.client.me(tokenHeader(body))).body.name).toBe(service.name);
      expect(await auditEventsOf(body.id)).toMatchObject([
        { action: 'authn_token_created', actorName: 'admin', subjectName: service.name },
      ]);
    });

    it('returns 404 for an unknown user', async () => {
      const { status, body } = await server.client.createUserToken('nobody', asAdmin);

      expect([status, body.code]).toEqual([404, 'not_found']);
    });

    it('returns 403 for a more powerful user, and issues nothing', async () => {
      const delegate = await signUpWithPermissions('tokens:write', 'tokens:read');
      const above = await signUpWithPermissions('tokens:write', 'users:read');

      const { status, body } = await server.client.createUserToken(above.user, delegate.headers);

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
      expect((await server.client.userTokens(above.user, asAdmin, '?kind=api')).body.total).toBe(0);
    });

    it('returns 201 for a user with no more permissions', async () => {
      const delegate = await signUpWithPermissions('tokens:write', 'users:read', 'roles:write');
      const below = await signUpWithPermissions('users:read');

      expect((await server.client.createUserToken(below.user, delegate.headers)).status).toBe(201);
    });

    it('returns 422 for permissions that the user lacks, and 403 for those that the caller lacks', async () => {
      const delegate = await signUpWithPermissions('tokens:write', 'users:read', 'roles:write');
      const below = await signUpWithPermissions('users:read');
      const ask = (permissions: string[]) =>
        server.client.createUserToken(below.user, delegate.headers, { permissions });

      const notHeld = await ask(['users:read', 'tokens:write']);
      const above = await ask(['users:write']);

      expect([notHeld.status, errorsOf(notHeld.body)]).toEqual([422, [['/permissions/1', 'not_held']]]);
      expect([above.status, above.body.code]).toEqual([403, 'above_your_permissions']);
    });

    it.each<[string, string, CreateTokenDto]>([
      ['a canary with limits', '/expiresIn', { kind: 'canary', expiresIn: 60 }],
      ['an expiry in the past', '/expirationTime', { expirationTime: '2020-01-01T00:00:00Z' }],
      ['an unknown permission', '/permissions/0', { permissions: ['nothing:read'] }],
      ['an unknown role', '/roles/0', { roles: ['nothing'] }],
    ])('returns 422 for %s before it reads the user or locks authority', async (_, pointer, dto) => {
      const delegate = await signUpWithPermissions('tokens:write');
      const lock = jest.spyOn(server.app.get(EscalationPolicy), 'lockAuthority');

      const unknown = await server.client.createUserToken('nobody', delegate.headers, dto);
      const above = await server.client.createUserToken('admin', delegate.headers, dto);

      const rejected = [unknown, above].map(({ status, body }) => [status, body.errors?.[0]?.pointer]);
      expect(rejected).toEqual([
        [422, pointer],
        [422, pointer],
      ]);
      expect(lock).not.toHaveBeenCalled();
    });
  });
});

describe('GET /tokens/{id}', () => {
  const DAY = 86_400_000;
  const { signUp, signUpWithPermissions, createToken } = useTokens(server, asAdmin);

  /** Reads all tokens and changes none. */
  let reader: TokenWithHeaders;
  /** Changes all tokens and reads none. */
  let writer: TokenWithHeaders;

  beforeAll(async () => {
    reader = await signUpWithPermissions('tokens:read');
    writer = await signUpWithPermissions('tokens:write');
  });

  const patch = (id: string, dto: UpdateTokenDto, { headers }: { headers: Record<string, string> }) =>
    server.client.updateToken(id, dto, { 'If-Match': '*', ...headers });

  /** Returns a response without the parts that differ between requests. */
  const problem = ({ status, body }: { status: number; body: { traceId?: string } }) => {
    const { traceId: _, ...rest } = body;
    return [status, rest];
  };

  it('returns 200 with the ETag to the owner, also for the presented token', async () => {
    const session = await signUp();
    const token = await createToken(session, { note: 'mine' });

    const { status, headers, body } = await server.client.token(token.id, session.headers);
    const own = await server.client.token(session.id, session.headers);

    expect([status, headers.get('etag')]).toEqual([200, '"0"']);
    expect(body).toMatchObject({ id: token.id, user: session.user, note: 'mine', state: 'active' });
    expect([own.status, own.body.id]).toEqual([200, session.id]);
  });

  it("returns 200 for another user's token with tokens:read", async () => {
    const { id } = await signUp();

    const { status, body } = await server.client.token(id, reader.headers);

    expect([status, body.id]).toEqual([200, id]);
  });

  it("returns the same 404 for another user's token as for an unknown one", async () => {
    const { id } = await signUp();
    const other = await signUp();

    const hidden = await server.client.token(id, other.headers);
    const unknown = await server.client.token('unknown', other.headers);

    expect([hidden.status, hidden.body.code]).toEqual([404, 'not_found']);
    expect(problem(hidden)).toEqual(problem(unknown));
    expect((await server.client.token(id, writer.headers)).status).toBe(404);
  });

  it('returns the state of the token, also after it has expired', async () => {
    const session = await signUp();
    const [off, revoked, expired] = [
      await createToken(session),
      await createToken(session),
      await createToken(session, { expirationTime: fromNow(DAY) }),
    ];
    await patch(off.id, { enabled: false }, session);
    await server.client.revokeToken(revoked.id, session.headers);
    stopClock(server, expired.expirationTime ?? '');

    const states = await Promise.all(
      [session, off, revoked, expired].map(
        async ({ id }) => (await server.client.token(id, session.headers)).body.state,
      ),
    );

    expect(states).toEqual(['active', 'disabled', 'revoked', 'expired']);
  });
});

describe('PATCH /tokens/{id}', () => {
  const DAY = 86_400_000;
  const { signUp, signUpWithPermissions, createToken, auditEventsOf } = useTokens(server, asAdmin);

  /** Reads and changes all tokens. */
  let writer: TokenWithHeaders;

  beforeAll(async () => {
    writer = await signUpWithPermissions('tokens:read', 'tokens:write');
  });

  const patch = (id: string, dto: UpdateTokenDto, { headers }: { headers: Record<string, string> }) =>
    server.client.updateToken(id, dto, { 'If-Match': '*', ...headers });

  it('changes and removes the note, and increments the version', async () => {
    const session = await signUp();
    const { id } = await createToken(session, { note: 'old' });

    const renamed = await server.client.updateToken(id, { note: 'new', version: 0 }, session.headers);
    const removed = await server.client.updateToken(
      id,
      { note: null },
      {
        ...session.headers,
        'If-Match': '"1"',
      },
    );

    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"1"']);
    expect(renamed.body).toMatchObject({ note: 'new', version: 1 });
    expect(renamed.body).not.toHaveProperty('token');
    expect([removed.status, removed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(removed.body).not.toHaveProperty('note');
  });

  it('accepts a merge patch', async () => {
    const session = await signUp();

    const { status, body } = await server.client.updateToken(
      session.id,
      { note: 'x' },
      {
        ...session.headers,
        'If-Match': '"0"',
        'Content-Type': 'application/merge-patch+json',
      },
    );

    expect([status, body.note]).toEqual([200, 'x']);
  });

  it('disables a token from the next request on, and enables it again', async () => {
    const session = await signUp();
    const token = await createToken(session);
    const use = async () => (await server.client.me(token.headers)).body.code;

    await patch(token.id, { enabled: false }, session);
    const off = await use();
    const { body } = await patch(token.id, { enabled: true }, session);

    expect(off).toBe('token_disabled');
    expect(body).toMatchObject({ enabled: true, state: 'active' });
    expect(await use()).toBeUndefined();
  });

  it('changes the expiry, and sends it to the presented token', async () => {
    const session = await signUp();
    const token = await createToken(session);
    const [sooner, later] = [fromNow(DAY), fromNow(200 * DAY)];

    const first = await patch(token.id, { expirationTime: sooner }, token);
    const second = await patch(token.id, { expirationTime: later }, session);

    expect(first.body).toMatchObject({ expirationTime: sooner, state: 'expiring' });
    expect(first.headers.get('x-auth-token-expires')).toBe(sooner);
    expect(second.body).toMatchObject({ expirationTime: later, state: 'active' });
    expect(second.headers.get('x-auth-token-expires')).toBe(session.idleExpirationTime);
  });

  it('disables a token of a more powerful user with tokens:write', async () => {
    const { body: session } = await server.client.login('admin', 'correct horse: bättery staple');

    const off = await patch(session.id, { enabled: false }, writer);

    expect([off.status, off.body.state]).toEqual([200, 'disabled']);
    const trail = await auditEventsOf(session.id);
    expect(trail.at(-1)).toMatchObject({
      action: 'authn_token_updated',
      actorName: writer.user,
      subjectName: 'admin',
      before: { enabled: true },
      after: { enabled: false },
    });
  });

  it('returns 409 for an expired or revoked token', async () => {
    const session = await signUp();
    const revoked = await createToken(session);
    const expired = await createToken(session, { expirationTime: fromNow(DAY) });
    await server.client.revokeToken(revoked.id, session.headers);
    stopClock(server, expired.expirationTime ?? '');

    const answers = [
      await patch(revoked.id, { enabled: true }, session),
      await patch(revoked.id, { note: 'x' }, session),
      await patch(expired.id, { enabled: false }, session),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([409, 'conflict']));
    expect((await server.client.me(revoked.headers)).body.code).toBe('token_revoked');
    expect((await server.client.me(expired.headers)).body.code).toBe('token_expired');
  });
});
