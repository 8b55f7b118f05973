import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AuditEventDto, type UserDto } from '@latchkey/auth-models';
import { AuditTallies } from '../../apps/api/src/audit/counts/audit-tallies.service.js';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const MINUTE = 60_000;
const ADDRESS_LIMIT = 50;

const server = useServer({
  environment: {
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '3',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: String(ADDRESS_LIMIT),
    LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
  },
});
const asAdmin = useAdmin(server);

/** Matching audit entries, newest first. */
async function events(query: string): Promise<AuditEventDto[]> {
  return (await server.client.auditEvents(asAdmin, `?size=200&${query}`)).body.items;
}

async function makeUser(): Promise<UserDto> {
  return (await server.client.createUser(newUser(), asAdmin)).body;
}

/** The time, which changes only when a test ends a window, so that no delay expires by itself. */
let now: number;

beforeAll(() => {
  now = Date.now();
  jest.spyOn(server.app.get(Clock), 'now').mockImplementation(() => now);
});

/** Ends the current windows and writes their counts. */
async function endWindows(minutes: number): Promise<void> {
  now += minutes * MINUTE;
  await server.app.get(AuditTallies, { strict: false }).flush();
}

// Covers B58 in docs/explanation/security.md.
describe('the audit entry for a 403', () => {
  let user: UserDto;
  let asUser: Headers;

  beforeAll(async () => {
    user = await makeUser();
    asUser = await server.client.loginHeaders(user.name, PASSWORD);
  });

  it('has actor, route and reason', async () => {
    const { status, headers } = await server.client.request('GET', '/users/Somebody', { headers: asUser });

    const recorded = await events(`traceId=${headers.get('x-request-id')}`);

    expect(status).toBe(403);
    expect(recorded).toMatchObject([
      {
        action: 'authz_fail',
        outcome: 'failure',
        actor: { id: user.id, name: user.name, tokenId: expect.any(String) },
        subject: { kind: 'route', name: 'GET /users/:name' },
        address: '127.0.0.1',
        after: { code: 'forbidden', parameters: { name: 'Somebody' } },
      },
    ]);
  });

  it('is written for an attempt to grant more permissions than the actor holds', async () => {
    const role = { name: 'helpdesk', permissions: ['users:read', 'users:write'] };
    await server.client.createRole(role, asAdmin);
    const helper = (await server.client.createUser(newUser({ roles: ['helpdesk'] }), asAdmin)).body;
    const asHelper = await server.client.loginHeaders(helper.name, PASSWORD);

    const { status, headers } = await server.client.createUser(newUser({ roles: ['admin'] }), asHelper);

    const recorded = await events(`traceId=${headers.get('x-request-id')}`);
    expect(status).toBe(403);
    expect(recorded).toMatchObject([
      {
        action: 'authz_fail',
        actor: { name: helper.name },
        subject: { name: 'POST /users' },
        after: { code: 'above_your_permissions' },
      },
    ]);
  });

  it('is written for a role that a gateway requires and the user does not hold', async () => {
    const { status, headers } = await server.client.verify(asUser, '?role=admin');

    const recorded = await events(`traceId=${headers.get('x-request-id')}`);

    expect(status).toBe(403);
    expect(recorded.map(({ subject }) => subject.name)).toEqual(['GET /auth/verify']);
  });

  it('omits a secret in the path', async () => {
    const { token } = (await server.client.login(user.name, PASSWORD)).body;

    const { headers } = await server.client.request('GET', `/users/${token}`, { headers: asUser });

    const [recorded] = await events(`traceId=${headers.get('x-request-id')}`);
    expect(recorded?.after).toEqual({ code: 'forbidden' });
  });

  it.each([
    ['without credentials', {}],
    ['with a wrong token', { 'X-Auth-Token': Buffer.from('admin:latchkey_0').toString('base64') }],
  ])('is not written for a 401: %s', async (_, headers) => {
    const answer = await server.client.request('GET', '/users', { headers });

    expect(answer.status).toBe(401);
    expect(await events(`traceId=${answer.headers.get('x-request-id')}`)).toEqual([]);
  });

  it('is missing if it cannot be written, which the log reports, and the status is still 403', async () => {
    await server.database.execute('ALTER TABLE audit_events RENAME TO audit_events_away');

    const { status, headers } = await server.client.users(asUser);

    await server.database.execute('ALTER TABLE audit_events_away RENAME TO audit_events');
    expect(status).toBe(403);
    expect(server.log).toMatch(
      new RegExp(
        `"traceId":"${headers.get('x-request-id')}","msg":"Could not record a rejected request in the audit trail"`,
      ),
    );
  });

  it('is written individually 100 times in ten minutes, and then as a count', async () => {
    const { name } = await makeUser();
    const headers = await server.client.loginHeaders(name, PASSWORD);
    for (let round = 0; round < 6; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => server.client.users(headers)));
    }
    expect(await events(`actor=${name}&action=authz_fail`)).toHaveLength(100);

    await endWindows(10);

    const [further, ...oneByOne] = await events(`actor=${name}&action=authz_fail`);
    expect(oneByOne).toHaveLength(100);
    expect(further).toMatchObject({ subject: { kind: 'user', name }, after: { count: 20 } });
  });
});

// Covers B58 in docs/explanation/security.md.
describe('the audit entries for throttled logins', () => {
  const recorded = (subject: string) => events(`action=excess_rate_limit_exceeded&subject=${subject}`);

  const tryFrom = (address: string, name: string) =>
    server.client.login(name, 'a wrong password', { headers: { 'X-Forwarded-For': address } });

  /** Fails to log in with a name until it is throttled, and then `tries` more times. */
  async function throttle(name: string, tries: number): Promise<void> {
    for (let index = 0; index < 3 + tries; index += 1) {
      await tryFrom('192.0.2.9', name);
    }
  }

  it('are one per account and window, with a count', async () => {
    const { id, name } = await makeUser();
    await throttle(name, 5);
    expect(await recorded(name)).toEqual([]);

    await endWindows(16);

    const entries = await recorded(name);
    expect(entries).toMatchObject([
      { outcome: 'failure', subject: { kind: 'user', id, name }, after: { count: 5 } },
    ]);
    expect(entries[0]).not.toHaveProperty('actor');
  });

  it('are written when the server stops before the window ends', async () => {
    const { name } = await makeUser();
    await throttle(name, 4);

    await server.app.get(AuditTallies, { strict: false }).beforeApplicationShutdown();

    expect((await recorded(name)).map(({ after }) => after?.count)).toEqual([4]);
  });
});

// Covers B58 in docs/explanation/security.md.
describe('the audit entry for logins with unknown names', () => {
  it('is one per network, without the names, and does not count as a failure of a known user', async () => {
    const from = { headers: { 'X-Forwarded-For': '198.51.100.20', 'User-Agent': 'curl/8.5' } };
    const failures = async () => (await server.client.stats(asAdmin)).body.logins.at(-1);
    const before = await failures();
    await server.client.login('a-mistyped-password', 'a wrong password', from);
    await server.client.login('another-mistyped-password', 'a wrong password', from);

    await endWindows(2);

    const [entry, ...others] = await events('action=authn_login_fail&address=198.51.100.20');
    expect(entry).toMatchObject({
      subject: { kind: 'address', name: '198.51.100.20' },
      after: { reason: 'unknown_name', userAgent: 'curl/8.5', count: 2 },
    });
    expect(JSON.stringify(entry)).not.toContain('mistyped');
    expect(others).toEqual([]);
    const after = await failures();
    expect([after?.failures, after?.unknownNameFailures]).toEqual([
      before?.failures,
      (before?.unknownNameFailures ?? 0) + 2,
    ]);
  });
});
