import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AuditEventDto, type UserDto } from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.js';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

const MINUTE = 60_000;

const server = useServer();
const asAdmin = useAdmin(server);

const events = async (query = '', headers: Headers = asAdmin) => {
  const { status, body, text } = await server.client.auditEvents(headers, query);
  if (status !== 200) {
    throw new Error(`/audit-events${query} answered ${status}: ${text}`);
  }
  return body.items;
};

/** Where an answer's Link leads to, as a query. */
function next(headers: globalThis.Headers): string | undefined {
  return /<\/audit-events(\?[^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
}

async function makeUser(roles?: string[]): Promise<UserDto> {
  return (await server.client.createUser(newUser(roles && { roles }), asAdmin)).body;
}

const idsOf = (items: readonly AuditEventDto[]) => items.map(({ id }) => id);
const at = (time: number) => jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(time);

describe('GET /audit-events', () => {
  it('shows who did what to whom, from where, and when, newest first', async () => {
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

  it('leaves out who did it when nobody was authenticated', async () => {
    await server.client.login(ADMIN.name, 'a wrong password');

    const [event] = await events('?action=authn_login_fail');

    expect(event).toMatchObject({ outcome: 'failure', subject: { kind: 'user', name: 'admin' } });
    expect(event).not.toHaveProperty('actor');
    expect(event).not.toHaveProperty('before');
  });

  it('has neither seals nor places in the chain', async () => {
    const { text } = await server.client.auditEvents(asAdmin);

    expect(text).not.toMatch(/"(mac|previousMac|keyId|sequence)"/);
  });

  it('has 25 entries on a page, and says so', async () => {
    await Promise.all(Array.from({ length: 30 }, () => server.client.login(ADMIN.name, 'a wrong password')));

    const { body } = await server.client.auditEvents(asAdmin);

    expect(Object.keys(body).sort()).toEqual(['items', 'size']);
    expect([body.size, body.items.length]).toEqual([25, 25]);
  });

  it('is forbidden without audit:read', async () => {
    const { name } = await makeUser();
    const asUser = await server.client.loginHeaders(name, PASSWORD);

    expect((await server.client.auditEvents(asUser)).status).toBe(403);
  });

  it('is open to auditors', async () => {
    const { name } = await makeUser(['auditor']);
    const asAuditor = await server.client.loginHeaders(name, PASSWORD);

    expect((await server.client.auditEvents(asAuditor)).status).toBe(200);
  });

  it.each(['application/xml', 'application/yaml', 'application/cbor'])('can be read as %s', async (type) => {
    const { status, headers } = await server.client.auditEvents({ ...asAdmin, Accept: type });

    expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('cannot be changed: %s is 405', async (method) => {
    const { status, headers } = await server.client.request(method, '/audit-events', { headers: asAdmin });

    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('the routes that lead to the audit trail', () => {
  it('are for reading alone', () => {
    expect(server.routes.filter((route) => route.includes('audit'))).toEqual([
      'GET /audit-events',
      'HEAD /audit-events',
    ]);
  });
});

describe('the cursor', () => {
  /** Reads on until the last page. */
  async function pages(query: string): Promise<AuditEventDto[][]> {
    const read: AuditEventDto[][] = [];
    for (let link: string | undefined = query; link !== undefined;) {
      const { body, headers } = await server.client.auditEvents(asAdmin, link);
      read.push(body.items);
      link = next(headers);
    }
    return read;
  }

  it('leads through everything once, and the last page leads nowhere', async () => {
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

  it('stays true while entries are added', async () => {
    const first = await server.client.auditEvents(asAdmin, '?size=5');
    const expected = (await events('?size=10')).slice(5);
    await server.client.login(ADMIN.name, 'a wrong password');
    await server.client.login(ADMIN.name, 'a wrong password');

    const second = await events(next(first.headers));

    expect(idsOf(second)).toEqual(idsOf(expected));
  });

  it('says that there is no more when the last page is full', async () => {
    const { items } = (await server.client.auditEvents(asAdmin, '?size=200&action=user_created')).body;

    const { headers } = await server.client.auditEvents(asAdmin, `?size=${items.length}&action=user_created`);

    expect(headers.get('link')).toBeNull();
  });

  it.each(['', 'x', 'MQ', '1', 'a b', 'x'.repeat(65), Buffer.from('before:01').toString('base64url')])(
    'is refused when it is none: %j',
    async (cursor) => {
      const { status, body } = await server.client.auditEvents(asAdmin, `?cursor=${cursor}`);

      expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'invalid_parameter', '/cursor']);
    },
  );
});

describe('polling with after', () => {
  it('gives what came after an entry, oldest first, and leads on', async () => {
    const [newest] = await events('?size=1');
    const names = [await makeUser(), await makeUser(), await makeUser()].map(({ name }) => name);

    const first = await server.client.auditEvents(asAdmin, `?after=${newest?.id}&size=2`);
    const second = await server.client.auditEvents(asAdmin, next(first.headers));

    expect(first.body.items.map(({ subject }) => subject.name)).toEqual(names.slice(0, 2));
    expect(second.body.items.map(({ subject }) => subject.name)).toEqual(names.slice(2));
  });

  it('leads on when there is nothing yet, and then gives what came', async () => {
    const [newest] = await events('?size=1');
    const empty = await server.client.auditEvents(asAdmin, `?after=${newest?.id}`);
    const { name } = await makeUser();

    const { body } = await server.client.auditEvents(asAdmin, next(empty.headers));

    expect(empty.body.items).toEqual([]);
    expect(body.items.map(({ subject }) => subject.name)).toEqual([name]);
  });

  it('takes filters', async () => {
    const [newest] = await events('?size=1');
    await makeUser();
    await server.client.login(ADMIN.name, 'a wrong password');

    const items = await events(`?after=${newest?.id}&outcome=failure`);

    expect(items.map(({ action }) => action)).toEqual(['authn_login_fail']);
  });

  it.each([
    ['unknown', '0190a0a0-0000-7000-8000-000000000000', 'event_unknown'],
    ['no id', 'a_b', 'matches'],
    ['empty', '', 'matches'],
  ])('is refused when it is %s', async (_, after, code) => {
    const { status, body } = await server.client.auditEvents(asAdmin, `?after=${after}`);

    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.errors).toMatchObject([{ pointer: '/after', code }]);
  });

  it('is refused beside a cursor', async () => {
    const [newest] = await events('?size=1');
    const { headers } = await server.client.auditEvents(asAdmin, '?size=1');

    const { status, body } = await server.client.auditEvents(asAdmin, `${next(headers)}&after=${newest?.id}`);

    expect([status, body.errors?.[0]?.code]).toEqual([400, 'not_with_after']);
  });
});

describe('the filters', () => {
  let anne: UserDto;
  let asAnne: Headers;

  beforeAll(async () => {
    anne = (await server.client.createUser(newUser({ name: 'Änne', roles: ['auditor'] }), asAdmin)).body;
    asAnne = await server.client.loginHeaders('änne', PASSWORD);
    await server.client.login('änne', 'a wrong password');
  });

  it.each(['änne', 'ÄNNE', 'A\u0308nne'])('find an actor by name: %j', async (name) => {
    const items = await events(`?actor=${encodeURIComponent(name)}`);

    expect(items.length).toBeGreaterThan(0);
    expect(new Set(items.map(({ actor }) => actor?.id))).toEqual(new Set([anne.id]));
  });

  it('find an actor by id', async () => {
    expect(idsOf(await events(`?actor=${anne.id.toUpperCase()}`))).toEqual(
      idsOf(await events('?actor=änne')),
    );
  });

  it('find a subject by name in any spelling, and by id', async () => {
    const byName = await events('?subject=ÄNNE');

    expect(byName.map(({ action }) => action)).toEqual([
      'authn_login_fail',
      'authn_login_success',
      'user_created',
    ]);
    expect(idsOf(await events(`?subject=${anne.id}`))).toEqual(idsOf(byName));
  });

  it('find what is no user, too', async () => {
    await events('', asAnne);

    const items = await events('?subject=audit trail&actor=änne');

    expect(items.map(({ action }) => action)).toEqual(['audit_read']);
  });

  it('find an action, and an outcome', async () => {
    const failures = await events('?outcome=failure&subject=änne');

    expect(failures.map(({ action }) => action)).toEqual(['authn_login_fail']);
    expect(idsOf(await events('?action=authn_login_fail&subject=änne'))).toEqual(idsOf(failures));
  });

  it('find an address in any spelling', async () => {
    expect(await events('?address=127.0.0.1&size=1')).toHaveLength(1);
    expect(await events('?address=::ffff:127.0.0.1&size=1')).toHaveLength(1);
    expect(await events('?address=192.0.2.1')).toEqual([]);
  });

  it('find a request', async () => {
    const { headers, body } = await server.client.createUser(newUser(), asAdmin);

    const items = await events(`?traceId=${headers.get('x-request-id')}`);

    expect(items.map(({ subject }) => subject.name)).toEqual([body.name]);
  });

  it('find nothing where nothing matches', async () => {
    expect(await events('?actor=nobody')).toEqual([]);
    expect(await events('?traceId=none')).toEqual([]);
  });

  it.each([
    ['action', 'action=login'],
    ['action', 'action='],
    ['outcome', 'outcome=maybe'],
    ['outcome', 'outcome=success&outcome=failure'],
    ['actor', 'actor='],
    ['actor', `actor=${'x'.repeat(257)}`],
    ['subject', 'subject=a%0Ab'],
    ['address', 'address='],
    ['traceId', `traceId=${'x'.repeat(65)}`],
    ['from', 'from=yesterday'],
    ['from', 'from=2026-01-01'],
    ['from', 'from=2026-01-01T00:00:00'],
    ['from', 'from=2026-02-30T00:00:00Z'],
    ['to', 'to=1767225600'],
    ['size', 'size=0'],
    ['size', 'size=201'],
    ['size', 'size=many'],
  ])('refuse a wrong value of %s: %s', async (name, query) => {
    const { status, body } = await server.client.auditEvents(asAdmin, `?${query}`);

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'invalid_parameter', `/${name}`]);
  });

  it.each(['page=1', 'q=x', 'sort=time', 'actorId=1'])('name those that there are: %s', async (query) => {
    const { status, body } = await server.client.auditEvents(asAdmin, `?${query}`);

    expect([status, body.detail]).toEqual([
      400,
      'The parameters here are action, actor, address, after, cursor, from, outcome, size, subject, to, traceId.',
    ]);
  });
});

describe('a span of time', () => {
  const BEGIN = Date.UTC(2040, 0, 1);
  const iso = (minute: number) => new Date(BEGIN + minute * MINUTE).toISOString();
  let clock: ReturnType<typeof at>;
  /** Minutes at which entries were made, in their order: the clock was set back by an hour, and once far ahead. */
  const MINUTES = [0, 10, 20, 90, 30, 31, 600, 40, 50];

  beforeAll(async () => {
    for (const minute of MINUTES) {
      clock = at(BEGIN + minute * MINUTE);
      await server.client.login(ADMIN.name, 'a wrong password');
      clock.mockRestore();
    }
  });

  async function minutesIn(query: string): Promise<number[]> {
    const items = await events(`?action=authn_login_fail&${query}`);
    return items.map(({ time }) => (Date.parse(time) - BEGIN) / MINUTE).reverse();
  }

  it.each([
    [0, 700],
    [10, 31],
    [20, 90],
    [30, 31],
    [31, 32],
    [35, 601],
    [51, 90],
    [601, 700],
  ])(
    'from minute %d on, before minute %d, has what was made then, whatever the clock did',
    async (from, to) => {
      const expected = MINUTES.filter((minute) => minute >= from && minute < to);

      expect(await minutesIn(`from=${iso(from)}&to=${iso(to)}`)).toEqual(expected);
    },
  );

  it('may be open at one end', async () => {
    expect(await minutesIn(`from=${iso(40)}`)).toEqual([90, 600, 40, 50]);
    expect((await minutesIn(`to=${iso(20)}`)).slice(-2)).toEqual([0, 10]);
  });

  it('takes another zone', async () => {
    expect(await minutesIn('from=2040-01-01T02:30:00%2B02:00&to=2040-01-01T02:32:00%2B02:00')).toEqual([
      30, 31,
    ]);
  });
});

describe('the whole trail', () => {
  const as = (type: string, query = '') => server.client.auditEvents({ ...asAdmin, Accept: type }, query);

  it('comes as JSON lines, newest first, with every entry once', async () => {
    const { status, headers, text } = await as('application/x-ndjson');

    const lines = text.trimEnd().split('\n');
    const read = lines.map((line) => JSON.parse(line) as AuditEventDto);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    expect(read.slice(0, 200)).toEqual(await events('?size=200'));
    expect(new Set(idsOf(read)).size).toBe(lines.length);
  });

  it('comes as CSV, with the members of actor and subject as columns of their own', async () => {
    const { text } = await as('text/csv', '?action=user_created&subject=änne');

    const [head, row] = text.split('\r\n');
    expect(head).toBe(
      'id,time,actor.id,actor.name,subject.kind,subject.id,subject.name,action,outcome,address,traceId,before,after',
    );
    expect(row).toMatch(
      /,admin,user,[0-9a-f-]{36},änne,user_created,success,127\.0\.0\.1,[^,]+,,"\{""kind""/,
    );
  });

  it('takes filters, and after for what is new since the last time', async () => {
    const [newest] = await events('?size=1');
    const { name } = await makeUser();

    const { text } = await as('application/x-ndjson', `?after=${newest?.id}&outcome=success`);

    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect((JSON.parse(text) as AuditEventDto).subject.name).toBe(name);
  });

  it.each([
    ['size', 'size=5'],
    ['cursor', `cursor=${Buffer.from('before:5').toString('base64url')}`],
  ])('refuses %s', async (name, query) => {
    const { status, body } = await as('text/csv', `?${query}`);

    expect([status, body.errors?.[0]]).toMatchObject([400, { pointer: `/${name}`, code: 'not_with_rows' }]);
  });
});

describe('reading the trail', () => {
  /** Entries of one reader's reads. */
  const readsOf = async (name: string) => (await events(`?action=audit_read&actor=${name}`)).length;

  async function makeReader(): Promise<{ name: string; headers: Headers }> {
    const { name } = await makeUser(['auditor']);
    return { name, headers: await server.client.loginHeaders(name, PASSWORD) };
  }

  it('is recorded once, however many ask at once', async () => {
    const { name, headers } = await makeReader();

    await Promise.all(Array.from({ length: 20 }, () => events('', headers)));

    expect(await readsOf(name)).toBe(1);
  });

  it('is recorded again after ten minutes', async () => {
    const { name, headers } = await makeReader();
    const start = Date.now();
    for (const minutes of [0, 9, 10]) {
      const clock = at(start + minutes * MINUTE);
      await events('', headers);
      clock.mockRestore();
    }

    expect(await readsOf(name)).toBe(2);
  });

  it('is recorded for each reader', async () => {
    const readers = [await makeReader(), await makeReader()];
    for (const { headers } of readers) {
      await events('', headers);
    }

    expect(await Promise.all(readers.map(({ name }) => readsOf(name)))).toEqual([1, 1]);
  });

  it('is not recorded when the request is refused', async () => {
    const { name, headers } = await makeReader();

    await server.client.auditEvents(headers, '?size=0');

    expect(await readsOf(name)).toBe(0);
  });
});
