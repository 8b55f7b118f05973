import { describe, expect, it } from '@jest/globals';
import { type AuditEventDto, type UserDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

const events = async (query = '', headers: Headers = asAdmin) => {
  const { status, body, text } = await server.client.auditEvents(headers, query);
  if (status !== 200) {
    throw new Error(`/audit-events${query} answered ${status}: ${text}`);
  }
  return body.items;
};

/** Query of the next link in a response. */
function next(headers: globalThis.Headers): string | undefined {
  return /<\/audit-events(\?[^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
}

async function makeUser(roles?: string[]): Promise<UserDto> {
  return (await server.client.createUser(newUser(roles && { roles }), asAdmin)).body;
}

const idsOf = (items: readonly AuditEventDto[]) => items.map(({ id }) => id);

describe('GET /audit-events', () => {
  it('returns actor, action, subject, address and time, newest first', async () => {
    const { status, body, headers } = await server.client.createUser(newUser(), asAdmin);
    expect(status).toBe(201);

    const [event] = await events('?action=user_created&size=1');

    const me = (await server.client.me(asAdmin)).body;
    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      actor: { id: me.id, name: 'admin' },
      subject: { kind: 'user', id: body.id, name: body.name },
      action: 'user_created',
      outcome: 'success',
      address: '127.0.0.1',
      traceId: headers.get('x-request-id'),
      after: { kind: 'human', enabled: true, roles: ['user'] },
    });
  });

  it('names the server as the actor of its first start', async () => {
    const byServer = await events('?actor=the%20server');

    const { id } = (await server.client.me(asAdmin)).body;
    const actor = { id: 'server', name: 'the server' };
    expect(byServer).toEqual([
      expect.objectContaining({
        action: 'user_created',
        actor,
        subject: { kind: 'user', id, name: 'admin' },
      }),
    ]);
  });

  it('returns no actor for an unauthenticated request', async () => {
    await server.client.login(ADMIN.name, 'a wrong password');

    const [event] = await events('?action=authn_login_fail');

    expect(event).toMatchObject({ outcome: 'failure', subject: { kind: 'user', name: 'admin' } });
    expect(event).not.toHaveProperty('actor');
    expect(event).not.toHaveProperty('before');
  });

  it('returns neither seals nor sequence numbers', async () => {
    const { text } = await server.client.auditEvents(asAdmin);

    expect(text).not.toMatch(/"(mac|previousMac|keyId|sequence)"/);
  });

  it('returns 25 entries by default', async () => {
    await Promise.all(Array.from({ length: 30 }, () => server.client.login(ADMIN.name, 'a wrong password')));

    const { body } = await server.client.auditEvents(asAdmin);

    expect(Object.keys(body).sort()).toEqual(['items', 'size']);
    expect([body.size, body.items.length]).toEqual([25, 25]);
  });

  it('returns 403 without audit:read', async () => {
    const { name } = await makeUser();
    const asUser = await server.client.loginHeaders(name, PASSWORD);

    expect((await server.client.auditEvents(asUser)).status).toBe(403);
  });

  it('returns 200 to auditors', async () => {
    const { name } = await makeUser(['auditor']);
    const asAuditor = await server.client.loginHeaders(name, PASSWORD);

    expect((await server.client.auditEvents(asAuditor)).status).toBe(200);
  });

  it.each(['application/xml', 'application/yaml', 'application/cbor'])('is available as %s', async (type) => {
    const { status, headers } = await server.client.auditEvents({ ...asAdmin, Accept: type });

    expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('returns 405 for %s', async (method) => {
    const { status, headers } = await server.client.request(method, '/audit-events', { headers: asAdmin });

    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('the routes of the audit trail', () => {
  it('are read-only', () => {
    expect(server.routes.filter((route) => route.includes('audit'))).toEqual([
      'GET /audit-events',
      'HEAD /audit-events',
    ]);
  });
});

describe('the cursor of GET /audit-events', () => {
  /** Reads all pages. */
  async function pages(query: string): Promise<AuditEventDto[][]> {
    const read: AuditEventDto[][] = [];
    for (let link: string | undefined = query; link !== undefined;) {
      const { body, headers } = await server.client.auditEvents(asAdmin, link);
      read.push(body.items);
      link = next(headers);
    }
    return read;
  }

  it('visits every entry once, and ends on the last page', async () => {
    const all = await events('?size=200');

    const read = await pages('?size=7');

    expect(idsOf(read.flat())).toEqual(idsOf(all));
    expect(read.slice(0, -1).map(({ length }) => length)).toEqual(read.slice(1).map(() => 7));
  });

  it('keeps the filters', async () => {
    const all = await events('?size=200&action=authn_login_fail');

    const read = await pages('?size=9&action=authn_login_fail');

    expect(idsOf(read.flat())).toEqual(idsOf(all));
  });

  it('stays valid while entries are added', async () => {
    const first = await server.client.auditEvents(asAdmin, '?size=5');
    const expected = (await events('?size=10')).slice(5);
    await server.client.login(ADMIN.name, 'a wrong password');
    await server.client.login(ADMIN.name, 'a wrong password');

    const second = await events(next(first.headers));

    expect(idsOf(second)).toEqual(idsOf(expected));
  });

  it('ends when the last page is full', async () => {
    const { items } = (await server.client.auditEvents(asAdmin, '?size=200&action=user_created')).body;

    const { headers } = await server.client.auditEvents(asAdmin, `?size=${items.length}&action=user_created`);

    expect(headers.get('link')).toBeNull();
  });

  it.each(['', 'x', 'MQ', '1', 'a b', 'x'.repeat(65), Buffer.from('before:01').toString('base64url')])(
    'returns 400 when it is malformed: %j',
    async (cursor) => {
      const { status, body } = await server.client.auditEvents(asAdmin, `?cursor=${cursor}`);

      expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'invalid_parameter', '/cursor']);
    },
  );
});

describe('GET /audit-events with after', () => {
  it('returns newer entries, oldest first, with a next link', async () => {
    const [newest] = await events('?size=1');
    const names = [await makeUser(), await makeUser(), await makeUser()].map(({ name }) => name);

    const first = await server.client.auditEvents(asAdmin, `?after=${newest?.id}&size=2`);
    const second = await server.client.auditEvents(asAdmin, next(first.headers));

    expect(first.body.items.map(({ subject }) => subject.name)).toEqual(names.slice(0, 2));
    expect(second.body.items.map(({ subject }) => subject.name)).toEqual(names.slice(2));
  });

  it('returns a next link even without newer entries', async () => {
    const [newest] = await events('?size=1');
    const empty = await server.client.auditEvents(asAdmin, `?after=${newest?.id}`);
    const { name } = await makeUser();

    const { body } = await server.client.auditEvents(asAdmin, next(empty.headers));

    expect(empty.body.items).toEqual([]);
    expect(body.items.map(({ subject }) => subject.name)).toEqual([name]);
  });

  it('accepts filters', async () => {
    const [newest] = await events('?size=1');
    await makeUser();
    await server.client.login(ADMIN.name, 'a wrong password');

    const items = await events(`?after=${newest?.id}&outcome=failure`);

    expect(items.map(({ action }) => action)).toEqual(['authn_login_fail']);
  });

  it.each([
    ['unknown', '0190a0a0-0000-7000-8000-000000000000', 'event_unknown'],
    ['malformed', 'a_b', 'matches'],
    ['empty', '', 'matches'],
  ])('returns 400 when it is %s', async (_, after, code) => {
    const { status, body } = await server.client.auditEvents(asAdmin, `?after=${after}`);

    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.errors).toMatchObject([{ pointer: '/after', code }]);
  });

  it('returns 400 together with a cursor', async () => {
    const [newest] = await events('?size=1');
    const { headers } = await server.client.auditEvents(asAdmin, '?size=1');

    const { status, body } = await server.client.auditEvents(asAdmin, `${next(headers)}&after=${newest?.id}`);

    expect([status, body.errors?.[0]?.code]).toEqual([400, 'not_with_after']);
  });
});
