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

async function events(query = '', headers: Headers = asAdmin): Promise<AuditEventDto[]> {
  const { status, body, text } = await server.client.auditEvents(headers, query);
  if (status !== 200) {
    throw new Error(`/audit-events${query} answered ${status}: ${text}`);
  }
  return body.items;
}

const idsOf = (items: readonly AuditEventDto[]) => items.map(({ id }) => id);
const at = (time: number) => jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(time);

describe('the filters of GET /audit-events', () => {
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

  it('find a subject by id, and by name in any spelling', async () => {
    const byName = await events('?subject=ÄNNE');

    expect(byName.map(({ action }) => action)).toEqual([
      'authn_login_fail',
      'authn_login_success',
      'user_created',
    ]);
    expect(idsOf(await events(`?subject=${anne.id}`))).toEqual(idsOf(byName));
  });

  it('find subjects that are not users', async () => {
    await events('', asAnne);

    const items = await events('?subject=audit trail&actor=änne');

    expect(items.map(({ action }) => action)).toEqual(['audit_read']);
  });

  it('find an action and an outcome', async () => {
    const failures = await events('?outcome=failure&subject=änne');

    expect(failures.map(({ action }) => action)).toEqual(['authn_login_fail']);
    expect(idsOf(await events('?action=authn_login_fail&subject=änne'))).toEqual(idsOf(failures));
  });

  it('find an address in any notation', async () => {
    expect(await events('?address=127.0.0.1&size=1')).toHaveLength(1);
    expect(await events('?address=::ffff:127.0.0.1&size=1')).toHaveLength(1);
    expect(await events('?address=192.0.2.1')).toEqual([]);
  });

  it('find a request', async () => {
    const { headers, body } = await server.client.createUser(newUser(), asAdmin);

    const items = await events(`?traceId=${headers.get('x-request-id')}`);

    expect(items.map(({ subject }) => subject.name)).toEqual([body.name]);
  });

  it('return an empty list if nothing matches', async () => {
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
  ])('return 400 for an invalid %s: %s', async (name, query) => {
    const { status, body } = await server.client.auditEvents(asAdmin, `?${query}`);

    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'invalid_parameter', `/${name}`]);
  });

  it.each(['page=1', 'q=x', 'sort=time', 'actorId=1'])(
    'return 400 with the allowed parameters for %s',
    async (query) => {
      const { status, body } = await server.client.auditEvents(asAdmin, `?${query}`);

      expect([status, body.detail]).toEqual([
        400,
        'The parameters here are action, actor, address, after, cursor, from, outcome, size, subject, to, traceId.',
      ]);
    },
  );
});

describe('the filters from and to', () => {
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
    'return what was written from minute %d until before minute %d, regardless of clock changes',
    async (from, to) => {
      const expected = MINUTES.filter((minute) => minute >= from && minute < to);

      expect(await minutesIn(`from=${iso(from)}&to=${iso(to)}`)).toEqual(expected);
    },
  );

  it('can be used alone', async () => {
    expect(await minutesIn(`from=${iso(40)}`)).toEqual([90, 600, 40, 50]);
    expect((await minutesIn(`to=${iso(20)}`)).slice(-2)).toEqual([0, 10]);
  });

  it('accept another time zone', async () => {
    expect(await minutesIn('from=2040-01-01T02:30:00%2B02:00&to=2040-01-01T02:32:00%2B02:00')).toEqual([
      30, 31,
    ]);
  });
});
