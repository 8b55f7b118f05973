import { describe, expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, useTokens } from '../support/use-tokens.js';

const DAY = 86_400_000;
const LIMIT = 5;

const server = useServer({
  environment: {
    LATCHKEY_API_TOKEN_DEFAULT_SECONDS: '7776000',
    LATCHKEY_API_TOKEN_MAX_SECONDS: '31622400',
    LATCHKEY_API_TOKENS_PER_USER: String(LIMIT),
  },
});
const asAdmin = useAdmin(server);
const { signUp, signUpWith, make, login, stopClock, trailOf } = useTokens(server, asAdmin);

const errorsOf = (body: { errors?: { pointer: string; code: string }[] }) =>
  body.errors?.map(({ pointer, code }) => [pointer, code]);

describe('POST /me/tokens', () => {
  it('returns 201 with the working secret and Location', async () => {
    const session = await signUp();

    const { status, headers, body } = await server.client.createMyToken(session.headers, { note: 'backup' });

    expect([status, headers.get('location'), headers.get('etag')]).toEqual([
      201,
      `/tokens/${body.id}`,
      '"0"',
    ]);
    expect(body).toEqual({
      token: expect.stringMatching(/^lk_[0-9A-Za-z]{33}$/),
      id: expect.stringMatching(/./),
      user: session.user,
      kind: 'api',
      note: 'backup',
      enabled: true,
      state: 'active',
      creationTime: expect.stringMatching(/Z$/),
      expirationTime: expect.stringMatching(/Z$/),
      tokenPreview: `lk_…${body.token?.slice(-4)}`,
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

    const usual = await make(session);
    const wished = await make(session, { expirationTime: end });

    expect(Date.parse(usual.expirationTime ?? '') - Date.parse(usual.creationTime)).toBe(90 * DAY);
    expect([wished.expirationTime, wished.state, wished.warnings]).toEqual([end, 'expiring', undefined]);
  });

  it('limits the lifetime to the maximum, with a warning', async () => {
    const session = await signUp();

    const { creationTime, expirationTime, warnings } = await make(session, {
      expirationTime: fromNow(400 * DAY),
    });

    expect(Date.parse(expirationTime ?? '') - Date.parse(creationTime)).toBe(366 * DAY);
    expect(warnings).toEqual([`expirationTime is beyond the maximum; the token ends at ${expirationTime}`]);
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
    ['an unknown permission', { permissions: ['nobody:knows'] }, [['/permissions/0', 'unknown_permission']]],
    ['a malformed permission', { permissions: ['*'] }, [['/permissions', 'matches']]],
    ['a permission twice', { permissions: ['users:read', 'users:read'] }, [['/permissions', 'array_unique']]],
    ['permissions: null', { permissions: null }, [['/permissions', 'is_array']]],
    ['an unknown member', { kind: 'session' }, [['/kind', 'unknown_member']]],
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

  it('writes one audit entry without the secret', async () => {
    const session = await signUp();

    const { id, expirationTime, token } = await make(session, { note: 'backup', permissions: [] });

    const trail = await trailOf(id);
    expect(trail).toEqual([
      {
        action: 'authn_token_created',
        actorName: session.user,
        subjectKind: 'token',
        subjectName: session.user,
        before: null,
        after: { note: 'backup', expirationTime, permissions: [], createdByTokenId: session.id },
      },
    ]);
    expect(JSON.stringify(trail)).not.toContain(token);
  });

  it('limits a token to the expiry of its parent API token, but not of its parent session', async () => {
    const session = await signUp();
    const shortSession = await login(session.user, { expirationTime: fromNow(DAY) });
    const parent = await make(shortSession, { expirationTime: fromNow(5 * DAY) });

    const child = await make(parent);
    const grandchild = await make(child, { expirationTime: fromNow(5 * DAY + 1_000) });

    expect(parent.warnings).toBeUndefined();
    for (const token of [child, grandchild]) {
      expect(token.expirationTime).toBe(parent.expirationTime);
      expect(token.warnings).toEqual([
        `expirationTime is beyond the expiry of the token it was created with; the token ends at ${parent.expirationTime}`,
      ]);
    }
    expect([child.createdByTokenId, grandchild.createdByTokenId]).toEqual([parent.id, child.id]);
  });
});

describe('the limit of API tokens per user', () => {
  it('returns 409 token_limit until a token expires or is revoked', async () => {
    const session = await signUp();
    const made = [];
    for (let count = 0; count < LIMIT; count += 1) {
      made.push(await make(session, { expirationTime: fromNow((count + 1) * DAY) }));
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
    stopClock(made[0]?.expirationTime ?? '');
    expect([await more(), await more()]).toEqual([201, 409]);
  });

  it('holds for 20 parallel requests', async () => {
    const session = await signUp();

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => server.client.createMyToken(session.headers)),
    );

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(LIMIT).fill(201), ...Array<number>(20 - LIMIT).fill(409)]);
  });

  it('does not apply to log-ins', async () => {
    const session = await signUp();
    for (let count = 0; count < LIMIT + 1; count += 1) {
      await login(session.user);
    }

    expect((await server.client.createMyToken(session.headers)).status).toBe(201);
  });

  it('returns 409 token_limit for a chain of more than 20 tokens', async () => {
    const session = await signUp();
    const token = await make(session);
    const others = Array.from({ length: 18 }, (_, index) => `('${token.id}', 'ancestor-${index}')`);
    await server.database.execute(
      `INSERT INTO "token_ancestors" ("tokenId", "ancestorId") VALUES ${others.join(', ')}`,
    );

    const last = await make(token);
    const { status, body } = await server.client.createMyToken(last.headers);

    expect([status, body.code]).toEqual([409, 'token_limit']);
    expect(body.detail).toContain('Sign in to create more');
  });

  it('applies to the owner, whoever issues the tokens', async () => {
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
    expect(await trailOf(body.id)).toMatchObject([
      { action: 'authn_token_created', actorName: 'admin', subjectName: service.name },
    ]);
  });

  it('returns 403 without tokens:write, whether or not the user exists', async () => {
    const reader = await signUpWith('tokens:read', 'users:read', 'users:write');

    const answers = await Promise.all(
      ['admin', 'nobody'].map((name) => server.client.createUserToken(name, reader.headers)),
    );

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [403, 'forbidden'],
      [403, 'forbidden'],
    ]);
  });

  it('returns 404 for an unknown user', async () => {
    const { status, body } = await server.client.createUserToken('nobody', asAdmin);

    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  it('returns 403 for a more powerful user, and issues nothing', async () => {
    const delegate = await signUpWith('tokens:write', 'tokens:read');
    const above = await signUpWith('tokens:write', 'users:read');

    const { status, body } = await server.client.createUserToken(above.user, delegate.headers);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    expect((await server.client.userTokens(above.user, asAdmin, '?kind=api')).body.total).toBe(0);
  });

  it('returns 201 for a user with no more permissions', async () => {
    const delegate = await signUpWith('tokens:write', 'users:read', 'roles:write');
    const below = await signUpWith('users:read');

    expect((await server.client.createUserToken(below.user, delegate.headers)).status).toBe(201);
  });

  it('returns 422 for permissions that the user lacks, and 403 for those that the caller lacks', async () => {
    const delegate = await signUpWith('tokens:write', 'users:read', 'roles:write');
    const below = await signUpWith('users:read');
    const ask = (permissions: string[]) =>
      server.client.createUserToken(below.user, delegate.headers, { permissions });

    const notHeld = await ask(['users:read', 'tokens:write']);
    const above = await ask(['users:write']);

    expect([notHeld.status, errorsOf(notHeld.body)]).toEqual([422, [['/permissions/1', 'not_held']]]);
    expect([above.status, above.body.code]).toEqual([403, 'above_your_permissions']);
  });
});
