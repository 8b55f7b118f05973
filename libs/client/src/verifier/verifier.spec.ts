import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createTokenSecret } from '../../../../apps/api/src/platform/crypto/secrets.js';
import {
  FakeClock,
  FakeLatchkey,
  PROCESS,
  responseOf,
  turns,
} from '../../../../test/support/unit/fake-latchkey.js';
import { authenticate, authorize, checkedDemands } from './guard-request.js';
import { type Introspection } from './introspection.js';
import { Verifier, type VerifierOptions } from './verifier.js';

const SECRET = createTokenSecret();
const X_AUTH_TOKEN = Buffer.from(`anna:${SECRET}`).toString('base64');
const HEADERS = { 'x-auth-token': X_AUTH_TOKEN };
const ANNA: Introspection = {
  active: true,
  sub: 'user-1',
  username: 'anna',
  jti: 'token-1',
  scope: 'orders:read orders:write',
  roles: ['editor'],
  exp: 2_000_000_000,
  metadata: { tenant: { id: 7 } },
  remember_for: 60,
  bound_to_address: false,
};
const REQUEST = {
  headers: { 'x-request-id': 'trace-9' },
  rawHeaders: [],
  socket: { remoteAddress: '192.0.2.9' },
  address: '192.0.2.9',
};
const REPEATED = ['X-Auth-Token', 'a', 'X-Auth-Token', 'b'];
const HELLO = {
  time: 50_000,
  process: PROCESS,
  heartbeatEvery: 500,
  reportEvery: 600_000,
};

let clock: FakeClock;
let latchkey: FakeLatchkey;
let verifier: Verifier;

function create(options: Partial<VerifierOptions> = {}): Verifier {
  verifier = new Verifier(
    {
      url: 'http://latchkey.test/prefix/..',
      token: 'verifier:token',
      fetch: latchkey.fetch,
      onWarning: () => undefined,
      ...options,
    },
    clock,
  );
  return verifier;
}

const latestFeed = () => latchkey.feeds.at(-1)!;

/** Connects the feed, and proves the memory. */
async function connect(): Promise<void> {
  await turns();
  await latestFeed().send('hello', HELLO);
  // Otherwise a request to the server begins at the same time as the connection.
  clock.advance(1);
  await latestFeed().send('heartbeat', { time: HELLO.time + clock.now - 1_000 });
}

beforeEach(() => {
  clock = new FakeClock();
  latchkey = new FakeLatchkey();
  latchkey.introspect = () => ANNA;
});

afterEach(async () => {
  await verifier.close();
});

// The vectors in libs/conformance have the other rules.
describe('verify', () => {
  it('returns a user whom no handler can change', async () => {
    const principal = await create().verify(HEADERS);

    expect([principal, principal.roles, principal.metadata?.tenant].map(Object.isFrozen)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('sends a token that a function returns', async () => {
    const own = createTokenSecret();
    await create({ token: () => Promise.resolve(own) }).verify(HEADERS);

    expect(latchkey.to('/auth/introspect')[0]?.headers.get('authorization')).toBe(`Bearer ${own}`);
  });

  it('returns 503 when the function for its own token does not return in time', async () => {
    create({ timeout: 1, token: () => new Promise(() => undefined) });

    await expect(verifier.verify(HEADERS)).rejects.toMatchObject({
      status: 503,
      cause: { code: 'timeout', detail: expect.stringContaining('"token"') },
    });
  });

  it('closes while the function for its own token does not return', async () => {
    create({ timeout: 60_000, token: () => new Promise(() => undefined) });

    await expect(verifier.close()).resolves.toBeUndefined();
  });

  it.each([
    { permission: ['orders:read'] },
    { permissions: undefined },
    { roles: undefined },
    { fresh: undefined },
    { fresh: '60' },
    { methods: [] },
    { methods: 'otp' },
  ])('accepts nothing if a requirement is misspelt: %j', async (options) => {
    await expect(create().verify(HEADERS, options as never)).rejects.toThrow(TypeError);
  });

  it.each([
    new Set(['orders:read']),
    new Map([['permissions', ['orders:read']]]),
    ['orders:read'],
    'orders:read',
    '',
    true,
    null,
    { permissions: 'orders:read' },
    { permissions: [['orders:read']] },
    { roles: 'admin' },
    { roles: [['admin']] },
  ])('rejects requirements that are not lists: %p', (demands) => {
    create();
    expect(() => checkedDemands(demands as never)).toThrow(TypeError);
  });

  it('ends with the signal of the caller', async () => {
    latchkey.introspect = () => new Promise(() => undefined);
    const controller = new AbortController();
    const verification = create({ timeout: 50 }).verify(HEADERS, { signal: controller.signal });

    controller.abort(new Error('gone'));

    await expect(verification).rejects.toThrow('gone');
  });
});

it('describes its state', async () => {
  create();
  await connect();
  await verifier.verify(HEADERS);

  await verifier.verify(HEADERS, { address: '192.0.2.7' });

  expect(verifier.status()).toEqual({
    connected: true,
    fresh: true,
    entries: 1,
    local: 1,
    asked: 1,
    lag: 0,
  });
});

describe('warnings', () => {
  it('do not contain an own token that no header field can have', async () => {
    const warnings: unknown[] = [];
    const own = `${createTokenSecret()}\n${createTokenSecret()}`;
    const reject = () => Promise.reject(new TypeError(`${own} is an invalid header value.`));
    create({ token: own, fetch: reject, onWarning: (warning) => warnings.push(warning) });
    await turns();

    expect(warnings).toHaveLength(1);
    expect(inspect(warnings)).not.toContain('latchkey_');
    expect(inspect(warnings)).toContain('must be one line of ASCII characters.');
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('The logger is broken.');
      },
    ],
    ['rejects', () => Promise.reject(new Error('The logger is broken.'))],
  ])('end nothing if the function for them %s', async (_, onWarning) => {
    latchkey.feedResponse = () => responseOf(503);
    const log = jest.spyOn(console, 'warn').mockReturnValue();
    create({ onWarning });
    await turns();
    await clock.wake();

    expect(latchkey.to('/auth/revocations')).toHaveLength(2);
    expect(log.mock.calls).toEqual([['Latchkey verifier: The logger is broken.']]);
    log.mockRestore();
  });
});

describe('a request that passes two guards', () => {
  const demands = { methods: ['otp'] } as const;
  const asked = () => latchkey.to('/auth/introspect').length;

  it('is verified again if its session lacks the proof that the second one requires', async () => {
    create();
    await connect();
    latchkey.introspect = () => ({ ...ANNA, auth_time: 1, amr: ['pwd'] });
    const first = await verifier.verify(HEADERS);
    latchkey.introspect = () => ({ ...ANNA, auth_time: 2, amr: ['pwd', 'otp'] });

    const request = { ...REQUEST, headers: { ...REQUEST.headers, ...HEADERS } };
    const second = await authorize(verifier, first, request, demands);

    expect([asked(), second.authMethods]).toEqual([2, ['pwd', 'otp']]);
  });

  it('is rejected without another verification if it has an API token', async () => {
    create();
    await connect();
    const principal = await verifier.verify(HEADERS);

    await expect(authorize(verifier, principal, REQUEST, demands)).rejects.toMatchObject({
      code: 'step_up_required',
      traceId: 'trace-9',
    });

    expect([asked(), verifier.status().local]).toEqual([1, 0]);
  });
});

describe('reports', () => {
  const reports = () =>
    latchkey.to('/auth/revocations/reports').map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  it('contain what a handler required later', async () => {
    create();
    await connect();
    const principal = await verifier.verify(HEADERS);
    await authorize(verifier, principal, REQUEST, { permissions: ['orders:write'] });
    await expect(
      authorize(verifier, principal, REQUEST, { permissions: ['orders:delete'] }),
    ).rejects.toThrow();

    await verifier.close();

    expect(reports()).toMatchObject([
      {
        uses: [{ token: 'token-1', count: 0, permissions: ['orders:write'] }],
        rejections: [{ traceId: 'trace-9', token: 'token-1', missingPermissions: ['orders:delete'] }],
      },
    ]);
  });

  it('contain no request id that the server would reject', async () => {
    create();
    await connect();
    const traceId = 'not valid';
    const principal = await verifier.verify(HEADERS);
    const request = { ...REQUEST, headers: { 'x-request-id': traceId } };
    await expect(
      authorize(verifier, principal, request, { permissions: ['orders:delete'] }),
    ).rejects.toThrow();
    await expect(authenticate(verifier, { ...request, rawHeaders: REPEATED }, {})).rejects.toThrow();
    await expect(verifier.verify({}, { traceId })).rejects.toThrow();

    await verifier.close();

    const reported = reports().flatMap((report) => (report as { rejections: object[] }).rejections);
    const accepted = { traceId: expect.stringMatching(/^[0-9a-f-]{36}$/) };
    expect(reported).toMatchObject([accepted, accepted, accepted]);
  });

  it('stay below the size that the server accepts', async () => {
    create();
    await connect();
    for (let use = 0; use <= 500; use += 1) {
      await verifier.verify(HEADERS, { address: `192.0.2.${use % 256}`, agent: 'x'.repeat(200) });
      await verifier.verify(HEADERS, { address: `198.51.100.${use % 256}`, agent: 'x'.repeat(200) });
    }

    await verifier.close();

    const bodies = latchkey.to('/auth/revocations/reports').map(({ body }) => body.length);
    expect(Math.max(...bodies)).toBeLessThan(102_400);
    const counts = reports().flatMap(({ uses }) => (uses as { count: number }[]).map(({ count }) => count));
    expect(counts.reduce((sum, count) => sum + count)).toBe(1_001);
  });
});

it('does not appear in logs with its token', async () => {
  create();
  await connect();
  await verifier.verify(HEADERS);

  const log = inspect(verifier, { depth: null, showHidden: true });

  expect(log).not.toContain('verifier:token');
  expect(log).not.toContain(X_AUTH_TOKEN);
});

it('rejects invalid options', () => {
  create();
  expect(() => new Verifier({ url: 'latchkey', token: 'x' })).toThrow('is not a URL');
  expect(() => new Verifier({ url: 'http://latchkey.test', token: '' })).toThrow('is empty');
  expect(() => new Verifier({ url: 'http://x', token: 'x', name: 'a\nb' })).toThrow('name');
  expect(() => new Verifier({ url: 'http://x', token: 'x', cache: { freshFor: 10 } })).toThrow(
    'cache.freshFor',
  );
});

describe('fromMemory', () => {
  const client = (address: string) => {
    const read = jest.fn(() => address);
    return {
      read,
      get address() {
        return read();
      },
    };
  };

  it('returns only a user whom the memory holds, and counts no use', async () => {
    create();
    await connect();
    expect(verifier.fromMemory(HEADERS, client('192.0.2.9'))).toBeUndefined();

    const principal = await verifier.verify(HEADERS);
    const here = client('192.0.2.9');
    const found = verifier.fromMemory(HEADERS, here);

    expect(found).toBe(principal);
    expect(here.read).not.toHaveBeenCalled();
    expect(verifier.status()).toMatchObject({ local: 0, asked: 1 });
    verifier.countUse(principal, { address: '192.0.2.9', agent: 'curl' });
    expect(verifier.status().local).toBe(1);
  });

  it('returns a token that is limited to addresses for its address only', async () => {
    latchkey.introspect = () => ({ ...ANNA, bound_to_address: true });
    create();
    await connect();

    await verifier.verify(HEADERS, { address: '192.0.2.9' });

    expect(verifier.fromMemory(HEADERS, client('192.0.2.9'))).toMatchObject({ name: 'anna' });
    expect(verifier.fromMemory(HEADERS, client('192.0.2.8'))).toBeUndefined();
  });

  it.each<[string, Record<string, string>]>([
    ['no credentials', {}],
    ['two different credentials', { ...HEADERS, authorization: `Bearer ${createTokenSecret()}` }],
  ])('leaves the rejection of %s to verify', async (_, headers) => {
    create();
    await connect();
    await verifier.verify(HEADERS);

    expect(verifier.fromMemory(headers, client('192.0.2.9'))).toBeUndefined();
  });

  it('returns nothing when the memory may be out of date, or the verifier is closed', async () => {
    create();
    await connect();
    await verifier.verify(HEADERS);

    clock.advance(2_000);
    expect(verifier.fromMemory(HEADERS, client('192.0.2.9'))).toBeUndefined();
    await latestFeed().send('heartbeat', { time: HELLO.time + clock.now - 1_000 });
    expect(verifier.fromMemory(HEADERS, client('192.0.2.9'))).toMatchObject({ name: 'anna' });
    await verifier.close();
    expect(verifier.fromMemory(HEADERS, client('192.0.2.9'))).toBeUndefined();
  });
});
