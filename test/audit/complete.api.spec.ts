import { describe, expect, it } from '@jest/globals';
import { type AuditEventDto, type ProblemDto } from '@latchkey/auth-models';
import { FEATURES } from '../../apps/api/src/features.js';
import { type ApiResponse } from '../support/api-client.js';
import { AUDITED_ROUTES, AuditFixtures } from '../support/audited-routes.js';
import { OPERATOR_ROUTES } from '../support/operator.js';
import { storedRows } from '../support/test-database.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ features: FEATURES });
const asAdmin = useAdmin(server);
const fixtures = new AuditFixtures(server, asAdmin);

/**
 * Writes without an entry, because clients send them constantly, or with an entry that follows the response.
 */
const NOT_AUDITED = [
  'POST /auth/bump',
  'POST /auth/claims/details',
  'POST /auth/introspect',
  'POST /auth/report-leak',
  'POST /auth/revocations/reports',
  'POST /explanations',
];

const entriesOf = async ({ headers }: ApiResponse<unknown>): Promise<AuditEventDto[]> =>
  (await server.client.auditEvents(asAdmin, `?traceId=${headers.get('x-request-id')}`)).body.items;

async function lengthOfTrail(): Promise<number> {
  return (await server.database.query('SELECT id FROM audit_events')).length;
}

// Covers B58 in docs/explanation/security.md.
describe('every route that writes', () => {
  it('is known to this test', () => {
    const changing = server.routes.filter((route) => !/^(GET|HEAD|OPTIONS) /.test(route));

    expect(changing).toEqual([...Object.keys(AUDITED_ROUTES), ...NOT_AUDITED, ...OPERATOR_ROUTES].sort());
  });

  it.each<[string, () => Promise<ApiResponse<unknown>>]>([
    ['a taken name', () => server.client.createUser(newUser({ name: 'admin' }), asAdmin)],
    ['an invalid body', () => server.client.createUser(newUser({ name: 'a:b' }), asAdmin)],
    ['an unknown user', () => server.client.deleteUser('nobody', asAdmin)],
    ['a stale version', () => server.client.updateUser('admin', { version: 99 }, asAdmin)],
    ['a missing version', () => server.client.updateUser('admin', {}, asAdmin)],
    ['a built-in role', () => server.client.deleteRole('admin', asAdmin)],
    ['an unknown token', () => server.client.rotateToken('none', asAdmin)],
    ['a wrong set-up link', () => server.client.setUp({ secret: 'x'.repeat(22), password: PASSWORD })],
  ])('writes no audit entry when it is rejected for %s', async (_, send) => {
    const answer = await send();

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await entriesOf(answer)).toEqual([]);
  });
});

// Covers B59 in docs/explanation/security.md.
describe('every route that writes, while no audit entry can be written', () => {
  it.each(Object.entries(AUDITED_ROUTES))('returns 503 and changes nothing: %s', async (_, { prepare }) => {
    const send = await prepare(fixtures);
    const before = await storedRows(server.database);
    await server.database.execute('ALTER TABLE audit_events RENAME TO audit_events_away');

    const { status, headers, body } = await send();

    await server.database.execute('ALTER TABLE audit_events_away RENAME TO audit_events');
    expect([status, (body as ProblemDto).code]).toEqual([503, 'unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await storedRows(server.database)).toEqual(before);
    expect((await send()).status).toBeLessThan(300);
  });

  it('is not needed for reads and bumps, which return 200', async () => {
    await server.database.execute('ALTER TABLE audit_events RENAME TO audit_events_away');

    const answers = await Promise.all([
      server.client.me(asAdmin),
      server.client.verify(asAdmin),
      server.client.users(asAdmin),
      server.client.tokens(asAdmin),
      server.client.roles(asAdmin),
      server.client.bump(asAdmin),
    ]);

    await server.database.execute('ALTER TABLE audit_events_away RENAME TO audit_events');
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it('is not needed for GET /audit-events either, which returns 503 because reads are recorded', async () => {
    await server.client.createUser(fixtures.newUser(), asAdmin);
    await server.client.updateUser(fixtures.user, { roles: ['auditor'], version: 0 }, asAdmin);
    const asAuditor = await server.client.loginHeaders(fixtures.user, PASSWORD);
    // Entries can be read, but the chain cannot continue.
    await server.database.execute('ALTER TABLE audit_chain RENAME TO audit_chain_away');

    const rejected = await server.client.auditEvents(asAuditor);
    const others = await server.client.users(asAuditor);

    await server.database.execute('ALTER TABLE audit_chain_away RENAME TO audit_chain');
    expect([rejected.status, rejected.body.code, others.status]).toEqual([503, 'unavailable', 200]);
    const { status, body } = await server.client.auditEvents(asAuditor, '?action=audit_read&size=1');
    expect([status, body.items[0]?.actor?.name]).toEqual([200, fixtures.user]);
  });
});

// Covers B58 in docs/explanation/security.md.
describe('every route that reads', () => {
  it('as well as bump and introspection, writes no audit entry', async () => {
    const { headers } = await fixtures.createCaller();
    const before = await lengthOfTrail();

    const statuses = [
      (await server.client.bump(headers)).status,
      (await server.client.introspect({ token: 'latchkey_0' }, asAdmin)).status,
    ];

    expect(statuses).toEqual([200, 200]);
    expect(await lengthOfTrail()).toBe(before);
  });
});
