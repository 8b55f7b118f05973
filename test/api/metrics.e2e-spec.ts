import { describe, expect, it } from '@jest/globals';
import { ADMIN, newUser } from '../support/factories.js';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { makeHolder, makeRole } = useRoles(server, asAdmin);

const scrape = (headers = {}) => server.client.request('GET', '/metrics', { headers });

/** The value of one series, such as `latchkey_logins_total{result="success"}`. */
async function valueOf(series: string): Promise<number> {
  const { text } = await scrape(asAdmin);
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 'NaN');
}

/** By how much something makes series grow. */
async function growth(series: string[], act: () => Promise<unknown>): Promise<number[]> {
  const before = await Promise.all(series.map(valueOf));
  await act();
  const after = await Promise.all(series.map(valueOf));
  return after.map((value, index) => value - (before[index] ?? NaN));
}

describe('GET /metrics', () => {
  it('returns the Prometheus text format to holders of metrics:read', async () => {
    const role = await makeRole({ permissions: ['metrics:read'] });
    const asScraper = await makeHolder(role);

    const { status, headers, text } = await scrape(asScraper);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toMatch(/^# TYPE latchkey_verifications_total counter$/m);
    expect((await scrape()).status).toBe(401);
    expect((await scrape(await makeHolder('user'))).status).toBe(403);
  });

  it('accepts Bearer and any Accept', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    const headers = {
      Authorization: `Bearer ${body.token}`,
      Accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
    };

    expect((await scrape(headers)).status).toBe(200);
  });

  it('counts log-ins by result', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);

    const results = await growth(
      ['success', 'failure'].map((result) => `latchkey_logins_total{result="${result}"}`),
      async () => {
        await server.client.login(user.name, user.password ?? '');
        await server.client.login(user.name, 'wrong');
        await server.client.login('nobody-of-this-name', 'wrong');
      },
    );

    expect(results).toEqual([1, 2]);
  });

  it('counts rejected verifications and measures database reads', async () => {
    const junk = { 'X-Auth-Token': Buffer.from(`admin:lk_${'0'.repeat(33)}`).toString('base64') };
    const [refused] = await growth(['latchkey_verifications_total{result="refused"}'], async () => {
      const { body } = await server.client.login(ADMIN.name, ADMIN.password);
      const gone = { Authorization: `Bearer ${body.token}` };
      await server.client.request('POST', '/auth/logout', { headers: gone });
      await server.client.request('GET', '/me', { headers: gone });
      await server.client.request('GET', '/me', { headers: junk });
    });

    expect(refused).toBe(1);
    expect(await valueOf('latchkey_token_lookup_duration_seconds_count')).toBeGreaterThan(0);
  });

  it('measures requests by route, without paths or names', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);
    await server.client.request('GET', `/users/${user.name}`, { headers: asAdmin });
    await server.client.request('GET', `/no-such-path/${user.name}`);

    const { text } = await scrape(asAdmin);

    const count = 'latchkey_http_request_duration_seconds_count';
    expect(await valueOf(`${count}{method="GET",route="/users/:name",status="200"}`)).toBeGreaterThan(0);
    expect(await valueOf(`${count}{method="GET",route="none",status="404"}`)).toBeGreaterThan(0);
    expect(text).not.toContain(user.name);
  });
});
