import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ExplanationDto } from '@latchkey/auth-models';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { enrol } from '../support/authenticator.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';
import { useVerifyWays } from '../support/verify-ways.js';

const CHALLENGE = 'XAuthToken realm="latchkey", error="insufficient_user_authentication"';

/** The longest cache time, so that a cached proof can become stale. */
const server = useServer({ environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '300' } });
const asAdmin = useAdmin(server);
const ways = useVerifyWays(server);
let name: string;
let asUser: Headers;

beforeAll(async () => {
  ({ name } = newUser());
  await server.client.createUser({ name, password: PASSWORD }, asAdmin);
  asUser = await server.client.loginHeaders(name, PASSWORD);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const verify = (query: string, headers = asUser) =>
  server.client.request('GET', `/auth/verify${query}`, { headers });

async function rejection(query: string, headers = asUser) {
  const { status, headers: fields } = await verify(query, headers);
  return [status, fields.get('x-auth-error'), fields.get('www-authenticate')];
}

/** Stops the clock of the server at a whole second, this number of milliseconds after a session started. */
async function stopClockAfterLogin(milliseconds: number, headers = asUser): Promise<void> {
  const { body } = await server.client.me(headers);
  const login = Math.floor(Date.parse(body.token?.authTime ?? '') / 1_000) * 1_000;
  stopClock(server, login + milliseconds);
}

async function apiToken(body: object = {}): Promise<Headers> {
  return tokenHeader((await server.client.createMyToken(asUser, body)).body);
}

describe('GET /auth/verify?fresh=', () => {
  it('accepts a login up to this many whole seconds ago, and rejects an older one', async () => {
    await stopClockAfterLogin(120_999);
    const accepted = await verify('?fresh=120');
    await stopClockAfterLogin(121_000);

    expect([accepted.status, accepted.headers.get('x-auth-methods')]).toEqual([200, 'pwd']);
    expect(await rejection('?fresh=120')).toEqual([403, 'step_up_required', `${CHALLENGE}, max_age=120`]);
    expect(await rejection('/fresh=120/orders')).toEqual([
      403,
      'step_up_required',
      `${CHALLENGE}, max_age=120`,
    ]);
  });

  it('rejects a proof that becomes stale while its token is cached', async () => {
    await stopClockAfterLogin(30_000);
    const fast = ways.countFast();
    expect([(await verify('?fresh=60')).status, (await verify('?fresh=60')).status]).toEqual([200, 200]);
    expect(fast()).toBeGreaterThan(0);

    await stopClockAfterLogin(61_000);

    expect((await verify('?fresh=60')).status).toBe(403);
    expect((await verify('')).status).toBe(200);
  });

  it('accepts the session after a step-up', async () => {
    const session = await server.client.loginHeaders(name, PASSWORD);
    await stopClockAfterLogin(400_000, session);
    expect((await verify('?fresh=300', session)).status).toBe(403);

    await server.client.request('POST', '/auth/step-up', {
      headers: session,
      body: { currentPassword: PASSWORD },
    });

    expect((await verify('?fresh=300', session)).status).toBe(200);
  });
});

describe('GET /auth/verify?method=', () => {
  it('accepts a session with one of the methods', async () => {
    const other = newUser().name;
    await server.client.createUser({ name: other, password: PASSWORD }, asAdmin);
    const session = await server.client.loginHeaders(other, PASSWORD);

    expect((await verify('?method=pwd', session)).status).toBe(200);
    expect(await rejection('?method=otp,passkey', session)).toEqual([403, 'step_up_required', CHALLENGE]);
    expect(await rejection('?method=otp&fresh=60', session)).toEqual([
      403,
      'step_up_required',
      `${CHALLENGE}, max_age=60`,
    ]);

    await enrol(server.client, session);

    expect((await verify('?method=otp,passkey', session)).status).toBe(200);
    expect((await verify('/method=otp,passkey/orders', session)).status).toBe(200);
    expect((await verify('?method=passkey', session)).status).toBe(403);
  });
});

describe('a demanded proof', () => {
  it('is never that of an API token', async () => {
    const token = await apiToken();

    expect((await verify('', token)).status).toBe(200);
    for (const query of ['?fresh=31622400', '?method=pwd,otp,recovery_code,passkey']) {
      expect((await rejection(query, token)).slice(0, 2)).toEqual([403, 'step_up_required']);
    }
  });

  it('is checked after the permissions and roles', async () => {
    expect((await rejection('?permission=users:write&method=otp'))[1]).toBe('insufficient_scope');
    expect((await rejection('?role=admin&fresh=1&method=otp'))[1]).toBe('insufficient_scope');
  });

  it.each([
    ...[
      'fresh=',
      'fresh=0',
      'fresh=00300',
      'fresh=-1',
      'fresh=1.5',
      'fresh=1e3',
      'fresh=+300',
      'fresh=%20300',
    ],
    ...[
      'fresh=31622401',
      'fresh=99999999999',
      'fresh=%D9%A3',
      'fresh=300&fresh=300',
      'fresh=5m',
      'Fresh=300',
    ],
    ...['method=', 'method=,', 'method=otp,', 'method=OTP', 'method=otp%20passkey', 'method=totp'],
    ...['method=otp&method=passkey', 'method=otp&method=otp', 'method=constructor', 'methods=otp'],
  ])('returns 403 for the invalid query %s', async (query) => {
    const [status, error, challenge] = await rejection(`?${query}`);

    expect([status, error]).toEqual([403, 'invalid_request']);
    expect(challenge).toMatch(/fresh|method/);
  });

  it.each([
    ['?fresh=60', asTheUser, 'The last login or step-up of the session is older than 60 seconds.'],
    ['?fresh=60&method=otp,passkey', asTheUser, 'The session was not proved with otp or passkey.'],
    ['?fresh=60', () => apiToken(), 'API tokens prove no login.'],
  ])('is explained for %s', async (query, credentials, detail) => {
    const headers = await credentials();
    await stopClockAfterLogin(90_000);

    const rejected = await verify(query, headers);
    const { body } = await server.client.request<ExplanationDto>(
      'GET',
      `/explanations/${rejected.headers.get('x-request-id')}`,
      { headers: asAdmin },
    );

    expect(rejected.status).toBe(403);
    expect([body.code, body.cause]).toEqual(['step_up_required', 'step_up_required']);
    expect(body.steps.find(({ result }) => result === 'failed')?.detail).toContain(detail);
  });
});

function asTheUser(): Promise<Headers> {
  return Promise.resolve(asUser);
}
