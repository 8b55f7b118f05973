import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PresentedTokensRepository } from '../../apps/api/src/tokens/presented-tokens.repository.js';
import { PASSWORD } from '../support/factories.js';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenInUse } from '../support/use-tokens.js';

/** As long as may be, so that nothing is forgotten for its age alone. */
const server = useServer({ environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '300' } });
const asAdmin = useAdmin(server);
const { signUp, signUpWith, make } = useTokens(server, asAdmin);
const { makeRole, makeHolder } = useRoles(server, asAdmin);
const isShared = globalThis.DATABASE_KIND === 'postgres';

let lookUps: jest.SpiedFunction<PresentedTokensRepository['findByDigest']>;

beforeEach(() => {
  lookUps = jest.spyOn(server.app.get(PresentedTokensRepository), 'findByDigest');
});

const verify = async ({ headers }: Pick<TokenInUse, 'headers'>) =>
  (await server.client.verify(headers)).status;

/** A token whose holder is remembered. */
async function warm<T extends Pick<TokenInUse, 'headers'>>(token: T): Promise<T> {
  expect([await verify(token), await verify(token)]).toEqual([200, 200]);
  return token;
}

type Act = (token: TokenInUse) => Promise<{ status: number }>;

const versionOf = async (name: string) => (await server.client.user(name, asAdmin)).body.version;

const ENDS: [string, Act][] = [
  ['logging out', ({ headers }) => server.client.logout(headers)],
  ['revoking it', ({ id }) => server.client.revokeToken(id, asAdmin)],
  [
    'ending one’s other tokens',
    async ({ user }) => {
      const other = await server.client.loginHeaders(user, PASSWORD);
      return server.client.revokeMyOtherTokens(other);
    },
  ],
  ['ending all of a user', ({ user }) => server.client.revokeUserTokens(user, asAdmin)],
  ['disabling it', ({ id }) => server.client.updateToken(id, { enabled: false, version: 0 }, asAdmin)],
  ['revoking many', ({ id }) => server.client.bulkTokens({ action: 'revoke', ids: [id] }, asAdmin)],
  [
    'disabling the user',
    async ({ user }) =>
      server.client.updateUser(user, { enabled: false, version: await versionOf(user) }, asAdmin),
  ],
  [
    'disabling many users',
    async ({ user }) => server.client.bulkUsers({ action: 'disable', ids: [user] }, asAdmin),
  ],
  ['deleting the user', ({ user }) => server.client.deleteUser(user, asAdmin)],
  [
    'setting another password',
    ({ user }) => server.client.resetPassword(user, { password: 'another good password' }, asAdmin),
  ],
  [
    'changing the password elsewhere',
    async ({ user }) => {
      const other = await server.client.loginHeaders(user, PASSWORD);
      return server.client.changePassword(
        { currentPassword: PASSWORD, newPassword: 'another good password' },
        other,
      );
    },
  ],
];

describe('a token that was verified a moment ago', () => {
  it('is not looked up again, but on PostgreSQL, where others commit as well', async () => {
    const token = await signUp();
    lookUps.mockClear();

    await warm(token);

    expect(lookUps.mock.calls.length).toBe(isShared ? 2 : 1);
  });

  it('is another one under another name', async () => {
    const token = await warm(await signUp());
    const other = await signUp();
    const mixed = Buffer.from(`${other.user}:${token.token}`).toString('base64');

    expect(await verify({ headers: { 'X-Auth-Token': mixed } })).toBe(401);
  });

  it.each(ENDS)('is refused from the very next request on after %s', async (_, act) => {
    const token = await warm(await signUp());

    const { status } = await act(token);

    expect([Math.floor(status / 100), await verify(token)]).toEqual([2, 401]);
  });

  it('loses its secret at a rotation without a grace period', async () => {
    const session = await signUp();
    const token = await warm(await make(session));

    const { status } = await server.client.rotateToken(token.id, session.headers, { gracePeriodSeconds: 0 });

    expect([status, await verify(token)]).toEqual([200, 401]);
  });

  it('is known to be superseded after a rotation with one', async () => {
    const session = await signUp();
    const token = await warm(await make(session));

    await server.client.rotateToken(token.id, session.headers, { gracePeriodSeconds: 60 });
    const { status, headers } = await server.client.verify(token.headers);

    expect([status, headers.get('x-auth-token-superseded')]).toEqual([200, 'true']);
  });

  it('may do no more what a role no longer allows, or a user who lost the role', async () => {
    const role = await makeRole({ permissions: ['users:read'] });
    const holder = await makeHolder(role);
    expect((await server.client.users(holder)).status).toBe(200);

    const { version } = (await server.client.role(role, asAdmin)).body;
    await server.client.updateRole(role, { permissions: ['roles:read'], version }, asAdmin);

    expect((await server.client.users(holder)).status).toBe(403);
    expect((await server.client.roles(holder)).status).toBe(200);
  });

  it('tells its new end after a bump', async () => {
    const token = await warm(await signUp());
    const before = (await server.client.verify(token.headers)).headers.get('x-auth-token-expires');

    await server.client.bump(token.headers);
    const after = (await server.client.verify(token.headers)).headers.get('x-auth-token-expires');

    expect(Date.parse(after ?? '')).toBeGreaterThan(Date.parse(before ?? ''));
  });

  it('is remembered while others log in, fail to, and make tokens', async () => {
    const token = await warm(await signUpWith('users:read'));
    lookUps.mockClear();

    await server.client.login(token.user, 'a wrong password');
    await server.client.loginHeaders(token.user, PASSWORD);
    lookUps.mockClear();
    await verify(token);

    expect(lookUps.mock.calls.length).toBe(isShared ? 1 : 0);
  });
});

describe('a look-up that began before a revocation', () => {
  it('leaves nothing behind that is found after it', async () => {
    const token = await signUp();
    const repository = server.app.get(PresentedTokensRepository);
    const original = PresentedTokensRepository.prototype.findByDigest.bind(repository);
    let release: () => void = () => undefined;
    const isRevoked = new Promise<void>((resolve) => (release = resolve));
    let begun: () => void = () => undefined;
    const hasRead = new Promise<void>((resolve) => (begun = resolve));
    // It has read the token as it was, and is held there until the revocation is committed.
    lookUps.mockImplementationOnce(async (digest) => {
      const record = await original(digest);
      begun();
      await isRevoked;
      return record;
    });

    const racing = verify(token);
    await hasRead;
    await server.client.revokeToken(token.id, asAdmin);
    release();

    // It came before the revocation; whoever comes after it is refused.
    expect(await racing).toBe(200);
    expect(await verify(token)).toBe(401);
  });
});
