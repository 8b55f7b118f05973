import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { VARIABLES } from '../../apps/api/src/platform/config/variables.js';
import { recordBackup } from '../../apps/api/src/platform/database/sqlite/last-backup.js';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN, newUser } from '../support/factories.js';
import { TestServer } from '../support/test-server.js';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';

/** 32 bytes in base64 that are easy to find. */
const AUDIT_KEY = Buffer.from('marked-secret-of-exactly-32bytes').toString('base64');

const server = useServer({ environment: { LATCHKEY_AUDIT_KEY: AUDIT_KEY, LATCHKEY_SHUTDOWN_SECONDS: '7' } });
const asAdmin = useAdmin(server);

describe('GET /settings', () => {
  const { createHolder } = useRoles(server, asAdmin);

  const TYPES = [
    'application/json',
    'application/xml',
    'application/yaml',
    'text/csv',
    'application/x-ndjson',
  ];

  it('returns every variable with its value and source', async () => {
    const { status, body } = await server.client.settings(asAdmin);

    expect(status).toBe(200);
    expect(body.items.map(({ name }) => name)).toEqual(Object.keys(VARIABLES));
    expect(body.items).toEqual(
      expect.arrayContaining([
        { name: 'LATCHKEY_SHUTDOWN_SECONDS', source: 'environment', isSet: true, value: '7' },
        { name: 'LATCHKEY_DATABASE_POOL', source: 'default', isSet: true, value: '10' },
        { name: 'LATCHKEY_TRUSTED_PROXIES', source: 'default', isSet: false },
        { name: 'LATCHKEY_ADMIN_PASSWORD', source: 'environment', isSet: true },
        { name: 'LATCHKEY_AUDIT_KEY', source: 'environment', isSet: true },
      ]),
    );
  });

  it.each(TYPES)('returns no secret as %s', async (type) => {
    const { status, text } = await server.client.settings({ ...asAdmin, Accept: type });

    const { password } = new URL(server.database.url);
    expect(status).toBe(200);
    expect(text).toContain('LATCHKEY_AUDIT_KEY');
    for (const secret of [AUDIT_KEY, ADMIN.password, ...(password ? [`:${password}@`] : [])]) {
      expect(text).not.toContain(secret);
    }
  });

  it('returns 200 to holders of settings:read, such as auditors', async () => {
    const [asAuditor, asUser] = await Promise.all([createHolder('auditor'), createHolder('user')]);

    expect((await server.client.settings(asAuditor)).status).toBe(200);
    const { status, text } = await server.client.settings(asUser);
    expect(status).toBe(403);
    expect(text).not.toContain(AUDIT_KEY);
  });
});

describe('GET /metrics', () => {
  const { createHolder, createRole } = useRoles(server, asAdmin);

  const scrape = (headers = {}) => server.client.request('GET', '/metrics', { headers });

  /** Returns the value of one series, such as `latchkey_logins_total{result="success"}`. */
  async function valueOf(series: string): Promise<number> {
    const { text } = await scrape(asAdmin);
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1) ?? 'NaN');
  }

  /** Returns the increase of series by an action. */
  async function growth(series: string[], act: () => Promise<unknown>): Promise<number[]> {
    const before = await Promise.all(series.map(valueOf));
    await act();
    const after = await Promise.all(series.map(valueOf));
    return after.map((value, index) => value - (before[index] ?? NaN));
  }

  it('returns the Prometheus text format to holders of metrics:read', async () => {
    const role = await createRole({ permissions: ['metrics:read'] });
    const asScraper = await createHolder(role);

    const { status, headers, text } = await scrape(asScraper);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toMatch(/^# TYPE latchkey_verifications_total counter$/m);
    expect((await scrape()).status).toBe(401);
    expect((await scrape(await createHolder('user'))).status).toBe(403);
  });

  it('accepts Bearer and any Accept', async () => {
    const { body } = await server.client.login(ADMIN.name, ADMIN.password);
    const headers = {
      Authorization: `Bearer ${body.token}`,
      Accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
    };

    expect((await scrape(headers)).status).toBe(200);
  });

  it('returns the expiry of the token that reads the metrics', async () => {
    const { body } = await server.client.createMyToken(asAdmin);

    const { text } = await scrape(tokenHeader(body));

    const seconds = Date.parse(body.expirationTime ?? '') / 1_000;
    expect(text.split('\n')).toContain(`latchkey_scrape_token_expiry_timestamp_seconds ${seconds}`);
  });

  it('returns the time of the last backup', async () => {
    const { database } = server.app.get(Config);
    const series = 'latchkey_last_backup_timestamp_seconds';
    const before = await valueOf(series);

    recordBackup('file' in database ? database.file : '', { time: '2026-11-27T11:00:00Z', file: 'a-backup' });

    expect([before, await valueOf(series)]).toEqual([0, Date.UTC(2026, 10, 27, 11) / 1_000]);
  });

  it('returns 200 and no time when the record of the last backup is broken', async () => {
    const { database } = server.app.get(Config);
    writeFileSync(`${'file' in database ? database.file : ''}.backup.json`, '{"time":');

    const { status, text } = await scrape(asAdmin);

    expect(status).toBe(200);
    expect(text).toContain('latchkey_last_backup_timestamp_seconds 0\n');
  });

  it('counts logins by result', async () => {
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
    const junk = { 'X-Auth-Token': Buffer.from(`admin:latchkey_${'0'.repeat(33)}`).toString('base64') };
    const [rejected] = await growth(['latchkey_verifications_total{result="rejected"}'], async () => {
      const { body } = await server.client.login(ADMIN.name, ADMIN.password);
      const gone = { Authorization: `Bearer ${body.token}` };
      await server.client.request('POST', '/auth/logout', { headers: gone });
      await server.client.request('GET', '/me', { headers: gone });
      await server.client.request('GET', '/me', { headers: junk });
    });

    expect(rejected).toBe(1);
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

describe('LATCHKEY_METRICS', () => {
  let server: TestServer;

  afterEach(() => server.remove());

  describe('GET /metrics', () => {
    it('returns 200 without a token when LATCHKEY_METRICS is open', async () => {
      server = await TestServer.start({ environment: { LATCHKEY_METRICS: 'open' } });

      const { status, text } = await server.client.request('GET', '/metrics');
      expect(status).toBe(200);
      expect(text).not.toContain('latchkey_scrape_token');
    });

    it('returns 404 to an administrator when LATCHKEY_METRICS is off', async () => {
      server = await TestServer.start({ environment: { LATCHKEY_METRICS: 'off' } });
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

      expect((await server.client.request('GET', '/metrics', { headers })).status).toBe(404);
    });
  });
});
