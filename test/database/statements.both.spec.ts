import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type PageDto, type TokenBulkRequestDto, type UserBulkRequestDto } from '@latchkey/auth-models';
import { OfferPurge } from '../../apps/api/src/offers/offer-purge.service.js';
import { tokenHeader } from '../support/api-client.js';
import { newApi, newUser } from '../support/factories.js';
import {
  flushTokenUsage,
  settleCanaries,
  settleLeakReports,
  useAdmin,
  useServer,
} from '../support/use-server.js';
import { insertTokens } from '../support/token-rows.js';
import { useRoles } from '../support/use-roles.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';

// Statements whose features are tested on SQLite only, once each, because PostgreSQL is stricter: types of
// parameters, empty lists, GROUP BY, and results of aggregates.

const server = useServer();
const asAdmin = useAdmin(server);
const { createRole } = useRoles(server, asAdmin);
const { createToken, signUp, signUpWithPermissions } = useTokens(server, asAdmin);
const any = { ...asAdmin, 'If-Match': '*' };
const codeOf = async ({ headers }: Pick<TokenWithHeaders, 'headers'>) =>
  (await server.client.me(headers)).body.code;

beforeAll(() => {
  Object.assign(any, asAdmin);
});

async function totalOf(path: string): Promise<number> {
  const { status, body } = await server.client.request<PageDto<unknown>>('GET', path, { headers: asAdmin });
  expect([path, status]).toEqual([path, 200]);
  return body.total ?? body.items.length;
}

describe('the audit trail', () => {
  let user: string;
  let userId: string;
  let token: TokenWithHeaders;

  beforeAll(async () => {
    token = await signUp();
    user = token.user;
    userId = (await server.client.user(user, asAdmin)).body.id;
    await server.client.updateMe({ displayName: 'Audited' }, { ...token.headers, 'If-Match': '*' });
    await server.client.bulkUsers({ action: 'addRole', ids: [user], role: 'auditor' }, asAdmin);
  });

  it.each<[string, () => string, number]>([
    ['an actor by name', () => `actor=${user}`, 2],
    ['an actor by id and an action', () => `actor=${user}&action=user_updated`, 1],
    ['a subject by name, also of a bulk change', () => `subject=${user}`, 4],
    ['a subject and an outcome', () => `subject=${user}&outcome=success`, 4],
    ['a subject by its id', () => `subject=${userId}`, 4],
    ['a token', () => `actorToken=${token.id}`, 1],
    ['an address and an action', () => `actor=${user}&address=127.0.0.1&action=user_updated`, 1],
    ['a period', () => `actor=${user}&from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z`, 2],
    ['a period without entries', () => 'from=2100-01-01T00:00:00Z', 0],
  ])('finds %s', async (_, query, expected) => {
    expect(await totalOf(`/audit-events?${query()}`)).toBe(expected);
  });

  it('continues after an entry, and before a cursor', async () => {
    const { body, headers } = await server.client.auditEvents(asAdmin, `?actor=${user}&size=1`);

    const next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? '';
    expect(await totalOf(next)).toBe(1);
    expect(await totalOf(`/audit-events?actor=${user}&after=${body.items[0]?.id}`)).toBe(0);
    const { text } = await server.client.request<string>('GET', `/audit-events?actor=${user}`, {
      headers: { ...asAdmin, Accept: 'text/csv' },
    });
    expect(text.trim().split('\r\n')).toHaveLength(3);
  });
});

describe('offers', () => {
  it('are found by user, state and text, in pages and exports', async () => {
    const { user } = await signUp();
    const { body: offer } = await server.client.createOffer(user, asAdmin, { note: 'Deployment %_' });

    for (const query of [`user=${user}`, `user=${user}&state=offered`, 'q=deployment%20%25_', 'sort=user']) {
      expect([query, await totalOf(`/offers?${query}`)]).toEqual([query, 1]);
    }
    const { text } = await server.client.request<string>('GET', `/offers?user=${user}`, {
      headers: { ...asAdmin, Accept: 'text/csv' },
    });
    expect(text).toContain(offer.id);
  });
});

describe('descendants of a token', () => {
  it('are narrowed with it', async () => {
    const session = await signUpWithPermissions('users:read', 'tokens:read');
    const parent = await createToken(session, { permissions: ['users:read', 'tokens:read'] });
    const child = await createToken(parent, { permissions: ['users:read', 'tokens:read'] });
    const changes = { permissions: ['users:read'], allowedAddresses: ['127.0.0.0/8'] };

    const { status } = await server.client.updateToken(parent.id, changes, any);

    expect(status).toBe(200);
    expect((await server.client.token(child.id, asAdmin)).body).toMatchObject(changes);
  });

  it('are revoked when their user is deleted, but kept on request', async () => {
    const [first, second] = [
      await signUpWithPermissions('tokens:write'),
      await signUpWithPermissions('tokens:write'),
    ];
    const other = await signUp();
    const issue = async (by: TokenWithHeaders) => {
      const { body } = await server.client.createUserToken(other.user, by.headers, {});
      return { headers: tokenHeader(body) };
    };
    const [revoked, kept] = [await issue(first), await issue(second)];
    const dryRun = await server.client.bulkUsers(
      { action: 'delete', ids: [first.user], dryRun: true },
      asAdmin,
    );

    await server.client.bulkUsers({ action: 'delete', ids: [first.user] }, asAdmin);
    await server.client.bulkUsers({ action: 'delete', ids: [second.user], keepDescendants: true }, asAdmin);

    expect([dryRun.status, await codeOf(revoked), await codeOf(kept)]).toEqual([
      200,
      'token_revoked',
      undefined,
    ]);
  });
});

it('a list of tokens with which verifiers have reported has their names', async () => {
  const token = await signUpWithPermissions('tokens:introspect');
  const body = { verifier: randomUUID(), number: 1, name: 'orders', local: 0, asked: 0, uses: [] };
  await server.client.request('POST', '/auth/revocations/reports', { headers: token.headers, body });

  const { items } = (await server.client.tokens(asAdmin, `?user=${token.user}&verifying=true`)).body;

  expect(items).toMatchObject([{ id: token.id, verifiesFor: ['orders'] }]);
});

describe('a deleted permission', () => {
  it('is removed from roles, tokens and set-up links', async () => {
    const api = newApi('read', 'write');
    await server.client.createApi(api, asAdmin);
    const [read = '', write = ''] = api.permissions.map(({ name }) => name);
    const role = await createRole({ permissions: ['users:read', read, write] });
    const owner = await signUp({ roles: [role] });
    const token = await createToken(owner, { permissions: [read, 'users:read'] });
    expect(await totalOf(`/apis?q=${read}`)).toBe(1);
    expect(await totalOf(`/roles?permission=${read}`)).toBe(1);
    // The session of the owner has it too.
    expect(await totalOf(`/tokens?permission=${read}`)).toBe(2);
    expect((await server.client.apiUsage(api.name, asAdmin)).body).toMatchObject({
      items: [{ permission: read, roleCount: 1, tokenCount: 1 }, { permission: write }],
    });

    const { status } = await server.client.updateApi(api.name, { permissions: [] }, any, '?force=true');

    expect(status).toBe(200);
    expect((await server.client.role(role, asAdmin)).body.permissions).toEqual(['users:read']);
    expect((await server.client.token(token.id, asAdmin)).body.permissions).toEqual(['users:read']);
  });
});

describe('POST /tokens/bulk', () => {
  it.each<Partial<TokenBulkRequestDto> & Pick<TokenBulkRequestDto, 'action'>>([
    { action: 'disable' },
    { action: 'enable' },
    { action: 'extend', expiresIn: 3_600_000 },
    { action: 'acknowledge' },
    { action: 'unacknowledge' },
    { action: 'revoke' },
  ])('changes tokens by id and by filter: %j', async (request) => {
    const session = await signUp();
    const tokens = [await createToken(session), await createToken(session)];
    if (request.action === 'enable') {
      await server.client.bulkTokens({ action: 'disable', ids: tokens.map(({ id }) => id) }, asAdmin);
    }

    const byFilter = { ...request, filter: { user: session.user, kind: 'api' }, dryRun: true } as const;
    const dryRun = await server.client.bulkTokens(byFilter, asAdmin);
    const { status, body } = await server.client.bulkTokens(
      { ...request, ids: tokens.map(({ id }) => id) },
      asAdmin,
    );

    expect([dryRun.status, dryRun.body.count]).toEqual([200, 2]);
    expect([status, body.count]).toEqual([200, 2]);
  });

  it('revokes all tokens of all users', async () => {
    const session = await signUp();

    const { status } = await server.client.bulkTokens(
      { action: 'revoke', filter: {}, keepCurrent: true },
      asAdmin,
    );

    expect([status, await codeOf(session)]).toEqual([200, 'token_revoked']);
  });
});

describe('POST /users/bulk', () => {
  it.each<Omit<UserBulkRequestDto, 'ids' | 'filter'>>([
    { action: 'disable' },
    { action: 'enable' },
    { action: 'addRole', role: 'auditor' },
    { action: 'removeRole', role: 'auditor' },
    { action: 'revokeTokens' },
    { action: 'delete' },
  ])('changes users by name and by filter: %j', async (request) => {
    const { user } = await signUp({ displayName: `Bulk ${request.action}` });
    const filter = { q: `Bulk ${request.action}` };

    const dryRun = await server.client.bulkUsers({ ...request, filter, dryRun: true }, asAdmin);
    const { status, body } = await server.client.bulkUsers({ ...request, ids: [user] }, asAdmin);

    expect([dryRun.status, dryRun.body.count]).toEqual([200, 1]);
    expect([status, body.count]).toEqual([200, 1]);
  });
});

describe('a leaked token', () => {
  it('is revoked after a rotation with the leaked secret', async () => {
    const stolen = await createToken(await signUp());
    const { body } = await server.client.rotateToken(stolen.id, stolen.headers);
    const current = { headers: tokenHeader(body) };

    expect((await server.client.reportLeak({ tokens: [stolen.token ?? ''] })).status).toBe(202);
    await settleLeakReports(server);

    expect(await codeOf(current)).toBe('token_revoked');
  });

  it('is found among canaries, and its use is stored', async () => {
    const { user } = await signUp();
    const { body: canary } = await server.client.createUserToken(user, asAdmin, { kind: 'canary' });

    await server.client.me(tokenHeader(canary));
    await settleCanaries(server);
    await flushTokenUsage(server);

    expect((await server.client.token(canary.id, asAdmin)).body.lastUsageAddress).toBe('127.0.0.1');
    expect(await totalOf(`/audit-events?subject=${canary.id}&action=authn_canary_used`)).toBe(1);
  });
});

describe('POST /auth/revoke', () => {
  it('finds a token by its superseded secret', async () => {
    const session = await signUp();
    const rotated = await createToken(session);
    const { body } = await server.client.rotateToken(rotated.id, session.headers, { gracePeriodSeconds: 60 });

    const { status } = await server.client.request('POST', '/auth/revoke', {
      headers: { Authorization: `Bearer ${session.token}` },
      body: new URLSearchParams({ token: rotated.token ?? '' }),
    });

    expect([status, await codeOf({ headers: tokenHeader(body) })]).toEqual([200, 'token_revoked']);
  });
});

describe('POST /users/import', () => {
  it('reports existing users, and imports the others', async () => {
    const { user } = await signUp();
    const users = [{ name: user }, { name: newUser().name, email: 'new@example.com', roles: ['user'] }];

    const { status, body } = await server.client.request('POST', '/users/import', {
      headers: asAdmin,
      body: { users, skipExisting: true },
    });

    expect([status, body]).toMatchObject([200, { imported: 1, skipped: 1 }]);
  });
});

describe('deleted rows', () => {
  it('of a user with thousands of tokens are deleted in steps', async () => {
    const { user } = await signUp();
    const ids = Array.from({ length: 1_100 }, (_, index) => ({ id: `${user}-${index}`, user }));
    await server.database.execute(insertTokens(...ids));

    expect((await server.client.deleteUser(user, asAdmin)).status).toBe(204);

    expect(await server.database.query(`SELECT id FROM tokens WHERE id LIKE '${user}-%'`)).toEqual([]);
  });

  it('of a token still lead to its descendants', async () => {
    const session = await signUp();
    const token = await createToken(session);
    const below = await createToken(token);
    await server.client.revokeToken(token.id, session.headers);
    await server.database.execute(`DELETE FROM tokens WHERE id = '${token.id}'`);

    const { status } = await server.client.revokeToken(token.id, session.headers, '?descendants=true');

    expect([status, await codeOf(below)]).toEqual([204, 'token_revoked']);
  });

  it('are those of expired offers', async () => {
    const { user } = await signUp();
    const { body } = await server.client.createOffer(user, asAdmin);
    await server.database.execute(`UPDATE offers SET "expirationTime" = 1 WHERE id = '${body.id}'`);

    await server.app.get(OfferPurge, { strict: false }).work();

    expect(await server.database.query(`SELECT id FROM offers WHERE id = '${body.id}'`)).toEqual([]);
  });
});

describe('a token that another caller rotates after the thief', () => {
  it('is kept when the secrets of the thief are reported', async () => {
    const stolen = await createToken(await signUp());
    const { body: thiefs } = await server.client.rotateToken(stolen.id, stolen.headers);
    const { body: current } = await server.client.rotateToken(stolen.id, asAdmin);

    await server.client.reportLeak({ tokens: [stolen.token ?? '', thiefs.token ?? ''] });
    await settleLeakReports(server);

    expect(await codeOf({ headers: tokenHeader(current) })).toBeUndefined();
  });
});

describe('a token that was rotated with another one, created with the leaked secret', () => {
  it('is revoked when the leaked secret is reported', async () => {
    const stolen = await createToken(await signUp());
    const below = await createToken(stolen);
    const { body: current } = await server.client.rotateToken(stolen.id, below.headers);

    await server.client.reportLeak({ tokens: [stolen.token ?? ''] });
    await settleLeakReports(server);

    expect(await codeOf({ headers: tokenHeader(current) })).toBe('token_revoked');
  });
});

describe('other reads', () => {
  it('describe the token of a link', async () => {
    const { user } = await signUp();
    const { body: offer } = await server.client.createOffer(user, asAdmin);

    const { status, body } = await server.client.claimDetails(offer.link?.split('#')[1] ?? '');

    expect([status, body.user]).toEqual([200, user]);
  });

  it('explain the rejection of a revoked token', async () => {
    const token = await createToken(await signUp());
    await server.client.revokeToken(token.id, asAdmin);
    const { body } = await server.client.me(token.headers);

    const { status, body: explanation } = await server.client.request<{ token?: { id: string } }>(
      'GET',
      `/explanations/${body.traceId}`,
      { headers: asAdmin },
    );

    expect([status, explanation.token?.id]).toEqual([200, token.id]);
  });

  it('find the holders of a changed role', async () => {
    const role = await createRole({ permissions: ['users:read'] });
    const holder = await signUp({ roles: [role] });
    expect((await server.client.users(holder.headers)).status).toBe(200);

    expect((await server.client.updateRole(role, { permissions: [] }, any)).status).toBe(200);

    expect((await server.client.users(holder.headers)).status).toBe(403);
  });

  it('restrict a limited token to itself and its descendants', async () => {
    const limited = await createToken(await signUp(), { permissions: [] });
    await createToken(limited);
    const listed = async (path: string) =>
      (await server.client.request<PageDto<unknown>>('GET', path, { headers: limited.headers })).body.total;

    expect([await listed('/me/tokens'), await listed('/tokens'), await listed('/me/offers')]).toEqual([
      2, 2, 0,
    ]);
  });
});
