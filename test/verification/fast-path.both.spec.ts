import { type IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TokenAuthentication } from '../../apps/api/src/auth/verify/token-authentication.service.js';
import { PresentedTokenReader } from '../../apps/api/src/tokens/cache/presented-token-reader.service.js';
import { Metrics } from '../../apps/api/src/platform/metrics/metrics.service.js';
import { RevocationListener } from '../../apps/api/src/platform/replicas/revocation-listener.service.js';
import { flushTokenUsage, useAdmin, useServer, stopClock } from '../support/use-server.js';
import { fromNow, useTokens, type TokenWithHeaders } from '../support/use-tokens.js';
import { type Connection, useVerifyWays } from '../support/verify-ways.js';
import { waitUntil } from '../support/wait-until.js';

const HERE = '203.0.113.7';
/** Whether the fast path reads tokens that are not cached. */
const READS_AT_ONCE = globalThis.DATABASE_KIND === 'sqlite';

const server = useServer({ environment: { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' } });
const asAdmin = useAdmin(server);
const { createToken, signUp } = useTokens(server, asAdmin);
const ways = useVerifyWays(server);

let session: TokenWithHeaders;

beforeAll(async () => {
  session = await signUp({ roles: ['user', 'auditor'] });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Verifies a token and returns the status. */
async function verify(...request: Parameters<typeof exchange>): Promise<number> {
  return Number((await exchange(...request)).split(' ', 2)[1]);
}

/** Sends a token and returns the bytes of the response. */
function exchange(
  connection: Connection,
  { headers }: Pick<TokenWithHeaders, 'headers'>,
  { query = '', agent = 'shop/1', address = HERE } = {},
): Promise<string> {
  return connection.exchange(
    [
      `GET /auth/verify${query} HTTP/1.1`,
      'Host: auth.example.com',
      `User-Agent: ${agent}`,
      `X-Forwarded-For: ${address}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n'),
  );
}

/**
 * On PostgreSQL, waits until the server has received its own notifications, which remove tokens from the
 * cache.
 */
async function receiveNotifications(): Promise<void> {
  const sent = performance.now();
  await waitUntil(() => (server.app.get(RevocationListener).provenTime ?? 0) >= sent);
}

describe('the fast path of GET /auth/verify', () => {
  let token: TokenWithHeaders;
  let fast: () => number;

  /**
   * Expects that the fast path accepts a token. On PostgreSQL, pending notifications may remove it from the
   * cache at first.
   */
  async function expectFast(by: Pick<TokenWithHeaders, 'headers'>, query = ''): Promise<void> {
    const before = fast();
    for (let attempt = 0; attempt < 5 && fast() === before; attempt += 1) {
      await (attempt > 2 && receiveNotifications());
      expect(await verify(ways.fast, by, { query })).toBe(200);
    }
    expect(fast() - before).toBe(1);
  }

  beforeEach(async () => {
    token = await createToken(session, { permissions: ['users:read', 'roles:read'] });
    fast = ways.countFast();
  });

  it('accepts uncached tokens on SQLite, and cached tokens on both databases', async () => {
    expect([await verify(ways.fast, token), fast()]).toEqual([200, READS_AT_ONCE ? 1 : 0]);

    await expectFast(token);
  });

  it('caches a token after reading it', async () => {
    const read = jest.spyOn(server.app.get(PresentedTokenReader, { strict: false }), 'findSync');
    await verify(ways.fast, token);
    await expectFast(token);
    const before = read.mock.calls.length;

    await expectFast(token);

    expect(read.mock.calls.length - before).toBe(0);
  });

  it.each([
    ['metadata', { metadata: { tenant: 'acme' } }],
    ['the address of the client', { allowedAddresses: [HERE] }],
  ])('accepts a token with %s', async (_, limits) => {
    const guarded = await createToken(session, limits);
    await verify(ways.fast, guarded);

    await expectFast(guarded);
  });

  it.each([
    ['maxUses', { maxUses: 3 }],
    ['rateLimit', { rateLimit: { limit: 3, windowSeconds: 3_600 } }],
  ])('leaves tokens with %s to the route', async (_, limits) => {
    const guarded = await createToken(session, limits);

    const statuses: number[] = [];
    for (let use = 1; use <= 4; use += 1) {
      statuses.push(await verify(ways.fast, guarded));
    }

    expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
    expect([401, 403]).toContain(statuses[3]);
    expect(fast()).toBe(0);
  });

  it('rejects other addresses', async () => {
    const guarded = await createToken(session, { allowedAddresses: [HERE] });
    await verify(ways.fast, guarded);
    await expectFast(guarded);

    expect(await verify(ways.fast, guarded, { address: '198.51.100.1' })).toBe(403);
  });

  it('rejects an expired token immediately', async () => {
    const expiring = await createToken(session, { expirationTime: fromNow(10_000) });
    await verify(ways.fast, expiring);
    await expectFast(expiring);

    stopClock(server, expiring.expirationTime ?? '');

    expect(await verify(ways.fast, expiring)).toBe(401);
  });

  it('reads a token again once its cache entry has expired', async () => {
    await verify(ways.fast, token);
    await expectFast(token);
    const before = fast();

    const read = jest.spyOn(server.app.get(PresentedTokenReader, { strict: false }), 'findByDigest');
    const readSync = jest.spyOn(server.app.get(PresentedTokenReader, { strict: false }), 'findSync');

    stopClock(server, Date.now() + 60_000);

    expect([await verify(ways.fast, token), fast() - before]).toEqual([200, READS_AT_ONCE ? 1 : 0]);
    expect((READS_AT_ONCE ? readSync : read).mock.calls).toHaveLength(1);
  });

  it('requires the current permissions of a narrowed token', async () => {
    const query = '?permission=users:read';
    await verify(ways.fast, token);
    await expectFast(token, query);

    await server.client.updateToken(
      token.id,
      { permissions: ['roles:read'] },
      { ...session.headers, 'If-Match': '*' },
    );

    expect(await verify(ways.fast, token, { query })).toBe(403);
  });

  it('leaves a request to the route, without recording a use, if the head of the response cannot be written', async () => {
    await verify(ways.fast, token);
    const before = fast();
    jest.spyOn(ServerResponse.prototype, 'writeHead').mockImplementationOnce(() => {
      throw new TypeError('Invalid character in header content');
    });

    expect([await verify(ways.fast, token), fast() - before]).toEqual([200, 0]);
  });

  it('closes the connection if the use cannot be recorded', async () => {
    await verify(ways.fast, token);
    const destroy = jest.spyOn(ServerResponse.prototype, 'destroy');
    jest
      .spyOn(server.app.get(TokenAuthentication, { strict: false }), 'recordUseOf')
      .mockImplementationOnce(() => {
        throw new RangeError('Map maximum size exceeded');
      });

    expect([await verify(ways.fast, token), await verify(ways.fast, token)]).toEqual([NaN, 200]);
    expect(destroy).toHaveBeenCalledTimes(1);
  });

  it('leaves requests to the route while connections are being closed', async () => {
    const http = server.app.getHttpServer();
    const closeAfterResponse = (_: IncomingMessage, response: ServerResponse) =>
      response.setHeader('connection', 'close');
    await verify(ways.fast, token);
    const before = fast();
    http.prependListener('request', closeAfterResponse);

    const status = await verify(ways.fast, token).finally(() =>
      http.removeListener('request', closeAfterResponse),
    );

    expect([status, fast() - before]).toEqual([200, 0]);
  });
});

describe('the fast path and the route', () => {
  /** Returns the increase of each verification counter. */
  async function countsOf(act: () => Promise<void>): Promise<number[]> {
    const read = async () =>
      [
        ...(await server.app.get(Metrics).text()).matchAll(
          /^(?:latchkey_verifications_total|latchkey_token_lookup_duration_seconds_count|latchkey_http_request\S*_count)\S* (\d+)/gm,
        ),
      ].map(([, count]) => Number(count));
    const before = await read();
    await act();
    return (await read()).map((count, index) => count - (before[index] ?? 0));
  }

  /** Sends requests with old and new secrets in one way and returns the records of the server about them. */
  async function recordedBy(way: 'fast' | 'route') {
    const token = await createToken(session, { permissions: ['users:read', 'roles:read'] });
    const old = { headers: token.headers };
    const rotated = await server.client.rotateToken(token.id, session.headers, { gracePeriodSeconds: 3_600 });
    const current = { headers: { Authorization: `Bearer ${rotated.body.token}` } };
    await receiveNotifications();
    const log = server.log.length;
    const counts = await countsOf(async () => {
      for (const by of [old, current]) {
        await verify(ways[way], by);
        await verify(ways[way], by, { query: '?permission=users:read', agent: 'shop/2' });
        await verify(ways[way], by, { address: '2001:DB8::7', agent: 'x'.repeat(300) });
        await verify(ways[way], by, { query: '?permission=users:write' });
      }
    });
    await flushTokenUsage(server);
    const rows = (table: string, columns: string) =>
      server.database.query(
        `SELECT ${columns} FROM "${table}" WHERE "tokenId" = '${token.id}' ORDER BY ${columns}`,
      );
    return {
      counts,
      logged: server.log
        .slice(log)
        .split('\n')
        .filter((line) => line.includes('/auth/verify')).length,
      usage: await rows('token_usage', '"uses", "supersededUses", "lastUsageAddress", "lastUsageAgent"'),
      lastUses: await rows('token_last_uses', '"kind", "value"'),
    };
  }

  it('record the same uses, addresses, permissions, metrics and log lines', async () => {
    const byRoute = await recordedBy('route');
    const fast = ways.countFast();

    const byFastPath = await recordedBy('fast');

    expect(byFastPath).toEqual(byRoute);
    expect(byRoute).toMatchObject({
      usage: [{ uses: 4, supersededUses: 4, lastUsageAddress: HERE }],
      lastUses: expect.arrayContaining([{ kind: 'permission', value: 'users:read' }]) as unknown,
    });
    // The first request with the current secret is not cached. Only the route reads superseded secrets.
    expect(fast()).toBe(READS_AT_ONCE ? 5 : 4);
  });
});
