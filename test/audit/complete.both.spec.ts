import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditEventDto } from '@latchkey/auth-models';
import { FEATURES } from '../../apps/api/src/features.js';
import { type ApiResponse } from '../support/api-client.js';
import { AUDITED, CHANGES, ROUTES } from '../routes.js';
import { Fixtures, type PreparedRequest } from '../support/routes/fixtures.js';
import { isChange } from '../support/routes/route.js';
import { storedRows } from '../support/test-database.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer({ features: FEATURES });
const asAdmin = useAdmin(server);
let fixtures: Fixtures;

beforeAll(async () => {
  fixtures = await Fixtures.on(server.client);
});

const send = ({ method, path, headers, body }: PreparedRequest) =>
  server.client.request<unknown>(method, path, { headers, body });

/** Returns the name of the subject of a request: a name in it, or the owner of a token or offer. */
const subjectOf = ({ path, param, body, owner, caller }: PreparedRequest): string =>
  (/^\/(users|roles|apis|token-templates|event-targets)/.test(path) &&
    (param ?? (body as { name?: string }).name)) ||
  (owner ?? caller.name);

const entriesOf = async ({ headers }: ApiResponse<unknown>): Promise<AuditEventDto[]> =>
  (await server.client.auditEvents(asAdmin, `?traceId=${headers.get('x-request-id')}`)).body.items;

async function lengthOfTrail(): Promise<number> {
  return (await server.database.query('SELECT id FROM audit_events')).length;
}

// Covers B58 in docs/explanation/security.md.
describe('every route that writes', () => {
  it.each(AUDITED)(
    'writes exactly one audit entry with actor, subject, time and address, and without a secret: %s',
    async (route, { action, subject, name }) => {
      const request = await fixtures.requestTo(route);
      const start = Date.now();

      const answer = await send(request);

      const entries = await entriesOf(answer);
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThan(300);
      const actor = CHANGES.get(route)?.access === 'public' ? undefined : request.caller.name;
      expect(entries).toMatchObject([
        {
          action,
          ...(actor && { actor: { name: actor } }),
          subject: { kind: subject, name: name ?? subjectOf(request) },
          outcome: 'success',
          address: '127.0.0.1',
          time: expect.stringMatching(/Z$/),
        },
      ]);
      expect(Date.parse(entries[0]?.time ?? '')).toBeGreaterThanOrEqual(start);
      expect(JSON.stringify(entries)).not.toMatch(/latchkey_[A-Za-z0-9]{8}|argon2|long enough password/);
    },
  );
});

// Covers B58 in docs/explanation/security.md.
describe('every route that reads', () => {
  it('changes nothing and writes no audit entry, except for the trail itself', async () => {
    const reads = [...ROUTES.keys()].filter((route) => !isChange(route));
    const requests = await Promise.all(reads.map((route) => fixtures.requestTo(route)));
    await server.client.auditEvents(asAdmin);
    const before = await lengthOfTrail();
    const stored = await storedRows(server.database);

    for (const request of requests) {
      expect((await send(request)).status).toBeLessThan(300);
    }

    expect(await lengthOfTrail()).toBe(before);
    expect(await storedRows(server.database)).toEqual(stored);
  });
});
