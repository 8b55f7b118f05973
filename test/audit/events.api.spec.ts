import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AuditEventDto, type UserDto } from '@latchkey/auth-models';
import { type Type } from '@nestjs/common';
import { AuditEventListRepository } from '../../apps/api/src/audit/search/audit-event-list.repository.js';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { RolesRepository } from '../../apps/api/src/permissions/roles/roles.repository.js';
import { TokenListRepository } from '../../apps/api/src/tokens/list/token-list.repository.js';
import { UsersRepository } from '../../apps/api/src/users/model/users.repository.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { OPERATOR_ROUTES } from '../routes.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('pages of the audit trail', () => {
  const events = async (query = '', headers: Headers = asAdmin) => {
    const { status, body, text } = await server.client.auditEvents(headers, query);
    if (status !== 200) {
      throw new Error(`/audit-events${query} answered ${status}: ${text}`);
    }
    return body.items;
  };

  /** Returns the query of the next link in a response. */
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
        actor: { id: me.id, name: 'admin', tokenId: me.token?.id },
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
      await server.client.login(ADMIN.name, 'a wrong password', { headers: { 'User-Agent': 'curl/8.5' } });

      const [event] = await events('?action=authn_login_fail');

      expect(event).toMatchObject({
        outcome: 'failure',
        subject: { kind: 'user', name: 'admin' },
        after: { reason: 'wrong_password', userAgent: 'curl/8.5' },
      });
      expect(event).not.toHaveProperty('actor');
      expect(event).not.toHaveProperty('before');
    });

    it('returns neither seals nor sequence numbers', async () => {
      const { text } = await server.client.auditEvents(asAdmin);

      expect(text).not.toMatch(/"(mac|previousMac|keyId|sequence)"/);
    });

    it('returns 25 entries by default', async () => {
      await Promise.all(Array.from({ length: 30 }, () => server.client.createRole(newRole(), asAdmin)));

      const { body } = await server.client.auditEvents(asAdmin);

      expect(Object.keys(body).sort()).toEqual(['items', 'size']);
      expect([body.size, body.items.length]).toEqual([25, 25]);
    });

    it('returns 200 to auditors', async () => {
      const { name } = await makeUser(['auditor']);
      const asAuditor = await server.client.loginHeaders(name, PASSWORD);

      expect((await server.client.auditEvents(asAuditor)).status).toBe(200);
    });

    it.each(['application/xml', 'application/yaml'])('is available as %s', async (type) => {
      const { status, headers } = await server.client.auditEvents({ ...asAdmin, Accept: type });

      expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
    });
  });

  describe('the routes of the audit trail', () => {
    it('are read-only, except those of the command line', () => {
      expect(server.routes.filter((route) => route.includes('audit'))).toEqual([
        'GET /audit-events',
        'HEAD /audit-events',
        ...OPERATOR_ROUTES.filter((route) => route.includes('audit')),
      ]);
    });
  });

  describe('the cursor of GET /audit-events', () => {
    /** Returns the entries of all pages. */
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

      const { headers } = await server.client.auditEvents(
        asAdmin,
        `?size=${items.length}&action=user_created`,
      );

      expect(headers.get('link')).not.toContain('rel="next"');
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

      const { status, body } = await server.client.auditEvents(
        asAdmin,
        `${next(headers)}&after=${newest?.id}`,
      );

      expect([status, body.errors?.[0]?.code]).toEqual([400, 'not_with_after']);
    });
  });
});

describe('exports of the audit trail', () => {
  const MINUTE = 60_000;

  const events = async (query = '', headers: Headers = asAdmin): Promise<AuditEventDto[]> =>
    (await server.client.auditEvents(headers, query)).body.items;

  async function makeUser(roles?: string[]): Promise<UserDto> {
    return (await server.client.createUser(newUser(roles && { roles }), asAdmin)).body;
  }

  const idsOf = (items: readonly AuditEventDto[]) => items.map(({ id }) => id);
  const at = (time: number) => jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(time);

  describe('GET /audit-events as rows', () => {
    const as = (type: string, query = '') => server.client.auditEvents({ ...asAdmin, Accept: type }, query);

    it('returns JSON lines, newest first, each entry once', async () => {
      const { status, headers, text } = await as('application/x-ndjson');

      const lines = text.trimEnd().split('\n');
      const read = lines.map((line) => JSON.parse(line) as AuditEventDto);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
      expect(read.slice(0, 200)).toEqual(await events('?size=200'));
      expect(new Set(idsOf(read)).size).toBe(lines.length);
    });

    it('returns CSV with separate columns for actor and subject', async () => {
      await server.client.createUser(newUser({ name: 'Ämil' }), asAdmin);

      const { text } = await as('text/csv', '?action=user_created&subject=ämil');

      const [head, row] = text.split('\r\n');
      expect(head).toBe(
        'id,time,actor.id,actor.name,actor.tokenId,subject.kind,subject.id,subject.name,action,outcome,address,traceId,before,after',
      );
      expect(row).toMatch(
        /,admin,[0-9a-f-]{36},user,[0-9a-f-]{36},ämil,user_created,success,127\.0\.0\.1,[^,]+,,"\{""kind""/,
      );
    });

    it('accepts filters, and after for entries since the last export', async () => {
      const [newest] = await events('?size=1');
      const { name } = await makeUser();

      const { text } = await as('application/x-ndjson', `?after=${newest?.id}&outcome=success`);

      expect(text.trimEnd().split('\n')).toHaveLength(1);
      expect((JSON.parse(text) as AuditEventDto).subject.name).toBe(name);
    });

    it.each([
      ['size', 'size=5'],
      ['cursor', `cursor=${Buffer.from('before:5').toString('base64url')}`],
    ])('returns 400 for %s', async (name, query) => {
      const { status, body } = await as('text/csv', `?${query}`);

      expect([status, body.errors?.[0]]).toMatchObject([400, { pointer: `/${name}`, code: 'not_with_rows' }]);
    });
  });

  describe('the audit entry for reading the trail', () => {
    /** Returns the entries about one reader's reads. */
    const readsOf = async (name: string) => (await events(`?action=audit_read&actor=${name}`)).length;

    async function makeReader(): Promise<{ name: string; headers: Headers }> {
      const { name } = await makeUser(['auditor']);
      return { name, headers: await server.client.loginHeaders(name, PASSWORD) };
    }

    it('is written once for parallel reads', async () => {
      const { name, headers } = await makeReader();

      await Promise.all(Array.from({ length: 20 }, () => events('', headers)));

      expect(await readsOf(name)).toBe(1);
    });

    it('is written again after ten minutes', async () => {
      const { name, headers } = await makeReader();
      const start = Date.now();
      for (const minutes of [0, 9, 10]) {
        const clock = at(start + minutes * MINUTE);
        await events('', headers);
        clock.mockRestore();
      }

      expect(await readsOf(name)).toBe(2);
    });

    it('is written for each reader', async () => {
      const readers = [await makeReader(), await makeReader()];
      for (const { headers } of readers) {
        await events('', headers);
      }

      expect(await Promise.all(readers.map(({ name }) => readsOf(name)))).toEqual([1, 1]);
    });

    it('is not written when the request is rejected', async () => {
      const { name, headers } = await makeReader();

      await server.client.auditEvents(headers, '?size=0');

      expect(await readsOf(name)).toBe(0);
    });
  });

  describe('an export whose reader loses access', () => {
    const { signUpWithPermissions } = useTokens(server, asAdmin);

    it.each([
      ['GET /audit-events', '/audit-events', AuditEventListRepository, 'find'],
      ['GET /tokens', '/tokens', TokenListRepository, 'query'],
      ['GET /tokens, sorted', '/tokens?sort=note', TokenListRepository, 'findByIds'],
      ['GET /users', '/users', UsersRepository, 'findByIds'],
      ['GET /roles', '/roles', RolesRepository, 'findByNames'],
    ] as const)('of %s is aborted after a revocation', async (_, path, repository, method) => {
      const reader = await signUpWithPermissions('audit:read', 'tokens:read', 'users:read', 'roles:read');
      const before = readRows(path, reader.headers);
      expect(await before).toContain('\n');
      revokeBefore(repository, method, () => server.client.revokeToken(reader.id, asAdmin));

      await expect(readRows(path, reader.headers)).rejects.toThrow('terminated');
    });

    it("of GET /tokens is aborted when the reader may no longer read other users' tokens", async () => {
      const reader = await signUpWithPermissions('tokens:read');
      revokeBefore(TokenListRepository, 'query', () =>
        server.client.updateUser(reader.user, { roles: [], version: 0 }, asAdmin),
      );

      await expect(readRows('/tokens', reader.headers)).rejects.toThrow('terminated');
    });

    async function readRows(path: string, headers: Headers): Promise<string> {
      const answer = await fetch(server.client.baseUrl + path, {
        headers: { ...headers, Accept: 'text/csv' },
      });
      expect(answer.status).toBe(200);
      return answer.text();
    }

    function revokeBefore(repository: Type, method: string, revoke: () => Promise<{ status: number }>): void {
      const instance = server.app.get<Record<string, (...args: unknown[]) => Promise<unknown>>>(repository, {
        strict: false,
      });
      const read = instance[method]?.bind(instance);
      jest.spyOn(instance, method).mockImplementationOnce(async (...args) => {
        expect(Math.floor((await revoke()).status / 100)).toBe(2);
        return read?.(...args);
      });
    }
  });
});

describe('filters of the audit trail', () => {
  const MINUTE = 60_000;

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

    it('find the actions with a token, and no others of its user', async () => {
      const { name } = newUser();
      await server.client.createUser({ name, password: PASSWORD, roles: ['auditor'] }, asAdmin);
      const { body: one } = await server.client.login(name, PASSWORD);
      const { body: other } = await server.client.login(name, PASSWORD);
      const { body: made } = await server.client.createMyToken(tokenHeader(one));
      await server.client.users(tokenHeader(other), '?enabled=maybe');
      await server.client.revokeToken(made.id, tokenHeader(other));

      const byOne = await events(`?actorToken=${one.id.toUpperCase()}`);
      const byOther = await events(`?actorToken=${other.id}&action=authn_token_revoked`);

      expect(byOne.map(({ action, actor }) => [action, actor])).toEqual([
        ['authn_token_created', { id: expect.any(String), name, tokenId: one.id }],
      ]);
      expect(byOther.map(({ subject }) => subject.id)).toEqual([made.id]);
      expect(await events(`?actorToken=${made.id}`)).toEqual([]);
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

    it.each(['page=1', 'q=x', 'sort=time', 'actorId=1'])(
      'return 400 with the allowed parameters for %s',
      async (query) => {
        const { status, body } = await server.client.auditEvents(asAdmin, `?${query}`);

        expect([status, body.detail]).toEqual([
          400,
          'Known parameters: action, actor, actorToken, address, after, cursor, from, outcome, size, subject, to, traceId.',
        ]);
      },
    );
  });

  describe('the filters from and to', () => {
    const BEGIN = Date.UTC(2040, 0, 1);
    const iso = (minute: number) => new Date(BEGIN + minute * MINUTE).toISOString();
    let clock: ReturnType<typeof at>;
    /**
     * Minutes at which entries were written, in order: the clock was set back by an hour, and once far ahead.
     */
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
});
