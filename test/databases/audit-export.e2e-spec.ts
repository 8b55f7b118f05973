import { describe, expect, it, jest } from '@jest/globals';
import { type AuditEventDto, type UserDto } from '@latchkey/auth-models';
import { type Type } from '@nestjs/common';
import { RoleListRepository } from '../../apps/api/src/identity/roles/role-list.repository.js';
import { TokenListRepository } from '../../apps/api/src/identity/tokens/list/token-list.repository.js';
import { UserListRepository } from '../../apps/api/src/identity/users/list/user-list.repository.js';
import { AuditEventListRepository } from '../../apps/api/src/audit/search/audit-event-list.repository.js';
import { Clock } from '../../apps/api/src/common/clock.js';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';

const MINUTE = 60_000;

const server = useServer();
const asAdmin = useAdmin(server);

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
    await server.client.createUser(newUser({ name: 'Änne' }), asAdmin);

    const { text } = await as('text/csv', '?action=user_created&subject=änne');

    const [head, row] = text.split('\r\n');
    expect(head).toBe(
      'id,time,actor.id,actor.name,subject.kind,subject.id,subject.name,action,outcome,address,traceId,before,after',
    );
    expect(row).toMatch(
      /,admin,user,[0-9a-f-]{36},änne,user_created,success,127\.0\.0\.1,[^,]+,,"\{""kind""/,
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
  /** Entries of one reader's reads. */
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
  const { signUpWith } = useTokens(server, asAdmin);

  it.each([
    ['GET /audit-events', '/audit-events', AuditEventListRepository, 'find'],
    ['GET /tokens', '/tokens', TokenListRepository, 'findByIds'],
    ['GET /users', '/users', UserListRepository, 'findByIds'],
    ['GET /roles', '/roles', RoleListRepository, 'findByNames'],
  ] as const)('of %s is aborted after a revocation', async (_, path, repository, method) => {
    const reader = await signUpWith('audit:read', 'tokens:read', 'users:read', 'roles:read');
    const before = readRows(path, reader.headers);
    expect(await before).toContain('\n');
    revokeBefore(repository, method, () => server.client.revokeToken(reader.id, asAdmin));

    await expect(readRows(path, reader.headers)).rejects.toThrow('terminated');
  });

  it("of GET /tokens is aborted when the reader may no longer read other users' tokens", async () => {
    const reader = await signUpWith('tokens:read');
    revokeBefore(TokenListRepository, 'findByIds', () =>
      server.client.updateUser(reader.user, { roles: [], version: 0 }, asAdmin),
    );

    await expect(readRows('/tokens', reader.headers)).rejects.toThrow('terminated');
  });

  async function readRows(path: string, headers: Headers): Promise<string> {
    const answer = await fetch(server.client.baseUrl + path, { headers: { ...headers, Accept: 'text/csv' } });
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
