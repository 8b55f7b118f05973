import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CreateTokenDto } from '@latchkey/auth-models';
import { newApi } from '../support/factories.js';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { createRole } = useRoles(server, asAdmin);
const { createToken, signUp, signUpWithPermissions } = useTokens(server, asAdmin);

const api = newApi('read', 'write', 'refund');
const [read, write, refund] = api.permissions.map(({ name }) => name) as [string, string, string];
const PERMISSIONS = [read, write, refund, 'users:read', 'users:write'];
/** More than PostgreSQL's 65,535 and SQLite's 32,766 parameters. */
const MANY_ROLES = 66_000;
const tokens: TokenWithHeaders[] = [];
let reader: string;
let writer: string;
let both: TokenWithHeaders;
let disabled: TokenWithHeaders;
let administrator: TokenWithHeaders;

beforeAll(async () => {
  await server.client.createApi(api, asAdmin);
  reader = await createRole({ permissions: ['users:read', read] });
  writer = await createRole({ permissions: [read, write] });
  both = await signUp({ roles: [reader, writer, await createRole({ permissions: ['roles:read'] })] });
  disabled = await signUp({ roles: [reader] });
  administrator = await signUp({ roles: ['admin', 'user'] });
  const former = await signUp({ roles: [writer] });
  const limits: CreateTokenDto[] = [
    {},
    { permissions: [] },
    { permissions: [read] },
    { permissions: [write, 'users:read'] },
    { roles: [] },
    { roles: [reader] },
    { roles: [writer] },
    { permissions: [read], roles: [reader] },
  ];
  for (const dto of limits) {
    tokens.push(await createToken(both, dto));
  }
  tokens.push(await createToken(await signUp({ roles: ['auditor'] })), await createToken(administrator));
  tokens.push(await createToken(former), await createToken(former, { permissions: [write] }));
  await createToken(both, { kind: 'canary' });
  const revoked = await createToken(both);
  await server.client.revokeToken(revoked.id, asAdmin);
  await createToken(disabled);
  const any = { ...asAdmin, 'If-Match': '*' };
  await server.client.updateUser(disabled.user, { enabled: false }, any);
  await server.client.updateUser(former.user, { roles: ['user'] }, any);
});

const list = async (permission: string) =>
  (await server.client.tokens(asAdmin, `?kind=api&size=200&permission=${permission}`)).body;
const usersWith = async (permission: string) =>
  (await server.client.users(asAdmin, `?permission=${permission}`)).body;

describe('GET /tokens?permission=', () => {
  it.each(PERMISSIONS)(
    'returns the tokens with which requests that require %s are accepted',
    async (name) => {
      const accepted: string[] = [];
      for (const { id, headers } of tokens) {
        const { status } = await server.client.verify(headers, `?permission=${name}`);
        accepted.push(...(status === 200 ? [id] : []));
      }

      const { items } = await list(name);

      const found = items.filter(({ user }) => user !== disabled.user).map(({ id }) => id);
      expect(found.sort()).toEqual(accepted.sort());
    },
  );

  it('finds tokens of disabled users, but no canary and no revoked token', async () => {
    const { items } = await list(read);
    const canaries = await server.client.tokens(asAdmin, `?kind=canary&permission=${read}`);

    expect(items.filter(({ user }) => user === disabled.user)).toHaveLength(1);
    expect(items.filter(({ state }) => state === 'revoked')).toEqual([]);
    expect(canaries.body.total).toBe(0);
  });

  it('filters own tokens, sessions, and the tokens of a bulk request', async () => {
    const own = await server.client.myTokens(both.headers, `?kind=api&permission=${write}`);
    const sessions = await server.client.tokens(asAdmin, `?kind=session&permission=${write}`);
    const { body } = await server.client.bulkTokens(
      { action: 'disable', filter: { permission: write, kind: 'api' }, dryRun: true },
      asAdmin,
    );

    expect(own.body.total).toBe((await list(write)).total);
    expect(sessions.body.items.map(({ user }) => user)).toEqual([both.user]);
    expect(body.count).toBe(own.body.total);
  });
});

describe('GET /users?permission=', () => {
  it('returns the users whose roles grant it, also disabled ones', async () => {
    const names = async (permission: string) =>
      (await usersWith(permission)).items.map(({ name }) => name).sort();

    expect(await names(read)).toEqual([both.user, disabled.user].sort());
    expect(await names(write)).toEqual([both.user]);
    expect(await names(refund)).toEqual([]);
    expect(await names('users:write')).toEqual(['admin', administrator.user].sort());
  });

  it('counts the tokens of a bulk request by permission', async () => {
    const { body } = await server.client.bulkUsers(
      { action: 'revokeTokens', filter: { permission: write }, dryRun: true },
      asAdmin,
    );

    const live = await server.client.tokens(asAdmin, `?user=${both.user}`);
    expect(body).toMatchObject({ count: 1, tokenCount: live.body.total - 1 });
  });
});

describe('GET /apis/{name}/usage and GET /roles/{name}/usage', () => {
  it('count the users and API tokens of the filtered lists', async () => {
    const [ofApi, ofRole, ofAdmin] = await Promise.all([
      server.client.apiUsage(api.name, asAdmin),
      server.client.roleUsage(reader, asAdmin),
      server.client.roleUsage('admin', asAdmin),
    ]);

    for (const { body } of [ofApi, ofRole, ofAdmin]) {
      for (const { permission, userCount, apiTokenCount } of body.items) {
        const totals = [(await usersWith(permission)).total, (await list(permission)).total];
        expect([permission, userCount, apiTokenCount]).toEqual([permission, ...totals]);
      }
    }
    expect(ofRole.body.items.map(({ permission }) => permission)).toEqual([read, 'users:read']);
    expect(ofApi.body.items.find(({ permission }) => permission === read)).toMatchObject({
      roleCount: 2,
      roles: [reader, writer].sort(),
      userCount: 2,
    });
    expect(ofAdmin.body.items.length).toBeGreaterThan(10);
  });

  it('are empty for a role without permissions', async () => {
    expect((await server.client.roleUsage('user', asAdmin)).body.items).toEqual([]);
  });

  it.each([
    [['apis:read', 'roles:read'], false, false],
    [['apis:read', 'roles:read', 'users:read'], true, false],
    [['apis:read', 'roles:read', 'tokens:read'], false, true],
  ])('with %j, count only what the caller may list', async (permissions, seesUsers, seesTokens) => {
    const { headers } = await signUpWithPermissions(...permissions);

    for (const { body } of [
      await server.client.apiUsage(api.name, headers),
      await server.client.roleUsage(reader, headers),
    ]) {
      expect(body.items.map((use) => ['userCount' in use, 'apiTokenCount' in use])).toEqual(
        body.items.map(() => [seesUsers, seesTokens]),
      );
    }
  });

  it('count only tokens with this limit for a caller who may not see what roles grant', async () => {
    const { headers } = await signUpWithPermissions('apis:read', 'users:read', 'tokens:read');

    const { body } = await server.client.apiUsage(api.name, headers);

    expect(body.items).toEqual([
      { permission: read, tokenCount: 2 },
      { permission: refund, tokenCount: 0 },
      { permission: write, tokenCount: 2 },
    ]);
    expect((await server.client.roleUsage(reader, headers)).status).toBe(403);
  });

  it('count the holders of more roles than a query of the databases has parameters', async () => {
    const many = newApi('read');
    const permission = many.permissions[0]!.name;
    await server.client.createApi(many, asAdmin);
    const role = await createRole({ permissions: [permission] });
    const holder = await signUp({ roles: [role] });
    await createToken(holder);
    await server.database.execute(
      `INSERT INTO "roles" ("name", "description", "permissions", "creationTime")
       WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${MANY_ROLES})
       SELECT role."name" || '-' || n, '', role."permissions", role."creationTime"
       FROM numbers CROSS JOIN "roles" role WHERE role."name" = '${role}'`,
    );

    const { body } = await server.client.apiUsage(many.name, asAdmin);

    expect(body.items).toMatchObject([
      { permission, roleCount: MANY_ROLES + 1, userCount: 1, apiTokenCount: 1 },
    ]);
  });
});
