import { describe, expect, it } from '@jest/globals';
import {
  type AuditAction,
  type AuditEventDto,
  type ProblemDto,
  type UserDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { tokenHeader, type Answer, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

/** Routes that change something and leave no entry, as they are called all the time. */
const NOT_AUDITED = ['POST /auth/bump', 'POST /auth/introspect'];

/** A request that changes something, and what the trail says of it. */
interface Act {
  action: AuditAction;
  /** Makes what is needed, and returns what sends the request. */
  prepare: () => Promise<() => Promise<Answer<unknown>>>;
}

async function makeUser(roles?: string[]): Promise<UserDto> {
  return (await server.client.createUser(newUser(roles && { roles }), asAdmin)).body;
}

/** Somebody who has logged in. */
async function makeCaller(): Promise<{ name: string; session: UserTokenDto; headers: Headers }> {
  const { name } = await makeUser();
  const session = (await server.client.login(name, PASSWORD)).body;
  return { name, session, headers: tokenHeader(session) };
}

async function makeToken(): Promise<UserTokenDto> {
  return (await server.client.createUserToken((await makeUser()).name, asAdmin, { note: 'test' })).body;
}

let made = 0;

async function makeRole(): Promise<string> {
  made += 1;
  const name = `role-${made}`;
  await server.client.createRole({ name, permissions: [] }, asAdmin);
  return name;
}

const NEW_PASSWORD = 'another long password';

/** Every route that changes something. A new one is added here, or leaves no entry on purpose. */
const ACTS: Record<string, Act> = {
  'POST /auth/login': {
    action: 'authn_login_success',
    prepare: async () => {
      const { name } = await makeUser();
      return () => server.client.login(name, PASSWORD);
    },
  },
  'POST /auth/logout': {
    action: 'authn_logout',
    prepare: async () => {
      const { headers } = await makeCaller();
      return () => server.client.logout(headers);
    },
  },
  'POST /auth/set-up': {
    action: 'authn_password_set',
    prepare: async () => {
      const { link } = (await server.client.makeSetUpLink((await makeUser()).name, asAdmin)).body;
      return () => server.client.setUp({ secret: link.split('#')[1] ?? '', password: NEW_PASSWORD });
    },
  },
  'PATCH /me': {
    action: 'user_updated',
    prepare: async () => {
      const { headers } = await makeCaller();
      return () => server.client.updateMe({ displayName: 'Me', version: 0 }, headers);
    },
  },
  'PUT /me/password': {
    action: 'authn_password_change',
    prepare: async () => {
      const { headers } = await makeCaller();
      return () =>
        server.client.changePassword({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, headers);
    },
  },
  'POST /me/tokens': {
    action: 'authn_token_created',
    prepare: async () => {
      const { headers } = await makeCaller();
      return () => server.client.createMyToken(headers, { note: 'mine' });
    },
  },
  'DELETE /me/tokens': {
    action: 'authn_token_revoked',
    prepare: async () => {
      const { name, headers } = await makeCaller();
      await server.client.login(name, PASSWORD);
      return () => server.client.revokeMyOtherTokens(headers);
    },
  },
  'POST /users': {
    action: 'user_created',
    prepare: () => Promise.resolve(() => server.client.createUser(newUser(), asAdmin)),
  },
  'PATCH /users/:name': {
    action: 'user_updated',
    prepare: async () => {
      const { name, version } = await makeUser();
      return () => server.client.updateUser(name, { displayName: 'Anne', version }, asAdmin);
    },
  },
  'DELETE /users/:name': {
    action: 'user_deleted',
    prepare: async () => {
      const { name } = await makeUser();
      return () => server.client.deleteUser(name, asAdmin);
    },
  },
  'PUT /users/:name/password': {
    action: 'authn_password_reset',
    prepare: async () => {
      const { name } = await makeUser();
      return () => server.client.resetPassword(name, { password: NEW_PASSWORD }, asAdmin);
    },
  },
  'POST /users/:name/set-up-link': {
    action: 'user_set_up_link_created',
    prepare: async () => {
      const { name } = await makeUser();
      return () => server.client.makeSetUpLink(name, asAdmin);
    },
  },
  'DELETE /users/:name/throttle': {
    action: 'authn_throttle_lifted',
    prepare: async () => {
      const { name } = await makeUser();
      return () => server.client.liftThrottle(name, asAdmin);
    },
  },
  'POST /users/:name/tokens': {
    action: 'authn_token_created',
    prepare: async () => {
      const { name } = await makeUser();
      return () => server.client.createUserToken(name, asAdmin, { note: 'theirs' });
    },
  },
  'DELETE /users/:name/tokens': {
    action: 'authn_token_revoked',
    prepare: async () => {
      const { name } = await makeCaller();
      return () => server.client.revokeUserTokens(name, asAdmin);
    },
  },
  'POST /users/bulk': {
    action: 'user_updated',
    prepare: async () => {
      const ids = [(await makeUser()).name, (await makeUser()).name];
      return () => server.client.bulkUsers({ action: 'disable', ids }, asAdmin);
    },
  },
  'PATCH /tokens/:id': {
    action: 'authn_token_updated',
    prepare: async () => {
      const { id, version } = await makeToken();
      return () => server.client.updateToken(id, { note: 'edited', version }, asAdmin);
    },
  },
  'DELETE /tokens/:id': {
    action: 'authn_token_revoked',
    prepare: async () => {
      const { id } = await makeToken();
      return () => server.client.revokeToken(id, asAdmin);
    },
  },
  'POST /tokens/:id/rotate': {
    action: 'authn_token_rotated',
    prepare: async () => {
      const { id } = await makeToken();
      return () => server.client.rotateToken(id, asAdmin);
    },
  },
  'POST /tokens/bulk': {
    action: 'authn_token_revoked',
    prepare: async () => {
      const body = { action: 'revoke', ids: [(await makeToken()).id, (await makeToken()).id] };
      return () => server.client.request('POST', '/tokens/bulk', { body, headers: asAdmin });
    },
  },
  'POST /roles': {
    action: 'role_created',
    prepare: () => {
      made += 1;
      const name = `made-${made}`;
      return Promise.resolve(() => server.client.createRole({ name, permissions: ['users:read'] }, asAdmin));
    },
  },
  'PATCH /roles/:name': {
    action: 'role_updated',
    prepare: async () => {
      const name = await makeRole();
      return () => server.client.updateRole(name, { description: 'Another one.', version: 0 }, asAdmin);
    },
  },
  'DELETE /roles/:name': {
    action: 'role_deleted',
    prepare: async () => {
      const name = await makeRole();
      return () => server.client.deleteRole(name, asAdmin);
    },
  },
};

const entriesOf = async ({ headers }: Answer<unknown>): Promise<AuditEventDto[]> =>
  (await server.client.auditEvents(asAdmin, `?traceId=${headers.get('x-request-id')}`)).body.items;

async function lengthOfTrail(): Promise<number> {
  return (await server.database.query('SELECT id FROM audit_events')).length;
}

describe('every route that changes something', () => {
  it('is known to this test', () => {
    const changing = server.routes.filter((route) => !/^(GET|HEAD|OPTIONS) /.test(route));

    expect(changing).toEqual([...Object.keys(ACTS), ...NOT_AUDITED].sort());
  });

  it.each(Object.entries(ACTS))(
    'leaves exactly one entry, without a secret: %s',
    async (_, { action, prepare }) => {
      const send = await prepare();

      const answer = await send();

      const entries = await entriesOf(answer);
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThan(300);
      expect(entries).toMatchObject([{ action, outcome: 'success', address: '127.0.0.1' }]);
      expect(entries[0]?.subject.name).not.toBe('');
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

/** Everything that requests change, but for when tokens were last used, which no request waits for. */
async function everything(): Promise<object[]> {
  const tables = ['users', 'user_roles', 'roles', 'tokens', 'login_days', 'audit_chain'];
  const rows = await Promise.all(
    tables.map((table) => server.database.query<Record<string, unknown>>(`SELECT * FROM ${table}`)),
  );
  return rows
    .flat()
    .map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !/Usage|Uses/.test(column))));
}

describe('every route that changes something, while no entry can be written', () => {
  it.each(Object.entries(ACTS))('answers 503, and changes nothing: %s', async (_, { prepare }) => {
    const send = await prepare();
    const before = await everything();
    await server.database.execute('ALTER TABLE audit_events RENAME TO audit_events_away');

    const { status, headers, body } = await send();

    await server.database.execute('ALTER TABLE audit_events_away RENAME TO audit_events');
    expect([status, (body as ProblemDto).code]).toEqual([503, 'unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await everything()).toEqual(before);
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
});

describe('every route that reads', () => {
  it('leaves no entry, but for the trail itself', async () => {
    const { name } = await makeUser();
    const { id } = await makeToken();
    await server.client.auditEvents(asAdmin);
    const before = await lengthOfTrail();
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
  });

  it('and bump and introspection leave none either', async () => {
    const { headers } = await makeCaller();
    const before = await lengthOfTrail();

    const statuses = [
      (await server.client.bump(headers)).status,
      (await server.client.introspect({ token: 'lk_0' }, asAdmin)).status,
    ];

    expect(statuses).toEqual([200, 200]);
    expect(await lengthOfTrail()).toBe(before);
  });
});
