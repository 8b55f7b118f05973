import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ErrorCode } from '@latchkey/auth-models';
import { eventOf } from '../../../../apps/api/src/auth/verifiers/event-log.js';
import { createTokenSecret, digestOf } from '../../../../apps/api/src/platform/crypto/secrets.js';
import {
  FakeClock,
  FakeLatchkey,
  PROCESS,
  responseOf,
  turns,
} from '../../../../test/support/unit/fake-latchkey.js';
import { authenticate, authorize, checkedDemands } from './guard-request.js';
import { type Introspection } from './introspection.js';
import { type VerificationError } from './verification-error.js';
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
/** Response to a revoked token. */
const REVOKED: Introspection = { active: false, reason: 'token_revoked' };
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
let warnings: unknown[];

function create(options: Partial<VerifierOptions> = {}): Verifier {
  verifier = new Verifier(
    {
      url: 'http://latchkey.test/prefix/..',
      token: 'verifier:token',
      fetch: latchkey.fetch,
      onWarning: (error) => warnings.push(error),
      ...options,
    },
    clock,
  );
  return verifier;
}

const latestFeed = () => latchkey.feeds.at(-1)!;
const lookUps = () => latchkey.to('/auth/introspect').length;

/** Connects the feed, and proves the memory. */
async function connect(): Promise<void> {
  await turns();
  await latestFeed().send('hello', HELLO);
  // Otherwise a request to the server begins at the same time as the connection.
  clock.advance(1);
  await beat();
}

async function beat(): Promise<void> {
  await latestFeed().send('heartbeat', { time: HELLO.time + clock.now - 1_000 });
}

/** Promise that a test settles. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

beforeEach(() => {
  clock = new FakeClock();
  latchkey = new FakeLatchkey();
  latchkey.introspect = () => ANNA;
  warnings = [];
});

afterEach(async () => {
  await verifier.close();
});

describe('verify', () => {
  it('returns the user of the token, whom no handler can change', async () => {
    const principal = await create().verify(HEADERS, { address: '192.0.2.7' });

    expect(principal).toEqual({
      id: 'user-1',
      name: 'anna',
      tokenId: 'token-1',
      roles: ['editor'],
      permissions: ['orders:read', 'orders:write'],
      metadata: { tenant: { id: 7 } },
      expirationTime: '2033-05-18T03:33:20.000Z',
    });
    expect([principal, principal.roles, principal.metadata?.tenant].map(Object.isFrozen)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('asks with its own token, and with the credentials and the address of the client', async () => {
    await create().verify(HEADERS, { address: '::ffff:192.0.2.7' });

    const [request] = latchkey.to('/auth/introspect');
    expect(request?.headers.get('x-auth-token')).toBe('verifier:token');
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      token: X_AUTH_TOKEN,
      explain: 'true',
      address: '192.0.2.7',
      verifier: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it.each([
    ['a token', SECRET],
    ['Bearer', { authorization: `Bearer ${SECRET}` }],
  ])('asks with the token alone for %s', async (_, credentials) => {
    await create().verify(credentials);

    expect(new URLSearchParams(latchkey.to('/auth/introspect')[0]?.body).get('token')).toBe(SECRET);
  });

  it('sends a bare token of its own as Bearer', async () => {
    const own = createTokenSecret();
    await create({ token: () => Promise.resolve(own) }).verify(HEADERS);

    expect(latchkey.to('/auth/introspect')[0]?.headers.get('authorization')).toBe(`Bearer ${own}`);
  });

  it.each<[Omit<Introspection, 'active'>, object]>([
    [
      { reason: 'token_expired' },
      {
        status: 401,
        code: 'token_expired',
        challenge: 'XAuthToken realm="latchkey", error="token_expired"',
      },
    ],
    [
      { reason: 'unauthenticated' },
      {
        status: 401,
        code: 'unauthenticated',
        challenge: 'XAuthToken realm="latchkey", error="invalid_token"',
      },
    ],
    [{ reason: 'address_not_allowed' }, { status: 403, code: 'address_not_allowed', challenge: undefined }],
    [
      { reason: 'rate_limited', retry_after: 7 },
      { status: 429, code: 'rate_limited', retryAfter: 7 },
    ],
    // Servers of other releases.
    [{}, { status: 401, code: 'unauthenticated' }],
    [{ reason: 'token_cursed' as ErrorCode }, { status: 401, code: 'unauthenticated' }],
  ])('rejects a token in one request, with the reason of the server: %j', async (inactive, expected) => {
    latchkey.introspect = () => ({ active: false, ...inactive });

    const traceId = 'trace-1';
    await expect(create().verify(HEADERS, { traceId })).rejects.toMatchObject({ ...expected, traceId });

    const [request, ...others] = latchkey.requests.filter(({ path }) => path !== '/auth/revocations');
    expect(request?.path).toBe('/auth/introspect');
    expect(new URLSearchParams(request?.body).get('explain')).toBe('true');
    // The server explains the rejection by this id.
    expect(request?.headers.get('x-request-id')).toBe(traceId);
    expect(others).toEqual([]);
  });

  it('returns 403 with the missing permissions and roles', async () => {
    const demands = { permissions: ['orders:read', 'orders:delete'], roles: ['editor', 'owner'] };

    await expect(create().verify(HEADERS, demands)).rejects.toMatchObject({
      status: 403,
      code: 'insufficient_scope',
      challenge: 'XAuthToken realm="latchkey", error="insufficient_scope", scope="orders:read orders:delete"',
      missingPermissions: ['orders:delete'],
      missingRoles: ['owner'],
    });
  });

  it.each<[string, FakeLatchkey['introspect']]>([
    ['is down', () => Promise.reject(new TypeError('fetch failed'))],
    ['fails', () => responseOf(500)],
    ['rejects the token of the verifier', () => responseOf(401)],
    ['returns no JSON', () => responseOf(200, '<html>')],
    ['returns JSON as text', () => responseOf(200, JSON.stringify(ANNA), { 'content-type': 'text/html' })],
    ['names no user', () => ({ active: true })],
    ['says neither yes nor no', () => ({}) as Introspection],
    ...Object.entries({
      active: ['true', 1],
      sub: [null, '', 7],
      username: [null, '', ['anna']],
      jti: [null, '', {}],
      scope: [null, ['orders:read'], 7],
      roles: [null, 'administrators', {}, [null], [['editor']]],
      exp: [null, '2000000000', 9e15],
      metadata: [null, 'x', []],
      remember_for: [null, '60', -1],
      bound_to_address: [null, 'true', 0],
    }).flatMap(([member, values]) =>
      values.map((value): [string, FakeLatchkey['introspect']] => [
        `returns ${member} = ${JSON.stringify(value)}`,
        () => ({ ...ANNA, [member]: value }),
      ]),
    ),
    ['names no text as the reason', () => ({ active: false, reason: 7 }) as unknown as Introspection],
    ...[null, [], 'x'].map((body): [string, FakeLatchkey['introspect']] => [
      `returns ${JSON.stringify(body)}`,
      () => Response.json(body),
    ]),
  ])('returns 503 when the server %s', async (_, introspect) => {
    latchkey.introspect = introspect;

    await expect(create().verify(HEADERS, { roles: ['admin'] })).rejects.toMatchObject({
      status: 503,
      retryAfter: 2,
    });
  });

  it('returns 503 when the server does not respond in time', async () => {
    latchkey.introspect = () => new Promise(() => undefined);

    await expect(create({ timeout: 1 }).verify(HEADERS)).rejects.toMatchObject({
      status: 503,
      cause: { code: 'timeout' },
    });
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

  it('returns 503 when too many requests wait for the server', async () => {
    const answer = deferred<Introspection>();
    latchkey.introspect = () => answer.promise;
    create({ concurrency: 1 });
    const accepted = Array.from({ length: 17 }, () => verifier.verify(createTokenSecret()));

    await expect(verifier.verify(createTokenSecret())).rejects.toMatchObject({
      status: 503,
      code: 'overloaded',
    });

    expect(lookUps()).toBe(1);
    answer.resolve(ANNA);
    await expect(Promise.all(accepted)).resolves.toHaveLength(17);
  });

  it.each([{ permission: ['orders:read'] }, { permissions: undefined }, { roles: undefined }])(
    'accepts nothing if a requirement is misspelt: %j',
    async (options) => {
      await expect(create().verify(HEADERS, options as never)).rejects.toThrow(TypeError);
    },
  );

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

describe('memory', () => {
  it('answers without asking while the feed is fresh', async () => {
    create();
    await connect();
    await verifier.verify(HEADERS);

    await verifier.verify(HEADERS, { address: '192.0.2.7' });

    expect(lookUps()).toBe(1);
    expect(verifier.status()).toEqual({
      connected: true,
      fresh: true,
      entries: 1,
      local: 1,
      asked: 1,
      lag: 0,
    });
  });

  it.each([
    ['before the feed is connected', async () => {}],
    ['before the first heartbeat', async () => latestFeed().send('hello', HELLO)],
  ])('asks each time %s', async (_, begin) => {
    create();
    await turns();
    await begin();
    clock.advance(1);

    await verifier.verify(HEADERS);
    await verifier.verify(HEADERS);

    expect(lookUps()).toBe(2);
  });

  it.each([
    ['the last proof is old', () => clock.advance(2_000)],
    ['the wall clock was set back', () => (clock.day -= 100)],
    ['the machine slept', () => (clock.day += 3_000)],
  ])('asks when %s', async (_, change) => {
    create();
    await connect();
    await verifier.verify(HEADERS);

    change();
    await verifier.verify(HEADERS);

    expect(lookUps()).toBe(2);
    expect(verifier.status().fresh).toBe(false);
  });

  it('returns 503 without the feed and the server', async () => {
    create();
    await connect();
    await verifier.verify(HEADERS);
    latchkey.introspect = () => responseOf(503);

    clock.advance(2_000);

    await expect(verifier.verify(HEADERS)).rejects.toMatchObject({ status: 503 });
  });

  it.each([
    ['of the user', 'user', { id: 'user-1' }],
    ['of everyone', 'all', {}],
    ['of an unknown kind', 'tenant', { id: 'x' }],
  ])('forgets a token after a revocation %s', async (_, type, data) => {
    create();
    await connect();
    await verifier.verify(HEADERS);
    latchkey.introspect = () => REVOKED;

    await latestFeed().send(type, data);

    await expect(verifier.verify(HEADERS)).rejects.toMatchObject({ code: 'token_revoked' });
  });

  it('keeps the tokens of other users', async () => {
    create();
    await connect();
    await verifier.verify(HEADERS);

    await latestFeed().send('user', { id: 'user-2' });
    await verifier.verify(HEADERS);

    expect(lookUps()).toBe(1);
  });

  it('asks for a token with a limit on its use each time, also at once', async () => {
    latchkey.introspect = () => ({ ...ANNA, remember_for: 0 });
    create();
    await connect();

    await Promise.all([verifier.verify(HEADERS), verifier.verify(HEADERS), verifier.verify(HEADERS)]);

    expect(lookUps()).toBe(3);
  });

  it('asks again when an answer has expired', async () => {
    latchkey.introspect = () => ({ ...ANNA, remember_for: 0.5 });
    create();
    await connect();
    await verifier.verify(HEADERS);

    clock.advance(500);
    await verifier.verify(HEADERS);

    expect(lookUps()).toBe(2);
  });

  it('remembers an answer for one address if it is bound to it', async () => {
    latchkey.introspect = (form) =>
      form.get('address') === '192.0.2.7' ? { ...ANNA, bound_to_address: true } : { active: false };
    create();
    await connect();
    await verifier.verify(HEADERS, { address: '192.0.2.7' });
    await verifier.verify(HEADERS, { address: '192.0.2.7' });

    expect(lookUps()).toBe(1);
    await expect(verifier.verify(HEADERS, { address: '192.0.2.8' })).rejects.toMatchObject({ status: 401 });
    await expect(verifier.verify(HEADERS)).rejects.toMatchObject({ status: 401 });
  });

  it('does not accept in one header field what was remembered for another', async () => {
    create();
    await connect();
    await verifier.verify({ authorization: `Bearer ${SECRET}` });

    await expect(verifier.verify({ 'x-auth-token': `Bearer ${SECRET}` })).rejects.toMatchObject({
      status: 401,
    });
    await expect(verifier.verify({ 'x-auth-token': SECRET })).rejects.toMatchObject({ status: 401 });
  });

  it('is bounded', async () => {
    create({ cache: { entries: 2 } });
    await connect();

    for (let count = 0; count < 4; count += 1) {
      await verifier.verify(createTokenSecret());
    }

    expect(verifier.status().entries).toBe(2);
  });
});

describe('requests to the server', () => {
  it('are shared by simultaneous requests', async () => {
    const answer = deferred<Introspection>();
    latchkey.introspect = () => answer.promise;
    create();
    await connect();
    const all = Array.from({ length: 5 }, () => verifier.verify(HEADERS));
    await turns();

    answer.resolve(ANNA);
    await Promise.all(all);

    expect(lookUps()).toBe(1);
    expect(verifier.status()).toMatchObject({ local: 4, asked: 1 });
  });

  it('do not serve requests that arrived after they began, unless the memory proves the answer', async () => {
    const first = deferred<Introspection>();
    latchkey.introspect = () => (lookUps() === 1 ? first.promise : ANNA);
    create();
    const all = [verifier.verify(HEADERS), verifier.verify(HEADERS), verifier.verify(HEADERS)];
    await turns();

    first.resolve(ANNA);
    await Promise.all(all);

    // The second one is shared by the requests that waited for the first.
    expect(lookUps()).toBe(2);
    expect(verifier.status()).toMatchObject({ local: 1, asked: 2 });
  });

  it('do not share a rejection, which is older than the requests that wait, and has the id of another one', async () => {
    const first = deferred<Introspection>();
    latchkey.introspect = () => (lookUps() === 1 ? first.promise : { active: false });
    create();
    await connect();
    const traceIds = Array.from({ length: 8 }, (_, index) => `trace-${index}`);
    const all = traceIds.map((traceId) =>
      verifier.verify(HEADERS, { traceId }).catch((error: VerificationError) => error.traceId),
    );
    await turns();

    first.resolve({ active: false });

    expect(await Promise.all(all)).toEqual(traceIds);
    expect(latchkey.to('/auth/introspect').map(({ headers }) => headers.get('x-request-id'))).toEqual(
      traceIds,
    );
  });

  it('do not reject a request because the user was disabled before it', async () => {
    const first = deferred<Introspection>();
    latchkey.introspect = () => (lookUps() === 1 ? first.promise : ANNA);
    create();
    await connect();
    const early = verifier.verify(HEADERS).catch((error: unknown) => error);
    await turns();
    const late = verifier.verify(HEADERS);

    first.resolve({ active: false });

    await expect(early).resolves.toMatchObject({ status: 401 });
    await expect(late).resolves.toMatchObject({ name: 'anna' });
  });

  it('are repeated if the user was revoked meanwhile', async () => {
    const first = deferred<Introspection>();
    latchkey.introspect = () => (lookUps() === 1 ? first.promise : REVOKED);
    create();
    await connect();
    const verification = verifier.verify(HEADERS).catch((error: unknown) => error);
    await turns();

    await latestFeed().send('user', { id: 'user-1' });
    first.resolve(ANNA);

    await expect(verification).resolves.toMatchObject({ code: 'token_revoked' });
  });

  it('are not repeated for a token with a limit on its use, as it may have been the last one', async () => {
    latchkey.introspect = async () => {
      await latestFeed().send('user', { id: 'user-1' });
      return { ...ANNA, remember_for: 0 };
    };
    create();
    await connect();

    await verifier.verify(HEADERS);

    expect(lookUps()).toBe(1);
  });

  it('are not repeated if another user was revoked meanwhile', async () => {
    const first = deferred<Introspection>();
    latchkey.introspect = () => first.promise;
    create();
    await connect();
    const verification = verifier.verify(HEADERS);
    await turns();

    await latestFeed().send('user', { id: 'user-2' });
    first.resolve(ANNA);
    await verification;

    expect(lookUps()).toBe(1);
  });

  it('are not repeated for the revocation of another user if nothing may be remembered', async () => {
    latchkey.introspect = async () => {
      await latestFeed().send('user', { id: 'user-2' });
      return ANNA;
    };
    create({ cache: { entries: 0 } });
    await connect();

    await verifier.verify(HEADERS);

    expect(lookUps()).toBe(1);
    expect(verifier.status().entries).toBe(0);
  });

  it('fail with 503 if the user is revoked during each of them', async () => {
    latchkey.introspect = async () => {
      await latestFeed().send('user', { id: 'user-1' });
      return ANNA;
    };
    create();
    await connect();

    await expect(verifier.verify(HEADERS)).rejects.toMatchObject({ status: 503 });
    expect(lookUps()).toBe(3);
  });
});

describe('feed', () => {
  it('names the verifier', async () => {
    create({ name: 'orders', version: '1.2.3', cache: { freshFor: 700 } });
    await turns();

    expect(Object.fromEntries(latestFeed().request.query)).toEqual({
      verifier: expect.any(String),
      name: 'orders',
      version: '1.2.3',
      freshFor: '700',
    });
    expect(latestFeed().request.headers.get('last-event-id')).toBeNull();
  });

  describe('after a pause of the process during a request to the server', () => {
    let answer: ReturnType<typeof deferred<Introspection>>;
    let verification: Promise<unknown>;

    /** Begins a request to the server, and pauses for the lease. */
    async function pauseDuringLookUp(): Promise<void> {
      answer = deferred<Introspection>();
      latchkey.introspect = () => answer.promise;
      verification = verifier.verify(HEADERS).catch((error: unknown) => error);
      await turns();
      clock.advance(2_000);
      latchkey.introspect = () => ({ active: false });
    }

    it('asks again', async () => {
      create();
      await connect();
      await pauseDuringLookUp();
      answer.resolve(ANNA);

      await expect(verification).resolves.toMatchObject({ status: 401 });
    });

    it('rejects a token whose use has been counted', async () => {
      create();
      await connect();
      await pauseDuringLookUp();
      answer.resolve({ ...ANNA, remember_for: 0 });

      await expect(verification).resolves.toMatchObject({ status: 503 });
    });

    it('uses the answer if no event about the user has arrived since then', async () => {
      create();
      await connect();
      await pauseDuringLookUp();
      await latestFeed().send('heartbeat', { time: HELLO.time + clock.now - 1_000 });
      answer.resolve(ANNA);

      await expect(verification).resolves.toMatchObject({ name: 'anna' });
    });
  });

  it('resumes after the last event, and keeps the memory', async () => {
    create();
    await connect();
    await latestFeed().send('user', { id: 'user-2' });
    await verifier.verify(HEADERS);

    await latestFeed().break();
    expect(verifier.status()).toMatchObject({ connected: false, fresh: true });
    await clock.wake();
    await latestFeed().send('hello', { ...HELLO, time: 9 });

    expect(latestFeed().request.headers.get('last-event-id')).toBe('process-1.1');
    expect(verifier.status()).toMatchObject({ connected: true, fresh: true, entries: 1 });
  });

  it.each([
    ['another event than the one to resume after', PROCESS, 7],
    ['an event of another process', 'process-2', 0],
  ])('clears its memory when the server begins with %s', async (_, process, sequence) => {
    create();
    await connect();
    await verifier.verify(HEADERS);

    await latestFeed().end();
    await clock.wake();
    latestFeed().sendText(eventOf('hello', { ...HELLO, process }, process, sequence));
    await turns();

    expect(latestFeed().request.headers.get('last-event-id')).toBe('process-1.0');
    expect(verifier.status()).toMatchObject({ connected: true, entries: 0 });
  });

  const heartbeat = (sequence: number) => eventOf('heartbeat', { time: HELLO.time }, PROCESS, sequence);
  const revocation = (sequence: number) => eventOf('user', { id: 'user-2' }, PROCESS, sequence);

  it.each<[string, string]>([
    ['a heartbeat that names a missing event', heartbeat(2)],
    ['an event after a missing one', revocation(3)],
    ['an altered event', revocation(2).replace('user-2', 'user-3')],
    ['an altered number', revocation(2).replace('.2.', '.1.')],
    ['an altered type', revocation(2).replace('event: user', 'event: users')],
    ['an altered heartbeat', heartbeat(1).replace('50000', '50001')],
    ['an event without an id', 'event: user\ndata: {"id":"user-2"}\n\n'],
    ['an event without a checksum', revocation(2).replace(/\.[0-9a-f]{8}\n/, '\n')],
    ['an event of another process', eventOf('user', { id: 'user-2' }, 'process-2', 2)],
    ['an event without data', revocation(2).replace('data: ', 'dat: ') + heartbeat(2)],
    ['data that is not JSON', 'event: user\nid: process-1.2.d0e5b2c8\ndata: {\n\n'],
    ['data without an end', `data: ${'x'.repeat(20_000)}`],
  ])('reconnects and clears the memory after %s', async (_, text) => {
    create();
    await connect();
    await latestFeed().send('user', { id: 'user-2' });
    await verifier.verify(HEADERS);

    latestFeed().sendText(text);
    await turns();
    expect(verifier.status()).toMatchObject({ connected: false, entries: 0 });
    clock.advance(1);
    await verifier.verify(HEADERS);
    await clock.wake();
    await latestFeed().send('hello', HELLO);

    // The server sends the missing events again.
    expect(latestFeed().request.headers.get('last-event-id')).toBe('process-1.1');
    expect(verifier.status()).toMatchObject({ connected: true, entries: 1 });
  });

  it('has the content type of an event stream', async () => {
    latchkey.feedResponse = () =>
      responseOf(200, eventOf('hello', HELLO, PROCESS, 0), { 'content-type': 'text/html' });
    create();
    await turns();

    expect(verifier.status().connected).toBe(false);
    expect(String(warnings)).toContain('is not from Latchkey');
  });

  it('begins with hello', async () => {
    create();
    await turns();

    latestFeed().sendText(heartbeat(0));
    await turns();
    await clock.wake();

    expect(latchkey.feeds).toHaveLength(2);
  });

  it('may repeat events, send a late heartbeat, and send all instead of missing events', async () => {
    create();
    await connect();
    const hello = eventOf('hello', HELLO, PROCESS, 0);
    const texts = [revocation(1), revocation(1), heartbeat(0), hello, eventOf('all', {}, PROCESS, 9)];

    latestFeed().sendText(texts.join('') + heartbeat(9));
    await turns();

    expect(verifier.status()).toMatchObject({ connected: true, fresh: true });
    expect(latchkey.feeds).toHaveLength(1);
  });

  it('is replaced, and everything forgotten, after a heartbeat from the future', async () => {
    create();
    await connect();
    await verifier.verify(HEADERS);

    await latestFeed().send('heartbeat', { time: HELLO.time + clock.now + 3_000 });

    expect(verifier.status()).toMatchObject({ connected: false, fresh: false, entries: 0 });
  });

  it('proves nothing by heartbeats that were delayed', async () => {
    create();
    await connect();
    const time = HELLO.time + clock.now - 1_000;

    // 50 ms less than the lease, by which the clocks may be wrong.
    clock.advance(1_949);
    await latestFeed().send('heartbeat', { time });
    expect(verifier.status()).toMatchObject({ fresh: true, lag: 1_949 });
    clock.advance(1);

    expect(verifier.status()).toMatchObject({ fresh: false });
  });

  it('is optional: a verifier asks an older server for each request', async () => {
    latchkey.feedResponse = () => responseOf(404);
    const { remember_for: _1, bound_to_address: _2, ...older } = ANNA;
    latchkey.introspect = () => older;
    create();
    await turns();

    await Promise.all([verifier.verify(HEADERS), verifier.verify(HEADERS)]);

    expect(lookUps()).toBe(2);
    expect(verifier.status()).toMatchObject({ connected: false, fresh: false });
    expect(String(warnings)).toContain('The revocation feed is not available');
  });
});

describe('warnings', () => {
  const lines = () => warnings.map((warning) => (warning as Error).message);

  it('name an outage of the feed once, and its end with the duration', async () => {
    create();
    await connect();
    await latestFeed().end();
    for (let attempt = 0; attempt < 50; attempt += 1) {
      latchkey.feedResponse = () => responseOf(attempt % 2 === 0 ? 503 : 502);
      clock.advance(1_200);
      await clock.wake();
    }
    expect(lines()).toEqual([expect.stringMatching(/^The revocation feed is not available: .* 503 /)]);

    latchkey.feedResponse = undefined;
    await clock.wake();
    await latestFeed().send('hello', HELLO);
    await latestFeed().send('heartbeat', { time: HELLO.time });

    expect(lines().slice(1)).toEqual(['The revocation feed is available again after 60.0 s.']);
  });

  it('do not mention a connection that is replaced at once', async () => {
    create();
    await connect();
    for (let connection = 0; connection < 3; connection += 1) {
      await latestFeed().break();
      await clock.wake();
      await latestFeed().send('hello', HELLO);
      await latestFeed().send('heartbeat', { time: HELLO.time });
    }

    expect(lines()).toEqual([]);
  });

  it('mention connections that are accepted, and end without a heartbeat, once', async () => {
    create();
    for (let connection = 0; connection < 3; connection += 1) {
      await turns();
      await latestFeed().send('hello', HELLO);
      await latestFeed().break();
      await clock.wake();
    }

    expect(lines()).toEqual(['The revocation feed is not available: terminated']);
  });

  it('mention damaged events at most once a minute', async () => {
    create();
    await connect();
    for (let time = 0; time < 100_000; time += 1_000) {
      await latestFeed().send('heartbeat', { time: HELLO.time }, 100);
      clock.advance(1_000);
      await clock.wake();
      await latestFeed().send('hello', HELLO);
      await latestFeed().send('heartbeat', { time: HELLO.time });
    }

    const line = expect.stringMatching(/^The memory was cleared: An event is missing/);
    expect(lines()).toEqual([line, line]);
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

describe('reports', () => {
  const reports = () =>
    latchkey.to('/auth/revocations/reports').map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  it('contain each use from memory once, when the verifier is closed', async () => {
    // The server accepts only uses with the digest that it stores.
    const digest = digestOf(SECRET);
    create({ name: 'orders' });
    await connect();
    await verifier.verify(HEADERS, { address: '192.0.2.7' });
    await verifier.verify(HEADERS, { address: '192.0.2.7' });
    await verifier.verify(HEADERS, { address: '192.0.2.7', agent: 'cürl\t' });
    await verifier.verify(HEADERS, { address: '192.0.2.8' });
    clock.advance(250);

    await verifier.close();

    expect(reports()).toEqual([
      {
        verifier: expect.any(String),
        number: 1,
        name: 'orders',
        local: 3,
        asked: 1,
        lag: 0,
        uses: [
          { token: 'token-1', digest, count: 2, ago: 250, address: '192.0.2.7', agent: 'c?rl?' },
          { token: 'token-1', digest, count: 1, ago: 250, address: '192.0.2.8' },
        ],
      },
    ]);
  });

  it('contain the required permissions, even if the server was asked', async () => {
    create();
    await connect();
    await verifier.verify(HEADERS, { permissions: ['orders:read'] });
    await verifier.verify(HEADERS, { permissions: ['orders:read'] });
    const principal = await verifier.verify(HEADERS);
    authorize(principal, REQUEST, { permissions: ['orders:write'] });
    await expect(verifier.verify(HEADERS, { permissions: ['orders:delete'] })).rejects.toThrow();

    await verifier.close();

    const permissions = ['orders:read', 'orders:write'];
    expect(reports()).toMatchObject([{ uses: [{ token: 'token-1', count: 3, permissions }] }]);
  });

  it('contain rejections that the server does not know, within a second', async () => {
    create();
    await connect();
    const route = `/orders/${'x'.repeat(300)}é`;
    const origin = { address: '192.0.2.7', agent: 'curl', traceId: 'trace-1', method: 'GET', route };
    const rejections = [
      verifier.verify({}, origin),
      verifier.verify({ authorization: 'Bearer x' }),
      verifier.verify(HEADERS, {
        ...origin,
        permissions: ['orders:read', 'orders:delete'],
        roles: ['chief'],
      }),
    ].map((verification) =>
      verification.then(
        () => undefined,
        (error: unknown) => error as VerificationError,
      ),
    );
    const errors = await Promise.all(rejections);
    const principal = await verifier.verify(HEADERS);
    expect(() => authorize(principal, REQUEST, { permissions: ['orders:delete'] })).toThrow();

    await verifier.close();

    expect(errors.map((error) => error?.traceId)).toEqual(['trace-1', expect.any(String), 'trace-1']);
    expect(errors[0]?.toResponse()).toMatchObject({
      headers: { 'x-request-id': 'trace-1' },
      body: { traceId: 'trace-1' },
    });
    expect(reports()).toMatchObject([
      {
        rejections: [
          {
            traceId: 'trace-1',
            cause: 'no_credentials',
            ago: 0,
            address: '192.0.2.7',
            agent: 'curl',
            method: 'GET',
            route: route.slice(0, 200),
          },
          { traceId: errors[1]?.traceId, cause: 'malformed_credentials' },
          {
            traceId: 'trace-1',
            cause: 'missing_permission',
            token: 'token-1',
            missingPermissions: ['orders:delete'],
            missingRoles: ['chief'],
          },
          { traceId: 'trace-9', token: 'token-1', missingPermissions: ['orders:delete'] },
        ],
      },
    ]);
  });

  it('contain no request id that the server would reject', async () => {
    create();
    await connect();
    const traceId = 'not valid';
    const principal = await verifier.verify(HEADERS);
    const request = { ...REQUEST, headers: { 'x-request-id': traceId } };
    expect(() => authorize(principal, request, { permissions: ['orders:delete'] })).toThrow();
    await expect(authenticate(verifier, { ...request, rawHeaders: REPEATED }, {})).rejects.toThrow();
    await expect(verifier.verify({}, { traceId })).rejects.toThrow();

    await verifier.close();

    const reported = reports().flatMap((report) => (report as { rejections: object[] }).rejections);
    const accepted = { traceId: expect.stringMatching(/^[0-9a-f-]{36}$/) };
    expect(reported).toMatchObject([accepted, accepted, accepted]);
  });

  it('contain at most 20 rejections without a known token, and leave room for the others', async () => {
    create();
    await connect();
    for (let request = 0; request < 150; request += 1) {
      await expect(verifier.verify({})).rejects.toThrow();
    }
    const permissions = ['orders:delete', 'not a permission', 'x'.repeat(200)];
    await expect(verifier.verify(HEADERS, { permissions })).rejects.toThrow();

    await verifier.close();

    const reported = reports().flatMap((report) => (report as { rejections: object[] }).rejections);
    expect(reported).toHaveLength(21);
    // The server would reject the whole report for a name that is none.
    expect(reported.at(-1)).toMatchObject({ token: 'token-1', missingPermissions: ['orders:delete'] });
  });

  it('contain the permissions of a token that is never cached once for all addresses', async () => {
    latchkey.introspect = () => ({ ...ANNA, remember_for: 0 });
    create();
    await connect();
    for (let use = 0; use < 3; use += 1) {
      await verifier.verify(HEADERS, { address: `192.0.2.${use}`, permissions: ['orders:read'] });
    }

    await verifier.close();

    expect(reports()).toMatchObject([
      { uses: [{ token: 'token-1', count: 0, permissions: ['orders:read'] }] },
    ]);
  });

  it('contain a permission once for each request to the server', async () => {
    create();
    await turns();
    await latestFeed().send('hello', { ...HELLO, reportEvery: 10 });
    const verify = async () => {
      const isReported = deferred<void>();
      latchkey.report = () => (isReported.resolve(), Response.json({ time: 1, process: 'x' }));
      await verifier.verify(HEADERS, { permissions: ['orders:read'] });
      await isReported.promise;
    };
    clock.advance(1);
    await beat();

    await verify();
    await verify();
    clock.advance(60_000);
    await beat();
    await verify();

    const used = reports().flatMap(({ uses }) => uses as { count: number; permissions?: string[] }[]);
    expect(used.map(({ count, permissions }) => [count, permissions])).toEqual([
      [0, ['orders:read']],
      [1, undefined],
      [0, ['orders:read']],
    ]);
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

  it('name no lag before the first heartbeat', async () => {
    create();
    await turns();
    await latestFeed().send('hello', HELLO);
    await verifier.verify(HEADERS);

    await verifier.close();

    expect(reports()).toEqual([expect.not.objectContaining({ lag: expect.anything() })]);
  });

  it('omit a use for each request to the server that was repeated, as the server has counted it', async () => {
    latchkey.introspect = async () => {
      if (lookUps() === 1) {
        await latestFeed().send('user', { id: 'user-1' });
      }
      clock.advance(1);
      return ANNA;
    };
    create();
    await connect();
    for (let use = 0; use < 5; use += 1) {
      await verifier.verify(HEADERS);
    }

    await verifier.close();

    // Five requests, two of which the server has counted.
    expect(reports()).toMatchObject([{ local: 4, asked: 2, uses: [{ count: 3 }] }]);
  });

  it('are sent again unchanged until the server has counted them', async () => {
    const responses = [
      responseOf(503),
      responseOf(429),
      responseOf(401),
      responseOf(403),
      Response.json({ time: '1', process: 'x' }),
      Response.json(null),
      responseOf(200, '{"time":1,"process":"x"}', { 'content-type': 'text/html' }),
      Response.json({ time: 1, process: 'x' }),
    ];
    latchkey.report = () => responses.shift()!;
    create();
    await connect();
    await verifier.verify(HEADERS);

    await verifier.close();

    expect(reports()).toEqual(Array(8).fill(expect.objectContaining({ number: 1, asked: 1 })));
    expect(warnings.map(String)).toEqual([
      expect.stringContaining('The uses of tokens were not reported'),
      expect.stringContaining('The uses of tokens are reported again'),
    ]);
  });

  it('are dropped with a warning if the server rejects them', async () => {
    latchkey.report = () => responseOf(422);
    create();
    await connect();
    await verifier.verify(HEADERS);

    await verifier.close();

    expect(reports()).toHaveLength(1);
    expect(String(warnings)).toContain('The uses of tokens were not reported');
  });

  /** Waits until this number of reports has been sent, with an interval of 1 ms. */
  async function sendReports(number: number): Promise<void> {
    while (reports().length < number) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await turns();
  }

  it.each([
    ['7', 7_000],
    ['86400', 60_000],
  ])('are sent again after Retry-After: %s, but within a minute', async (value, delay) => {
    latchkey.report = () =>
      reports().length > 1
        ? Response.json({ time: 1, process: 'x' })
        : responseOf(429, null, { 'retry-after': value });
    create();
    await turns();
    const wait = jest.spyOn(globalThis, 'setTimeout');
    await latestFeed().send('hello', { ...HELLO, reportEvery: 1 });
    await sendReports(1);

    const delays = wait.mock.calls.map(([, milliseconds = 0]) => milliseconds);
    wait.mockRestore();
    expect(delays.filter((one) => one >= delay && one <= delay + 1_000)).toHaveLength(1);
  });

  it('name the number of rejected items once a minute, and the rest at the end', async () => {
    latchkey.report = () => responseOf(422);
    create();
    await turns();
    await latestFeed().send('hello', { ...HELLO, reportEvery: 1 });
    for (const pause of [1_000, 58_000, 1_000, 1_000]) {
      await sendReports(reports().length + 3);
      clock.advance(pause);
    }
    await sendReports(reports().length + 3);
    await verifier.close();

    const line = expect.stringMatching(
      /^Error: The uses of tokens were not reported \(items rejected by the server: \d+\): /,
    );
    expect(warnings.map(String)).toEqual([line, line, line]);
  });

  describe('of uses from 300 addresses', () => {
    type Sent = { number: number; local: number; asked: number; uses: { address: string; count: number }[] };
    const sent = () => reports() as unknown as Sent[];
    let counted: Sent[];

    /** Reports uses to a server that responds with a status to the reports it does not accept. */
    async function reportTo(rejects: (report: Sent) => boolean, status: number): Promise<void> {
      counted = [];
      latchkey.report = (report) => {
        if (rejects(report as Sent)) {
          return responseOf(status);
        }
        counted.push(report as Sent);
        return Response.json({ time: 1, process: 'x' });
      };
      create();
      await connect();
      for (let use = 0; use <= 300; use += 1) {
        await verifier.verify(HEADERS, { address: `2001:db8::${use}` });
      }
      await expect(verifier.verify({})).rejects.toThrow();
      await verifier.close();
    }

    const uses = () => counted.flatMap((report) => report.uses);

    it.each([413, 422])('are sent in halves after %s, each with its own number', async (status) => {
      await reportTo((report) => report.uses.length > 80, status);

      const numbers = sent().map(({ number }) => number);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      expect(new Set(uses().map(({ address }) => address)).size).toBe(300);
      expect(uses().map(({ count }) => count)).toEqual(Array(300).fill(1));
      expect(counted.map(({ local, asked }) => [local, asked]).filter(([local]) => local !== 0)).toEqual([
        [300, 1],
      ]);
      expect(
        counted.flatMap((report) => (report as { rejections?: object[] }).rejections ?? []),
      ).toHaveLength(1);
      expect(warnings).toEqual([]);
    });

    it('lose nothing but the use that the server rejects', async () => {
      await reportTo((report) => report.uses.some(({ address }) => address === '2001:db8::77'), 422);

      expect(uses()).toHaveLength(299);
      expect(counted.reduce((sum, { local }) => sum + local, 0)).toBe(300);
      expect(String(warnings)).toContain('The uses of tokens were not reported');
    });

    it('are dropped soon if the server rejects each use', async () => {
      await reportTo((report) => report.uses.length > 0, 422);

      expect(sent().length).toBeLessThan(40);
      expect(counted).toMatchObject([{ local: 300, asked: 1, uses: [] }]);
    });
  });

  it('are sent at the interval of the server, and compare the clocks again', async () => {
    const reported = deferred<void>();
    latchkey.report = () => {
      reported.resolve();
      // As if the first request to this process had taken 1,400 ms.
      return Response.json({ time: HELLO.time + clock.now - 2_400, process: HELLO.process });
    };
    create();
    await turns();
    await latestFeed().send('hello', { ...HELLO, reportEvery: 10 });

    await reported.promise;
    await turns();
    await latestFeed().send('heartbeat', { time: HELLO.time + clock.now - 2_400 });

    expect(verifier.status()).toMatchObject({ fresh: true, lag: 0 });
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
  expect(() => new Verifier({ url: 'http://latchkey.test', token: '' })).toThrow('"token" is empty');
  expect(() => new Verifier({ url: 'http://x', token: 'x', name: 'a\nb' })).toThrow('name');
  expect(() => new Verifier({ url: 'http://x', token: 'x', cache: { freshFor: 10 } })).toThrow(
    'cache.freshFor',
  );
});

it('accepts nothing after it was closed', async () => {
  create();
  await connect();
  await verifier.verify(HEADERS);
  await verifier.close();

  await expect(verifier.verify(HEADERS)).rejects.toMatchObject({ status: 503 });
});
