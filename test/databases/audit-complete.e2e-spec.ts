import { describe, expect, it } from '@jest/globals';
import { type AuditEventDto, type ProblemDto } from '@latchkey/auth-models';
import { type Answer } from '../support/api-client.js';
import { AUDITED_ACTS, AuditStage } from '../support/audited-acts.js';
import { everythingStored } from '../support/everything-stored.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);
const stage = new AuditStage(server, asAdmin);

/** Routes that change something and leave no entry, as they are called all the time. */
const NOT_AUDITED = ['POST /auth/bump', 'POST /auth/introspect'];

const entriesOf = async ({ headers }: Answer<unknown>): Promise<AuditEventDto[]> =>
  (await server.client.auditEvents(asAdmin, `?traceId=${headers.get('x-request-id')}`)).body.items;

async function lengthOfTrail(): Promise<number> {
  return (await server.database.query('SELECT id FROM audit_events')).length;
}

describe('B58 audit, complete: every route that changes something', () => {
  it('is known to this test', () => {
    const changing = server.routes.filter((route) => !/^(GET|HEAD|OPTIONS) /.test(route));

    expect(changing).toEqual([...Object.keys(AUDITED_ACTS), ...NOT_AUDITED].sort());
  });

  it.each(Object.entries(AUDITED_ACTS))(
    'leaves exactly one entry, of who did what to whom, when and from where, without a secret: %s',
    async (route, { action, actor, subject, prepare }) => {
      const send = await prepare(stage);
      const start = Date.now();

      const answer = await send();

      const entries = await entriesOf(answer);
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThan(300);
      const owner = subject === 'role' ? stage.role : stage.user;
      expect(entries).toMatchObject([
        {
          action,
          actor: { name: actor === 'admin' ? ADMIN.name : stage.user },
          subject: { kind: subject, name: route.endsWith('/bulk') ? 'bulk' : owner },
          outcome: 'success',
          address: '127.0.0.1',
          time: expect.stringMatching(/Z$/),
        },
      ]);
      expect(Date.parse(entries[0]?.time ?? '')).toBeGreaterThanOrEqual(start);
      expect(JSON.stringify(entries)).not.toMatch(/lk_[A-Za-z0-9]{8}|argon2|long password/);
    },
  );

  it.each<[string, () => Promise<Answer<unknown>>]>([
    ['a name that is taken', () => server.client.createUser(newUser({ name: 'admin' }), asAdmin)],
    ['a body that is not allowed', () => server.client.createUser(newUser({ name: 'a:b' }), asAdmin)],
    ['somebody who is not there', () => server.client.deleteUser('nobody', asAdmin)],
    ['a version that is stale', () => server.client.updateUser('admin', { version: 99 }, asAdmin)],
    ['a version that is not named', () => server.client.updateUser('admin', {}, asAdmin)],
    ['a built-in role', () => server.client.deleteRole('admin', asAdmin)],
    ['a token that is not there', () => server.client.rotateToken('none', asAdmin)],
    ['a wrong set-up link', () => server.client.setUp({ secret: 'x'.repeat(22), password: PASSWORD })],
  ])('leaves none when it is refused for %s', async (_, send) => {
    const answer = await send();

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await entriesOf(answer)).toEqual([]);
  });
});

describe('B59 audit, fail closed: every route that changes something, while no entry can be written', () => {
  it.each(Object.entries(AUDITED_ACTS))('answers 503, and changes nothing: %s', async (_, { prepare }) => {
    const send = await prepare(stage);
    const before = await everythingStored(server.database);
    await server.database.execute('ALTER TABLE audit_events RENAME TO audit_events_away');

    const { status, headers, body } = await send();

    await server.database.execute('ALTER TABLE audit_events_away RENAME TO audit_events');
    expect([status, (body as ProblemDto).code]).toEqual([503, 'unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await everythingStored(server.database)).toEqual(before);
    expect((await send()).status).toBeLessThan(300);
  });

  it('goes on answering what changes nothing', async () => {
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

  it('answers 503 to who reads the trail, whose entry cannot be written either', async () => {
    await server.client.createUser(stage.newUser(), asAdmin);
    await server.client.updateUser(stage.user, { roles: ['auditor'], version: 0 }, asAdmin);
    const asAuditor = await server.client.loginHeaders(stage.user, PASSWORD);
    // The entries stay to be read; only the chain cannot go on.
    await server.database.execute('ALTER TABLE audit_chain RENAME TO audit_chain_away');

    const refused = await server.client.auditEvents(asAuditor);
    const others = await server.client.users(asAuditor);

    await server.database.execute('ALTER TABLE audit_chain_away RENAME TO audit_chain');
    expect([refused.status, refused.body.code, others.status]).toEqual([503, 'unavailable', 200]);
    const { status, body } = await server.client.auditEvents(asAuditor, '?action=audit_read&size=1');
    expect([status, body.items[0]?.actor?.name]).toEqual([200, stage.user]);
  });
});

describe('B58 audit, complete: every route that reads', () => {
  it('changes nothing and leaves no entry, but for the trail itself', async () => {
    const { name } = await stage.makeUser();
    const { id } = await stage.makeToken();
    await server.client.auditEvents(asAdmin);
    const before = await lengthOfTrail();
    const stored = await everythingStored(server.database);
    const reads = server.routes.filter((route) => /^(GET|HEAD) /.test(route));

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
    expect(await everythingStored(server.database)).toEqual(stored);
  });

  it('and bump and introspection leave none either', async () => {
    const { headers } = await stage.makeCaller();
    const before = await lengthOfTrail();

    const statuses = [
      (await server.client.bump(headers)).status,
      (await server.client.introspect({ token: 'lk_0' }, asAdmin)).status,
    ];

    expect(statuses).toEqual([200, 200]);
    expect(await lengthOfTrail()).toBe(before);
  });
});
