import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type IntrospectionResponseDto,
  type ProblemDto,
  type StepUpResponseDto,
} from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { enrol } from '../support/authenticator.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ROUTES, routesWith } from '../routes.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';

const FRESH = 300_000;

const server = useServer({ environment: { LATCHKEY_FRESH_SECONDS: '300' } });
const asAdmin = useAdmin(server);

afterEach(() => {
  jest.restoreAllMocks();
});

async function newPerson(change: object = {}) {
  const { name } = newUser();
  await server.client.createUser({ name, password: PASSWORD, ...change }, asAdmin);
  return { name, headers: await server.client.loginHeaders(name, PASSWORD) };
}

/** Stops the clock of the server at a time from now. */
const advance = (milliseconds: number) => stopClock(server, Date.now() + milliseconds);
const send = <Body>(method: string, path: string, headers: Headers, body?: object) =>
  server.client.request<Body & ProblemDto>(method, path, { headers, body });
const stepUp = (headers: Headers, body?: object) =>
  send<StepUpResponseDto>('POST', '/auth/step-up', headers, body);
const createToken = (headers: Headers) => send('POST', '/me/tokens', headers, { permissions: [] });
const answer = async (response: Promise<{ status: number; body: ProblemDto }>) => {
  const { status, body } = await response;
  return [status, body?.code];
};
const entries = async (name: string) =>
  (
    await send<{ items: { action: string }[] }>('GET', `/audit-events?subject=${name}`, asAdmin)
  ).body.items.map(({ action }) => action);

describe('a route that requires a fresh proof', () => {
  it('accepts a session for five minutes after its login, and returns 403 after them', async () => {
    const { headers } = await newPerson();

    advance(FRESH - 5_000);
    expect((await createToken(headers)).status).toBe(201);
    advance(FRESH + 5_000);
    const { status, body, headers: fields } = await createToken(headers);

    expect([status, body.code]).toEqual([403, 'step_up_required']);
    expect(fields.get('www-authenticate')).toBe(
      'XAuthToken realm="latchkey", error="insufficient_user_authentication", max_age=300',
    );
  });

  it('accepts API tokens', async () => {
    const { headers } = await newPerson();
    const { body } = await server.client.createMyToken(headers, {});
    advance(FRESH * 2);

    const token = { 'X-Auth-Token': Buffer.from(`${body.user}:${body.token}`).toString('base64') };
    expect((await createToken(token)).status).toBe(201);
  });

  it.each(routesWith(({ fresh }) => fresh))('is %s, with any body', async (route) => {
    const { headers } = await newPerson({ roles: ['admin'] });
    advance(FRESH + 5_000);
    const [method = '', path = ''] = route.split(' ');

    expect(await answer(send(method, path.replace(/\{\w+\}/, 'nobody'), headers, {}))).toEqual([
      403,
      'step_up_required',
    ]);
  });

  it('is marked in the API document, and no other route is', async () => {
    const { paths } = (
      await send<{ paths: Record<string, Record<string, object>> }>('GET', '/openapi.json', {})
    ).body;
    const marked = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => 'x-requires-step-up' in operation)
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    );

    expect(marked.sort()).toEqual(routesWith(({ fresh }) => fresh));
    expect(ROUTES.size).toBeGreaterThan(marked.length);
  });
});

describe('POST /auth/step-up', () => {
  it('renews the proof with the password of a user without a second factor', async () => {
    const { name, headers } = await newPerson();
    const now = advance(FRESH + 5_000);
    expect((await createToken(headers)).status).toBe(403);

    const { status, body } = await stepUp(headers, { currentPassword: PASSWORD });

    expect(status).toBe(200);
    expect(body).toEqual({ authTime: new Date(now).toISOString(), authMethods: ['pwd'] });
    expect((await createToken(headers)).status).toBe(201);
    expect(await entries(name)).toContain('authn_step_up');
  });

  it('requires the password or a code, and counts wrong ones', async () => {
    const { name, headers } = await newPerson();

    expect(await answer(stepUp(headers))).toEqual([422, 'validation_failed']);
    expect(await answer(stepUp(headers, { currentPassword: 'a wrong password' }))).toEqual([
      422,
      'current_password_wrong',
    ]);
    const authenticator = await enrol(server.client, headers);
    expect(await answer(stepUp(headers, { currentPassword: PASSWORD }))).toEqual([403, 'forbidden']);
    expect(await answer(stepUp({ ...headers, 'X-Auth-OTP': '000000' }))).toEqual([403, 'forbidden']);
    const { body } = await stepUp({ ...headers, 'X-Auth-OTP': authenticator.code() });
    expect(body.authMethods).toEqual(['pwd', 'otp']);
    expect(await answer(stepUp({ ...headers, 'X-Auth-OTP': authenticator.code() }))).toEqual([
      403,
      'forbidden',
    ]);
    const recovered = await stepUp({ ...headers, 'X-Auth-OTP': authenticator.recoveryCodes[0] ?? '' });
    expect(recovered.body.authMethods).toEqual(['pwd', 'recovery_code']);
    expect(await entries(name)).toContain('authn_step_up_fail');
  });

  it('delays guesses together with those of logins', async () => {
    const { headers } = await newPerson();
    await enrol(server.client, headers);
    advance(0);
    for (let count = 0; count < 5; count += 1) {
      expect((await stepUp({ ...headers, 'X-Auth-OTP': '000000' })).status).toBe(403);
    }

    expect(await answer(stepUp({ ...headers, 'X-Auth-OTP': '000000' }))).toEqual([429, 'throttled']);
  });

  it('returns 403 for an API token', async () => {
    const { headers } = await newPerson();
    const { body } = await server.client.createMyToken(headers, {});
    const token = { 'X-Auth-Token': Buffer.from(`${body.user}:${body.token}`).toString('base64') };

    expect(await answer(stepUp(token, { currentPassword: PASSWORD }))).toEqual([403, 'forbidden']);
  });
});

describe('the first second factor', () => {
  it('is a fresh proof of its session, and makes those of the other sessions stale', async () => {
    const { name, headers } = await newPerson();
    const other = await server.client.loginHeaders(name, PASSWORD);
    expect((await createToken(other)).status).toBe(201);

    const authenticator = await enrol(server.client, headers);

    expect((await server.client.me(headers)).body.token?.authMethods).toEqual(['pwd', 'otp']);
    const remove = () => send('DELETE', `/me/second-factors/${authenticator.id}`, other);
    expect(await answer(remove())).toEqual([403, 'step_up_required']);
    expect((await stepUp({ ...other, 'X-Auth-OTP': authenticator.code() })).status).toBe(200);
    expect((await remove()).status).toBe(204);
  });
});

describe('the proof of a session', () => {
  it('is in GET /me, introspection and verify', async () => {
    const { name, headers } = await newPerson();
    const authenticator = await enrol(server.client, headers);
    const login = await server.client.login(name, PASSWORD, {
      headers: { 'X-Auth-OTP': authenticator.code() },
    });
    const session = { 'X-Auth-Token': Buffer.from(`${name}:${login.body.token}`).toString('base64') };

    const me = (await server.client.me(session)).body.token;
    const { body: introspection } = await server.client.request<IntrospectionResponseDto>(
      'POST',
      '/auth/introspect',
      { headers: asAdmin, body: new URLSearchParams({ token: login.body.token ?? '' }) },
    );
    const verified = await send('GET', '/auth/verify', session);

    expect(me?.authTime).toBe(login.body.creationTime);
    expect(me?.authMethods).toEqual(['pwd', 'otp']);
    expect(introspection.auth_time).toBe(Math.floor(Date.parse(login.body.creationTime) / 1_000));
    expect(introspection.amr).toEqual(['pwd', 'otp']);
    expect(verified.headers.get('x-auth-methods')).toBe('pwd,otp');
  });

  it('is absent from API tokens', async () => {
    const { headers } = await newPerson();
    const { body } = await server.client.createMyToken(headers, {});
    const token = { 'X-Auth-Token': Buffer.from(`${body.user}:${body.token}`).toString('base64') };

    expect((await server.client.me(token)).body.token).not.toHaveProperty('authTime');
    expect((await send('GET', '/auth/verify', token)).headers.has('x-auth-methods')).toBe(false);
  });
});
