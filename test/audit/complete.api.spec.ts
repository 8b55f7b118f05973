import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditEventDto, type ProblemDto } from '@latchkey/auth-models';
import { FEATURES } from '../../apps/api/src/features.js';
import { type ApiResponse } from '../support/api-client.js';
import { AUDITED, CHANGES } from '../routes.js';
import { Fixtures, type PreparedRequest } from '../support/routes/fixtures.js';
import { storedRows } from '../support/test-database.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ features: FEATURES });
const asAdmin = useAdmin(server);
let fixtures: Fixtures;

beforeAll(async () => {
  fixtures = await Fixtures.on(server.client);
});

/** Changes without an entry. */
const NOT_AUDITED = [...CHANGES].flatMap(([route, { audit }]) => (audit === 'none' ? [route] : []));

const send = ({ method, path, headers, body }: PreparedRequest) =>
  server.client.request<unknown>(method, path, { headers, body });

const entriesOf = async ({ headers }: ApiResponse<unknown>): Promise<AuditEventDto[]> =>
  (await server.client.auditEvents(asAdmin, `?traceId=${headers.get('x-request-id')}`)).body.items;

// Covers B58 in docs/explanation/security.md.
describe('every route that writes', () => {
  it.each(NOT_AUDITED)('writes no audit entry, as stated in test/routes.ts: %s', async (route) => {
    const answer = await send(await fixtures.requestTo(route));

    expect(answer.status).toBeLessThan(300);
    expect(await entriesOf(answer)).toEqual([]);
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
  it.each(AUDITED)('returns 503 and changes nothing: %s', async (route) => {
    const request = await fixtures.requestTo(route);
    const before = await storedRows(server.database);
    // Entries can be read, because some routes read the trail before they write.
    await server.database.execute(
      `CREATE TRIGGER no_entries BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'no entries'); END`,
    );

    const { status, headers, body } = await send(request);

    await server.database.execute('DROP TRIGGER no_entries');
    expect([status, (body as ProblemDto).code]).toEqual([503, 'unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await storedRows(server.database)).toEqual(before);
    // A code of a second factor or a challenge works once, also if the change then fails.
    const isConsumed = 'X-Auth-OTP' in (request.headers ?? {}) || route === 'POST /auth/login/passkey';
    const repeated = isConsumed ? await fixtures.requestTo(route) : request;
    expect((await send(repeated)).status).toBeLessThan(300);
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
    const { name, headers: asAuditor } = await fixtures.newCaller({ roles: ['auditor'] });
    // Entries can be read, but the chain cannot continue.
    await server.database.execute('ALTER TABLE audit_chain RENAME TO audit_chain_away');

    const rejected = await server.client.auditEvents(asAuditor);
    const others = await server.client.users(asAuditor);

    await server.database.execute('ALTER TABLE audit_chain_away RENAME TO audit_chain');
    expect([rejected.status, rejected.body.code, others.status]).toEqual([503, 'unavailable', 200]);
    const { status, body } = await server.client.auditEvents(asAuditor, '?action=audit_read&size=1');
    expect([status, body.items[0]?.actor?.name]).toEqual([200, name]);
  });
});
