import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TokenBulkRequestDto, type UpdateTokenDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ADMIN, newRole, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, type TokenWithHeaders, useTokens } from '../support/use-tokens.js';

const server = useServer({ environment: { LATCHKEY_API_TOKEN_NO_EXPIRY: 'true' } });
const asAdmin = useAdmin(server);

describe('limited tokens', () => {
  const { auditEventsOf, signUp, signUpWithPermissions, createToken } = useTokens(server, asAdmin);

  const permissionsOf = async ({ headers }: { headers: Headers }) =>
    (await server.client.me(headers)).body.permissions;

  /** Replaces the permissions of the user's role. */
  async function regrant(user: string, permissions: string[]): Promise<void> {
    const { body } = await server.client.users(asAdmin, `?q=${user}`);
    await regrantRole(body.items.find(({ name }) => name === user)?.roles[0] ?? '', permissions);
  }

  async function regrantRole(role: string, permissions: string[]): Promise<void> {
    const { status } = await server.client.updateRole(role, { permissions }, { ...asAdmin, 'If-Match': '*' });
    expect(status).toBe(200);
  }

  describe('a token limited to some permissions', () => {
    it('has these permissions and no others', async () => {
      const session = await signUpWithPermissions('users:read', 'roles:read');
      const token = await createToken(session, { permissions: ['users:read'] });

      const allowed = await server.client.users(token.headers);
      const rejected = await server.client.roles(token.headers);

      expect(token.permissions).toEqual(['users:read']);
      expect([allowed.status, rejected.status, rejected.body.code]).toEqual([200, 403, 'forbidden']);
      expect(await permissionsOf(token)).toEqual(['users:read']);
    });

    it('has no permissions when the list is empty', async () => {
      const token = await createToken(await signUpWithPermissions('users:read'), { permissions: [] });

      expect(token.permissions).toEqual([]);
      expect((await server.client.users(token.headers)).status).toBe(403);
      expect((await server.client.me(token.headers)).status).toBe(200);
    });

    it('conveys no roles, and is rejected where one is demanded', async () => {
      const { headers } = await createToken(await signUp({ roles: ['auditor'] }), { permissions: [] });

      const { status, headers: identity } = await server.client.verify(headers);

      expect([status, identity.get('x-auth-roles')]).toEqual([200, '']);
      expect((await server.client.verify(headers, '?role=auditor')).status).toBe(403);
    });

    it('loses permissions with its user, and regains only those it was issued with', async () => {
      const session = await signUpWithPermissions('users:read', 'roles:read');
      const token = await createToken(session, { permissions: ['users:read', 'roles:read'] });

      await regrant(session.user, ['roles:read', 'tokens:read']);
      const less = await permissionsOf(token);
      await regrant(session.user, ['users:read', 'roles:read', 'tokens:read']);

      expect(less).toEqual(['roles:read']);
      expect(await permissionsOf(token)).toEqual(['roles:read', 'users:read']);
      expect(token.permissions).toEqual(['roles:read', 'users:read']);
    });

    it('cannot issue a token with more permissions, whether or not permissions are named', async () => {
      const session = await signUpWithPermissions('users:read', 'roles:read');
      const token = await createToken(session, { permissions: ['users:read'] });

      const child = await createToken(token);
      const { status, body } = await server.client.createMyToken(token.headers, {
        permissions: ['users:read', 'roles:read'],
      });

      expect(child.permissions).toEqual(['users:read']);
      expect(await permissionsOf(child)).toEqual(['users:read']);
      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
      expect(body.detail).toContain('roles:read');
    });

    it('limits tokens it issues for others, now and after their promotion', async () => {
      const session = await signUpWithPermissions('tokens:write', 'users:read', 'roles:read', 'roles:write');
      const token = await createToken(session, {
        permissions: ['tokens:write', 'users:read', 'roles:write'],
      });
      const other = await signUpWithPermissions('users:read');

      const { body } = await server.client.createUserToken(other.user, token.headers);
      const headers = { Authorization: `Bearer ${body.token}` };
      const before = await permissionsOf({ headers });
      await regrant(other.user, ['users:read', 'roles:read']);

      expect(before).toEqual(['users:read']);
      expect(await permissionsOf({ headers })).toEqual(['users:read']);
    });

    it('cannot rotate a token of its user with more permissions', async () => {
      const session = await signUpWithPermissions('users:read', 'roles:read', 'tokens:write');
      const permissions = ['tokens:write', 'users:read'];
      const token = await createToken(session, { permissions });
      const equal = await createToken(session, { permissions });

      const up = await server.client.rotateToken(session.id, token.headers);
      const beside = await server.client.rotateToken(equal.id, token.headers);
      const itself = await server.client.rotateToken(token.id, token.headers);

      expect([up.status, up.body.code]).toEqual([403, 'above_your_permissions']);
      expect([beside.status, itself.status, itself.body.permissions]).toEqual([200, 200, permissions]);
      expect((await server.client.me(session.headers)).status).toBe(200);
    });
  });

  describe('a token limited to some roles', () => {
    const conveyed = async ({ headers }: { headers: Headers }) => {
      const { headers: identity } = await server.client.verify(headers);
      return [identity.get('x-auth-roles'), identity.get('x-auth-permissions')];
    };
    const ALL_READ = /^apis:read audit:read .* users:read$/;

    it('conveys these roles and their permissions, now and after each change', async () => {
      const session = await signUpWithPermissions('users:read');
      const [role = ''] = (await server.client.me(session.headers)).body.roles;
      const patch = { roles: [role, 'auditor', 'user'] };
      await server.client.updateUser(session.user, patch, { ...asAdmin, 'If-Match': '*' });
      const token = await createToken(session, { roles: [role] });

      expect(token).toMatchObject({ roles: [role] });
      expect(token.permissions).toBeUndefined();
      expect(await conveyed(token)).toEqual([role, 'users:read']);
      await regrantRole(role, ['roles:read']);
      expect(await conveyed(token)).toEqual([role, 'roles:read']);
      await server.client.updateUser(session.user, { roles: ['auditor'] }, { ...asAdmin, 'If-Match': '*' });
      expect(await conveyed(token)).toEqual(['', '']);
    });

    it('conveys both lists when both are given', async () => {
      const session = await signUp({ roles: ['auditor', 'user'] });
      const token = await createToken(session, { roles: ['user'], permissions: ['users:read'] });

      expect(token).toMatchObject({ roles: ['user'], permissions: ['users:read'] });
      expect(await conveyed(token)).toEqual(['user', 'users:read']);
    });

    it('issues tokens that convey at most its roles', async () => {
      const session = await signUp({ roles: ['auditor', 'user'] });
      const token = await createToken(session, { roles: ['auditor'] });

      const child = await createToken(token);
      const narrow = await createToken(token, { permissions: ['users:read'] });

      expect(await conveyed(child)).toEqual(['auditor', expect.stringMatching(ALL_READ)]);
      expect(await conveyed(narrow)).toEqual(['', 'users:read']);
      // The child conveys permissions of the role only, even if its user holds them by another one.
      const other = newRole({ permissions: ['users:read'] });
      await server.client.createRole(other, asAdmin);
      await server.client.updateUser(session.user, { roles: [other.name] }, { ...asAdmin, 'If-Match': '*' });
      expect(await conveyed(narrow)).toEqual(['', '']);
    });
  });

  it('do not convey a role that was deleted and created again', async () => {
    const role = newRole({ permissions: [] });
    await server.client.createRole(role, asAdmin);
    const owner = await signUp({ roles: [role.name, 'auditor'] });
    const token = await createToken(owner, { roles: [role.name, 'auditor'] });
    const setRoles = (...roles: string[]) =>
      server.client.updateUser(owner.user, { roles }, { ...asAdmin, 'If-Match': '*' });

    await setRoles('auditor');
    expect((await server.client.deleteRole(role.name, asAdmin)).status).toBe(204);
    await server.client.createRole({ name: role.name, permissions: ['users:write'] }, asAdmin);
    await setRoles('auditor', role.name);

    const { headers } = await server.client.verify(token.headers);
    expect(headers.get('x-auth-roles')).toBe('auditor');
    expect(headers.get('x-auth-permissions')).not.toContain('users:write');
  });

  describe('a token that names its own scope', () => {
    it.each([
      { permissions: ['users:read'] },
      { permissions: ['users:read'], roles: ['auditor'] },
      { roles: ['auditor'] },
      { permissions: [] },
      { permissions: [], roles: ['auditor'] },
    ])('creates the same token as by default, for %j', async (scope) => {
      const token = await createToken(await signUp({ roles: ['auditor', 'user'] }), scope);

      const byDefault = await createToken(token);
      const { permissions, roles } = byDefault;
      const named = await server.client.createMyToken(token.headers, {
        ...(permissions && { permissions }),
        ...(roles && { roles }),
      });

      expect([named.status, named.body.permissions, named.body.roles]).toEqual([201, permissions, roles]);
      const namedToken = { headers: tokenHeader(named.body) };
      expect(await permissionsOf(namedToken)).toEqual(await permissionsOf(byDefault));
    });

    it('creates the same token as by default after its user lost a permission', async () => {
      const session = await signUpWithPermissions('users:read', 'roles:read');
      const token = await createToken(session, { permissions: ['users:read', 'roles:read'] });
      await regrant(session.user, ['users:read']);

      const { permissions = [] } = await createToken(token);
      const named = await server.client.createMyToken(token.headers, { permissions });

      expect([named.status, named.body.permissions]).toEqual([201, permissions]);
      expect(await permissionsOf({ headers: tokenHeader(named.body) })).toEqual(['users:read']);
    });

    it('cannot put more than its own permissions into a token by its role', async () => {
      const token = await createToken(await signUp({ roles: ['auditor'] }), {
        permissions: ['users:read'],
        roles: ['auditor'],
      });

      const { status, body } = await server.client.createMyToken(token.headers, { roles: ['auditor'] });

      expect([status, body.roles]).toEqual([201, ['auditor']]);
      expect(await permissionsOf({ headers: tokenHeader(body) })).toEqual(['users:read']);
    });
  });

  describe('a session limited at login', () => {
    it('conveys only what it names', async () => {
      const { user } = await signUp({ roles: ['auditor', 'user'] });

      const { status, body } = await server.client.login(user, PASSWORD, {
        body: { permissions: ['users:read'], roles: ['user'] },
      });

      expect([status, body.permissions, body.roles]).toEqual([200, ['users:read'], ['user']]);
      const headers = { Authorization: `Bearer ${body.token}` };
      expect(await permissionsOf({ headers })).toEqual(['users:read']);
    });
  });

  describe('a change of the scope of a token', () => {
    const patch = (id: string, dto: UpdateTokenDto, headers: Headers) =>
      server.client.updateToken(id, dto, { 'If-Match': '*', ...headers });

    it('narrows it and the tokens that were created with it, immediately', async () => {
      const session = await signUpWithPermissions('users:read', 'roles:read');
      const token = await createToken(session);
      const child = await createToken(token);
      const grandchild = await createToken(child, { permissions: ['users:read', 'roles:read'] });
      expect(await permissionsOf(grandchild)).toEqual(['roles:read', 'users:read']);

      const { status, body } = await patch(token.id, { permissions: ['users:read'] }, token.headers);

      expect([status, body.permissions]).toEqual([200, ['users:read']]);
      for (const narrowed of [token, child, grandchild]) {
        expect(await permissionsOf(narrowed)).toEqual(['users:read']);
      }
      expect((await permissionsOf(session)).length).toBe(2);
    });

    it('can widen it again by its user, but not by itself or a token created with it', async () => {
      const session = await signUpWithPermissions('users:read', 'roles:read', 'tokens:write');
      const token = await createToken(session, { permissions: ['users:read', 'tokens:write'] });
      const child = await createToken(token);
      const wider = { permissions: ['users:read', 'roles:read', 'tokens:write'] };

      const rejected = [
        await patch(token.id, wider, token.headers),
        await patch(token.id, { permissions: null }, token.headers),
        await patch(token.id, wider, child.headers),
        await patch(child.id, wider, token.headers),
      ];
      const { status, body } = await patch(token.id, wider, session.headers);

      expect(rejected.map(({ status, body }) => [status, body.code])).toEqual(
        Array(4).fill([403, 'above_your_permissions']),
      );
      expect([status, body.permissions]).toEqual([200, wider.permissions.toSorted()]);
      expect(await permissionsOf(child)).toEqual(['tokens:write', 'users:read']);
    });

    it('is recorded', async () => {
      const token = await createToken(await signUpWithPermissions('users:read'));
      await patch(token.id, { permissions: [], roles: ['user'] }, asAdmin);
      await patch(token.id, { permissions: [] }, asAdmin);

      expect((await auditEventsOf(token.id)).slice(1)).toMatchObject([
        { action: 'authn_token_updated', before: { permissions: null }, after: { permissions: [] } },
      ]);
    });
  });

  describe('a limited token without tokens:write', () => {
    const any = { 'If-Match': '*' };
    const FORBIDDEN = [403, 'forbidden'];
    const NOT_FOUND = [404, 'not_found'];

    it('cannot revoke, change or rotate other tokens of its user', async () => {
      const session = await signUpWithPermissions('tokens:write');
      const token = await createToken(session, { permissions: [] });
      const other = await createToken(session, { permissions: [] });
      const headers = { ...any, ...token.headers };

      const answers = await Promise.all([
        server.client.revokeMyOtherTokens(headers),
        server.client.revokeToken(other.id, headers),
        server.client.revokeToken(session.id, headers, '?descendants=true'),
        server.client.updateToken(other.id, { enabled: false }, headers),
        server.client.updateToken(other.id, { expirationTime: fromNow(60_000) }, headers),
        server.client.updateToken(other.id, { note: 'x' }, headers),
        server.client.rotateToken(other.id, headers),
      ]);
      const bulk = await Promise.all(
        (['revoke', 'disable', 'enable'] as const).map((action) =>
          server.client.bulkTokens({ action, ids: [other.id, session.id] }, headers),
        ),
      );

      expect(answers.map(({ status, body }) => [status, body?.code])).toEqual([
        FORBIDDEN,
        ...Array<typeof NOT_FOUND>(6).fill(NOT_FOUND),
      ]);
      expect(bulk.flatMap(({ body }) => body.results.map(({ status, code }) => [status, code]))).toEqual(
        Array(6).fill(NOT_FOUND),
      );
      expect((await server.client.token(other.id, session.headers)).body).toMatchObject({
        state: 'active',
        version: 0,
      });
    });

    it('cannot change the password or the profile', async () => {
      const session = await signUp();
      const { headers } = await createToken(session, { permissions: [] });

      const wrong = { currentPassword: 'wrong', newPassword: `another ${PASSWORD}` };
      const password = await server.client.changePassword(wrong, headers);
      const profile = await server.client.updateMe({ email: 'x@example.org' }, { ...any, ...headers });

      expect([password, profile].map(({ status, body }) => [status, body.code])).toEqual([
        FORBIDDEN,
        FORBIDDEN,
      ]);
      expect(profile.body.detail).toContain('with users:write');
    });

    it('can revoke itself and tokens created with it', async () => {
      const session = await signUp();
      const token = await createToken(session, { permissions: [] });
      const [child, other] = [await createToken(token), await createToken(token)];
      const grandchild = await createToken(child);

      const { body } = await server.client.bulkTokens(
        { action: 'revoke', ids: [grandchild.id, other.id] },
        token.headers,
      );
      const revoked = await server.client.revokeToken(child.id, token.headers);
      const itself = await server.client.revokeToken(token.id, token.headers);

      expect(body.results.map(({ status }) => status)).toEqual([204, 204]);
      expect([revoked.status, itself.status]).toEqual([204, 204]);
      expect((await server.client.myTokens(session.headers, '?kind=api')).body.items).toEqual([]);
    });

    it('can do all of this once it has the permission', async () => {
      const session = await signUpWithPermissions('tokens:write', 'users:write');
      const token = await createToken(session, { permissions: ['tokens:write', 'users:write'] });
      const other = await createToken(session);

      const profile = await server.client.updateMe({ displayName: 'Anne' }, { ...any, ...token.headers });
      const revoked = await server.client.revokeToken(other.id, token.headers);
      const others = await server.client.revokeMyOtherTokens(token.headers);

      expect([profile.status, revoked.status, others.status]).toEqual([200, 204, 204]);
    });
  });
});

describe('changes that make a token more powerful', () => {
  const DAY = 86_400_000;
  const { login, createToken, signUp, signUpWithPermissions } = useTokens(server, asAdmin);

  /** Reads and changes all tokens, and nothing else. */
  let delegate: TokenWithHeaders;
  /** Token of a user with more permissions. */
  let above: TokenWithHeaders;
  /** Token of a user without permissions. */
  let below: TokenWithHeaders;

  beforeAll(async () => {
    delegate = await signUpWithPermissions('tokens:read', 'tokens:write');
  });

  beforeEach(async () => {
    const { body: admin } = await server.client.login(ADMIN.name, ADMIN.password);
    above = await createToken({ headers: { Authorization: `Bearer ${admin.token}` } });
    below = await createToken(await signUp());
  });

  const patch = (id: string, dto: UpdateTokenDto, { headers }: TokenWithHeaders) =>
    server.client.updateToken(id, dto, { 'If-Match': '*', ...headers });
  const bulk = async (
    change: Partial<TokenBulkRequestDto>,
    tokens: TokenWithHeaders[],
    { headers }: TokenWithHeaders,
  ) => {
    const ids = tokens.map(({ id }) => id);
    const { body } = await server.client.bulkTokens({ ...change, ids } as TokenBulkRequestDto, headers);
    return body.results.map(({ status, code }) => [status, code]);
  };
  const read = async ({ id }: TokenWithHeaders) => (await server.client.token(id, asAdmin)).body;
  const switchOff = ({ id }: TokenWithHeaders) =>
    server.client.updateToken(id, { enabled: false }, { ...asAdmin, 'If-Match': '*' });

  const later = () => fromNow(200 * DAY);
  const sooner = () => fromNow(DAY);
  const REJECTED = [403, 'above_your_permissions'];

  describe('an actor with tokens:read and tokens:write', () => {
    it('cannot enable a token of a more powerful user, but can disable it', async () => {
      const off = await patch(above.id, { enabled: false }, delegate);
      const on = await patch(above.id, { enabled: true }, delegate);
      const bulkOn = await bulk({ action: 'enable' }, [above], delegate);

      expect([off.status, on.status, on.body.code, ...bulkOn]).toEqual([200, ...REJECTED, REJECTED]);
      expect((await read(above)).enabled).toBe(false);
      expect(await bulk({ action: 'disable' }, [above], delegate)).toEqual([[200, undefined]]);
    });

    it('cannot extend a token of a more powerful user, but can shorten it', async () => {
      const before = await read(above);
      const longer = await patch(above.id, { expirationTime: later() }, delegate);
      const endless = await patch(above.id, { expirationTime: null }, delegate);
      const bulkLonger = await bulk({ action: 'extend', expirationTime: later() }, [above], delegate);

      expect([longer, endless].map(({ status, body }) => [status, body.code])).toEqual([REJECTED, REJECTED]);
      expect(bulkLonger).toEqual([REJECTED]);
      expect(await read(above)).toEqual(before);
      const shorter = await patch(above.id, { expirationTime: sooner(), note: 'ends soon' }, delegate);
      expect([shorter.status, shorter.body.note]).toEqual([200, 'ends soon']);
    });

    it('gets 200 for a change that is already in effect', async () => {
      expect((await patch(above.id, { enabled: true, note: 'x' }, delegate)).status).toBe(200);
      expect(await bulk({ action: 'enable' }, [above], delegate)).toEqual([[200, undefined]]);
    });

    it('can do both to tokens of a less powerful user in the same request', async () => {
      await switchOff(above);
      await switchOff(below);

      expect(await bulk({ action: 'enable' }, [above, below], delegate)).toEqual([
        REJECTED,
        [200, undefined],
      ]);
      expect(await bulk({ action: 'extend', expirationTime: later() }, [below], delegate)).toEqual([
        [200, undefined],
      ]);
      await switchOff(below);
      expect((await patch(below.id, { enabled: true, expirationTime: later() }, delegate)).status).toBe(200);
    });
  });

  describe('a token with fewer permissions than its user', () => {
    let owner: TokenWithHeaders;
    let narrow: TokenWithHeaders;
    let whole: TokenWithHeaders;

    beforeEach(async () => {
      owner = await signUpWithPermissions('users:read', 'tokens:write');
      narrow = await createToken(owner, { permissions: ['tokens:write'] });
      whole = await createToken(owner);
    });

    it('cannot enable or extend a token with more permissions', async () => {
      await patch(whole.id, { enabled: false }, narrow);
      const answers = [
        await patch(whole.id, { enabled: true }, narrow),
        await patch(whole.id, { expirationTime: later() }, narrow),
      ];

      expect(answers.map(({ status, body }) => [status, body.code])).toEqual([REJECTED, REJECTED]);
      expect(await bulk({ action: 'enable' }, [whole], narrow)).toEqual([REJECTED]);
      expect(await bulk({ action: 'extend', expirationTime: later() }, [whole], narrow)).toEqual([REJECTED]);
      expect(await read(whole)).toMatchObject({ enabled: false, expirationTime: whole.expirationTime });
    });

    it('does not keep a session from doing so', async () => {
      await switchOff(whole);
      expect((await patch(whole.id, { enabled: true }, await login(owner.user))).status).toBe(200);
    });
  });
});
