import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN, TestServer } from '../support/test-server.js';

let server: TestServer;

/** Returns the audited address of a failed login with these header fields. */
async function addressOf(headers: Record<string, string>): Promise<string | undefined> {
  const traceId = `trace-${Math.random().toString(36).slice(2)}`;
  await server.client.login(ADMIN.name, 'a wrong password', {
    headers: { ...headers, 'X-Request-Id': traceId },
  });
  const rows = await server.database.query<{ address: string }>(
    `SELECT address FROM audit_events WHERE "traceId" = '${traceId}'`,
  );
  return rows[0]?.address;
}

const transportSecurity = async (headers: Record<string, string>) =>
  (await server.client.me(headers)).headers.get('strict-transport-security');

describe('without trusted proxies', () => {
  beforeAll(async () => {
    server = await TestServer.start();
  });

  afterAll(() => server.remove());

  it.each(['X-Forwarded-For', 'X-Real-IP', 'CF-Connecting-IP', 'True-Client-IP', 'X-Client-IP'])(
    'ignores %s',
    async (name) => {
      expect(await addressOf({ [name]: '203.0.113.7' })).toBe('127.0.0.1');
    },
  );

  it('ignores Forwarded', async () => {
    expect(await addressOf({ Forwarded: 'for=203.0.113.7;proto=https' })).toBe('127.0.0.1');
  });

  it('ignores X-Forwarded-Proto, and sends no Strict-Transport-Security', async () => {
    expect(await transportSecurity({ 'X-Forwarded-Proto': 'https' })).toBeNull();
  });
});

describe('with a trusted proxy', () => {
  beforeAll(async () => {
    server = await TestServer.start({
      environment: {
        LATCHKEY_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8',
        LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '30',
      },
    });
  });

  afterAll(() => server.remove());

  it.each([
    ['the only one', '203.0.113.7', '203.0.113.7'],
    ['the first untrusted one from the right', '198.51.100.1, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['one of IPv6', '2001:db8::7', '2001:db8::7'],
    ['one with a zone', 'fe80::1%eth0', 'fe80::1'],
    ['one with a zone that is long', `2001:db8::7%${'z'.repeat(200)}`, '2001:db8::7'],
    ['one with a zone of other characters', 'fe80::1%vpn-1.a', 'fe80::1'],
    ['the last trusted hop before an invalid one', '203.0.113.7, nonsense, 10.1.2.3', '10.1.2.3'],
    ['the proxy’s own when nothing is valid', 'nonsense', '127.0.0.1'],
  ])('uses the client address: %s', async (_, forwarded, address) => {
    expect(await addressOf({ 'X-Forwarded-For': forwarded })).toBe(address);
  });

  it('serves a client whose address has a zone', async () => {
    const headers = { 'X-Forwarded-For': `fe80::1%${'z'.repeat(100)}` };
    const { status, body } = await server.client.login(ADMIN.name, ADMIN.password, { headers });
    const me = await server.client.me({ ...headers, ...tokenHeader(body) });

    expect([status, me.status]).toEqual([200, 200]);
  });

  it.each(['X-Real-IP', 'Forwarded', 'X-Forwarded-Host'])('ignores %s', async (name) => {
    expect(await addressOf({ [name]: 'for=203.0.113.7' })).toBe('127.0.0.1');
  });

  it('sends Strict-Transport-Security of at least a year, over https only', async () => {
    const value = (await transportSecurity({ 'X-Forwarded-Proto': 'https' })) ?? '';

    expect(Number(/^max-age=(\d+)$/.exec(value)?.[1])).toBeGreaterThanOrEqual(31_536_000);
    expect(await transportSecurity({ 'X-Forwarded-Proto': 'http' })).toBeNull();
    expect(await transportSecurity({})).toBeNull();
  });

  it('counts failures per IPv6 network', async () => {
    const fail = async (address: string, name: string) =>
      (await server.client.login(name, 'a wrong password', { headers: { 'X-Forwarded-For': address } }))
        .status;

    const within = [];
    for (let index = 0; index < 31; index += 1) {
      within.push(await fail(`2001:db8:1:2::${index.toString(16)}`, `nobody-${index}`));
    }

    expect(within.filter((status) => status === 401)).toHaveLength(30);
    expect(within.at(-1)).toBe(429);
    expect(await fail('2001:db8:1:3::1', 'nobody')).toBe(401);
  });
});
