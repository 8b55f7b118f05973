import { describe, expect, it } from '@jest/globals';
import { type AuditEventDto } from '@latchkey/auth-models';
import { FEATURES } from '../../apps/api/src/features.js';
import { type ApiResponse } from '../support/api-client.js';
import { AUDITED_ROUTES, AuditFixtures } from '../support/audited-routes.js';
import { OPERATOR_READS } from '../support/operator.js';
import { storedRows } from '../support/test-database.js';
import { ADMIN } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ features: FEATURES });
const asAdmin = useAdmin(server);
const fixtures = new AuditFixtures(server, asAdmin);

const entriesOf = async ({ headers }: ApiResponse<unknown>): Promise<AuditEventDto[]> =>
  (await server.client.auditEvents(asAdmin, `?traceId=${headers.get('x-request-id')}`)).body.items;

async function lengthOfTrail(): Promise<number> {
  return (await server.database.query('SELECT id FROM audit_events')).length;
}

// Covers B58 in docs/explanation/security.md.
describe('every route that writes', () => {
  it.each(Object.entries(AUDITED_ROUTES))(
    'writes exactly one audit entry with actor, subject, time and address, and without a secret: %s',
    async (route, { action, actor, subject, subjectName, prepare }) => {
      const send = await prepare(fixtures);
      const start = Date.now();

      const answer = await send();

      const entries = await entriesOf(answer);
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThan(300);
      const names: Partial<Record<string, string>> = {
        role: fixtures.role,
        api: fixtures.api,
        token_template: fixtures.template,
      };
      const owner = names[subject] ?? fixtures.user;
      expect(entries).toMatchObject([
        {
          action,
          ...(actor !== 'none' && { actor: { name: actor === 'admin' ? ADMIN.name : fixtures.user } }),
          subject: { kind: subject, name: subjectName ?? (route.endsWith('/bulk') ? 'bulk' : owner) },
          outcome: 'success',
          address: '127.0.0.1',
          time: expect.stringMatching(/Z$/),
        },
      ]);
      expect(Date.parse(entries[0]?.time ?? '')).toBeGreaterThanOrEqual(start);
      expect(JSON.stringify(entries)).not.toMatch(/latchkey_[A-Za-z0-9]{8}|argon2|long password/);
    },
  );
});

// Covers B58 in docs/explanation/security.md.
describe('every route that reads', () => {
  it('changes nothing and writes no audit entry, except for the trail itself', async () => {
    const { name } = await fixtures.createUser();
    const { id } = await fixtures.createToken();
    await server.client.auditEvents(asAdmin);
    const before = await lengthOfTrail();
    const stored = await storedRows(server.database);
    // Those of the command line reject a token, and the trail records that.
    const reads = server.routes.filter(
      (route) => /^(GET|HEAD) /.test(route) && !OPERATOR_READS.includes(route),
    );

    for (const route of reads) {
      const [method = '', path = ''] = route.split(' ');
      const address = path
        .replace('/roles/:name', '/roles/admin')
        .replace(':name', name)
        .replace(':id', id)
        .replace('*', 'x');
      await server.client.request(method, address, { headers: asAdmin });
    }

    expect(reads.length).toBeGreaterThan(30);
    expect(await lengthOfTrail()).toBe(before);
    expect(await storedRows(server.database)).toEqual(stored);
  });
});
