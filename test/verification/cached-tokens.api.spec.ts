import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { IS_DEEP } from '../support/deep.js';
import { PASSWORD } from '../support/factories.js';
import { pauseAfterTokenRead } from '../support/paused-requests.js';
import { REVOCATIONS } from '../support/revocations.js';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { type TokenWithHeaders, useTokens } from '../support/use-tokens.js';
import { useCache } from './use-cache.js';

/** Repetitions of each revocation (B27). */
const ROUNDS = IS_DEEP ? 5 : 1;

/** The maximum cache time, so that no entry expires. */
const server = useServer({ environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '300' } });
const asAdmin = useAdmin(server);
const { signUp, signUpWithPermissions, createToken } = useTokens(server, asAdmin);
const { createRole } = useRoles(server, asAdmin);

const cache = useCache(server);
const { verify, warm } = cache;

function printRejected(what: string, statuses: readonly number[]): void {
  const rejected = statuses.filter((status) => status === 401 || status === 403).length;
  process.stdout.write(
    `Cached, then ${what}: ${rejected} of ${statuses.length} rejected at the next request\n`,
  );
}

// Covers B27 in docs/explanation/security.md.
describe('a cached token', () => {
  it('is not read again', async () => {
    const token = await warm(await signUp());
    cache.reads.mockClear();

    expect([await verify(token), await verify(token)]).toEqual([200, 200]);

    expect(cache.reads).not.toHaveBeenCalled();
  });

  it.each<[string, (own: TokenWithHeaders) => Promise<unknown>]>([
    ['revokes an unknown token', ({ headers }) => server.client.revokeToken(randomUUID(), headers)],
    ['revokes a token', async (own) => server.client.revokeToken((await createToken(own)).id, own.headers)],
    ['rotates a token', async (own) => server.client.rotateToken((await createToken(own)).id, own.headers)],
    ['logs out', ({ headers }) => server.client.logout(headers)],
    [
      'edits the account',
      ({ headers }) => server.client.updateMe({ email: 'a@b.example', version: 0 }, headers),
    ],
    [
      'sends a bulk change of an unknown token',
      ({ headers }) => server.client.bulkTokens({ action: 'disable', ids: [randomUUID()] }, headers),
    ],
    [
      'sends a bulk change without effect',
      async (own) =>
        server.client.bulkTokens({ action: 'enable', ids: [(await createToken(own)).id] }, own.headers),
    ],
    [
      'disables a token in bulk',
      async (own) =>
        server.client.bulkTokens({ action: 'disable', ids: [(await createToken(own)).id] }, own.headers),
    ],
    ['is deleted', ({ user }) => server.client.deleteUser(user, asAdmin)],
    [
      'is disabled in bulk',
      ({ user }) => server.client.bulkUsers({ action: 'disable', ids: [user] }, asAdmin),
    ],
    ['is deleted in bulk', ({ user }) => server.client.bulkUsers({ action: 'delete', ids: [user] }, asAdmin)],
    [
      'gets another role',
      async ({ user }) =>
        server.client.updateUser(user, { roles: [await createRole()], version: 0 }, asAdmin),
    ],
    [
      'holds a role that changes',
      async ({ user }) => {
        const role = await createRole({ permissions: [] });
        await server.client.bulkUsers({ action: 'addRole', role, ids: [user] }, asAdmin);
        return server.client.updateRole(role, { permissions: ['users:read'], version: 0 }, asAdmin);
      },
    ],
    ['exists when a role is deleted', async () => server.client.deleteRole(await createRole(), asAdmin)],
  ])('is not read again because another user %s', async (_, act) => {
    const other = await signUp();
    const token = await warm(await signUp());

    await act(other);
    cache.reads.mockClear();
    await verify(token);

    expect(cache.reads).not.toHaveBeenCalled();
  });

  it('does not match in the other header field', async () => {
    const { headers, token } = await warm(await signUp());
    const bearer = { Authorization: `Bearer ${token}` };
    await warm({ headers: bearer });

    expect(await verify({ headers: { 'X-Auth-Token': bearer.Authorization } })).toBe(401);
    expect(await verify({ headers: { Authorization: headers['X-Auth-Token'] ?? '' } })).toBe(401);
  });

  it('does not match with another name', async () => {
    const token = await warm(await signUp());
    const other = await signUp();
    const mixed = Buffer.from(`${other.user}:${token.token}`).toString('base64');

    expect(await verify({ headers: { 'X-Auth-Token': mixed } })).toBe(401);
  });

  it.each(REVOCATIONS)('is rejected from the next request on after %s', async (what, end) => {
    const rejections: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const token = await warm(await signUp());
      const { status } = await end(token, server.client, asAdmin);
      expect(Math.floor(status / 100)).toBe(2);
      rejections.push(await verify(token));
    }

    printRejected(what, rejections);
    expect(rejections).toEqual(Array(ROUNDS).fill(401));
  });

  it.each<[string, (name: string, role: string) => Promise<{ status: number }>]>([
    [
      'removing the role from its owner',
      (name) => server.client.updateUser(name, { roles: [], version: 0 }, asAdmin),
    ],
    [
      'removing the role in bulk',
      (name, role) => server.client.bulkUsers({ action: 'removeRole', role, ids: [name] }, asAdmin),
    ],
    [
      'removing the permission from the role',
      async (_, role) => {
        const { version } = (await server.client.role(role, asAdmin)).body;
        return server.client.updateRole(role, { permissions: [], version }, asAdmin);
      },
    ],
  ])('loses the permissions of the role from the next request on after %s', async (what, take) => {
    const rejections: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const role = await createRole({ permissions: ['users:read'] });
      const token = await warm(await signUp({ roles: [role] }));
      expect((await server.client.users(token.headers)).status).toBe(200);
      expect((await take(token.user, role)).status).toBe(200);
      rejections.push((await server.client.users(token.headers)).status);
    }

    printRejected(what, rejections);
    expect(rejections).toEqual(Array(ROUNDS).fill(403));
  });

  it('is rejected after a rotation without a grace period', async () => {
    const session = await signUp();
    const token = await warm(await createToken(session));

    const { status } = await server.client.rotateToken(token.id, session.headers, { gracePeriodSeconds: 0 });

    expect([status, await verify(token)]).toEqual([200, 401]);
  });

  it('is marked as superseded after a rotation with a grace period', async () => {
    const session = await signUp();
    const token = await warm(await createToken(session));

    await server.client.rotateToken(token.id, session.headers, { gracePeriodSeconds: 60 });
    const { status, headers } = await server.client.verify(token.headers);

    expect([status, headers.get('x-auth-token-superseded')]).toEqual([200, 'true']);
  });

  it('gets a permission that is added to its role', async () => {
    const role = await createRole({ permissions: [] });
    const token = await warm(await signUp({ roles: [role] }));

    await server.client.updateRole(role, { permissions: ['roles:read'], version: 0 }, asAdmin);

    expect((await server.client.roles(token.headers)).status).toBe(200);
  });

  it('returns the new expiry after a bump', async () => {
    const token = await warm(await signUp());
    const before = (await server.client.verify(token.headers)).headers.get('x-auth-token-expires');

    await server.client.bump(token.headers);
    const after = (await server.client.verify(token.headers)).headers.get('x-auth-token-expires');

    expect(Date.parse(after ?? '')).toBeGreaterThan(Date.parse(before ?? ''));
  });

  it('stays cached during logins, failed logins and token creations', async () => {
    const token = await warm(await signUpWithPermissions('users:read'));

    await server.client.login(token.user, 'a wrong password');
    await server.client.loginHeaders(token.user, PASSWORD);
    cache.reads.mockClear();
    await verify(token);

    expect(cache.reads).not.toHaveBeenCalled();
  });
});

describe('a database read that started before a revocation', () => {
  it('does not fill the cache after it', async () => {
    const token = await signUp();
    const lookUp = await pauseAfterTokenRead(server, token.headers);

    await server.client.revokeToken(token.id, asAdmin);

    // The request came before the revocation. Later requests are rejected.
    expect(await lookUp.resume()).toBe(200);
    expect(await verify(token)).toBe(401);
  });
});
