import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { type ApiResponse, type Headers, tokenHeader } from '../support/api-client.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { beforeTransaction } from '../support/paused-requests.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { type TokenWithHeaders, useTokens } from '../support/use-tokens.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('actions on more powerful users', () => {
  const OTHER = 'another long enough password';

  /** Role of the actor: reads and changes users and tokens. */
  let delegatedRole: string;
  /** A role with a permission that the actor lacks. */
  let aboveRole: string;
  /** A role without permissions, for services behind a gateway. */
  let labelRole: string;
  /** A role with the same permissions as the actor's. */
  let twinRole: string;
  let asDelegated: Headers;

  beforeAll(async () => {
    delegatedRole = await createRole(['users:read', 'users:write', 'tokens:read', 'tokens:write']);
    aboveRole = await createRole(['users:read', 'audit:read']);
    labelRole = await createRole([]);
    twinRole = await createRole(['users:read', 'users:write', 'tokens:read', 'tokens:write']);
    asDelegated = await logInWith([delegatedRole]);
  });

  async function createRole(permissions: string[]): Promise<string> {
    const role = newRole({ permissions });
    expect((await server.client.createRole(role, asAdmin)).status).toBe(201);
    return role.name;
  }

  async function makeUser(roles: string[], change = {}): Promise<string> {
    const user = newUser({ roles, ...change });
    expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
    return user.name;
  }

  async function logInWith(roles: string[]): Promise<Headers> {
    return server.client.loginHeaders(await makeUser(roles), PASSWORD);
  }

  const read = async (name: string) => (await server.client.user(name, asAdmin)).body;

  /** Every action that the escalation policy covers. */
  const ACTS: [string, (name: string, as: Headers) => Promise<ApiResponse<ProblemDto>>][] = [
    ['set the password', (name, as) => server.client.resetPassword(name, { password: OTHER }, as)],
    ['issue a set-up link', (name, as) => server.client.createSetUpLink(name, as)],
    ['issue a token', (name, as) => server.client.createUserToken(name, as, {})],
    ['remove the roles', (name, as) => server.client.updateUser(name, { roles: [] }, any(as))],
    ['change the roles', (name, as) => server.client.updateUser(name, { roles: [delegatedRole] }, any(as))],
    ['disable the user', (name, as) => server.client.updateUser(name, { enabled: false }, any(as))],
    ['lift the throttle', (name, as) => server.client.liftThrottle(name, as)],
    ['delete the user', (name, as) => server.client.deleteUser(name, as)],
  ];

  const BULK_ACTIONS = [
    { action: 'disable' },
    { action: 'delete' },
    { action: 'addRole', role: 'user' },
    { action: 'removeRole', role: 'admin' },
  ] as const;

  const any = (headers: Headers) => ({ ...headers, 'If-Match': '*' });

  // Covers B16 in docs/explanation/security.md.
  describe('an actor with users:write and tokens:write, acting on a more powerful user', () => {
    describe.each([
      ['the administrator', () => Promise.resolve(ADMIN.name)],
      ['another administrator', () => makeUser(['admin'])],
      [
        'a service that is administrator',
        () => makeUser(['admin'], { kind: 'service', password: undefined }),
      ],
      ['an auditor', () => makeUser(['auditor'])],
      ['a user with one more permission', () => makeUser(['user', aboveRole])],
      ['a user with one role above the actor', () => makeUser([delegatedRole, aboveRole])],
      ['a holder of a role without permissions', () => makeUser(['user', labelRole])],
      ['a holder of another role with the same permissions', () => makeUser([twinRole])],
    ])('and %s', (_, make) => {
      let name: string;

      beforeAll(async () => {
        name = await make();
      });

      it.each(ACTS)('returns 403 for an attempt to %s, and changes nothing', async (_act, act) => {
        const before = await read(name);

        const { status, body } = await act(name, asDelegated);

        expect([status, body.code]).toEqual([403, 'above_your_permissions']);
        expect(await read(name)).toEqual(before);
      });

      it('returns 403 for a rotation of their token, whose secret stays valid', async () => {
        const { body: token } = await server.client.createUserToken(name, asAdmin, {});

        const { status, body } = await server.client.rotateToken(token.id, asDelegated);

        expect([status, body.code]).toEqual([403, 'above_your_permissions']);
        expect((await server.client.verify(tokenHeader(token))).status).toBe(200);
      });
    });

    it.each(BULK_ACTIONS)(
      'returns 403 for each of them in bulk, and changes only the others: %j',
      async (action) => {
        const below = await makeUser([]);
        const above = [
          ADMIN.name,
          await makeUser(['admin', 'auditor']),
          await makeUser([aboveRole, 'admin']),
        ];
        const before = await Promise.all(above.map(read));

        const { status, body } = await server.client.bulkUsers(
          { ...action, ids: [...above, below] },
          asDelegated,
        );

        expect(status).toBe(200);
        expect(body.results.slice(0, 3)).toEqual(
          above.map((id) => ({ id, status: 403, code: 'above_your_permissions' })),
        );
        expect(body.results[3]?.code).toBeUndefined();
        expect(await Promise.all(above.map(read))).toEqual(before);
      },
    );

    it('returns 403 when enabling a disabled administrator', async () => {
      const name = await makeUser(['admin'], { enabled: false });

      const single = await server.client.updateUser(name, { enabled: true }, any(asDelegated));
      const bulk = await server.client.bulkUsers({ action: 'enable', ids: [name] }, asDelegated);

      expect([single.status, bulk.body.results[0]?.status]).toEqual([403, 403]);
      expect((await read(name)).enabled).toBe(false);
    });

    it('returns 403 when granting a role above the actor, singly, in bulk, to a new user or to itself', async () => {
      const below = await makeUser([]);
      const self = (await server.client.me(asDelegated)).body.name;
      const grants = [
        await server.client.createUser(newUser({ roles: [aboveRole] }), asDelegated),
        await server.client.updateUser(below, { roles: [aboveRole] }, any(asDelegated)),
        await server.client.updateUser(self, { roles: [delegatedRole, 'admin'] }, any(asDelegated)),
        await server.client.bulkUsers({ action: 'addRole', role: 'admin', ids: [below, self] }, asDelegated),
        await server.client.bulkUsers({ action: 'addRole', role: aboveRole, ids: [below] }, asDelegated),
      ];

      expect(grants.map(({ status, body }) => [status, body.code])).toEqual(
        grants.map(() => [403, 'above_your_permissions']),
      );
      expect([(await read(below)).roles, (await read(self)).roles]).toEqual([[], [delegatedRole]]);
    });

    it('returns 2xx for every action on a user with no more permissions', async () => {
      const statuses = [];
      for (const [, act] of ACTS) {
        statuses.push((await act(await makeUser([delegatedRole]), asDelegated)).status);
      }

      expect(statuses).toEqual([204, 201, 201, 200, 200, 200, 204, 204]);
    });

    it('returns 200 for a rotation of a token of a user with no more permissions', async () => {
      const { body } = await server.client.createUserToken(await makeUser([delegatedRole]), asAdmin, {});

      expect((await server.client.rotateToken(body.id, asDelegated)).status).toBe(200);
    });

    it('returns 200 for a change of the display name or e-mail address of any user', async () => {
      const { status } = await server.client.updateUser(
        await makeUser(['admin']),
        { displayName: 'Anne', roles: ['admin'], enabled: true },
        any(asDelegated),
      );

      expect(status).toBe(200);
    });

    it('returns 204 for a revocation of the tokens of any user', async () => {
      const name = await makeUser(['admin']);
      const asOther = await server.client.loginHeaders(name, PASSWORD);

      const { body } = await server.client.bulkUsers({ action: 'revokeTokens', ids: [name] }, asDelegated);

      expect(body.results).toEqual([{ id: name, status: 204 }]);
      expect((await server.client.me(asOther)).status).toBe(401);
    });
  });

  // Covers B16 in docs/explanation/security.md.
  describe('an administrator with a token limited to some permissions', () => {
    let asNarrowed: Headers;

    beforeEach(async () => {
      const { body } = await server.client.createMyToken(asAdmin, {
        permissions: ['users:read', 'users:write', 'tokens:write'],
      });
      asNarrowed = { Authorization: `Bearer ${body.token}` };
    });

    it.each(ACTS)('returns 403 for an attempt on another administrator: %s', async (_, act) => {
      const { status, body } = await act(await makeUser(['admin']), asNarrowed);

      expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    });

    it('returns 403 for an action on its own account', async () => {
      const { status } = await server.client.resetPassword(ADMIN.name, { password: OTHER }, asNarrowed);

      expect(status).toBe(403);
    });
  });

  describe('a role that the actor does not hold', () => {
    const grantsOf = async (role: string, as: Headers): Promise<ApiResponse<ProblemDto>[]> => {
      const { name } = (await server.client.me(as)).body;
      const { roles } = await read(name);
      return [
        await server.client.createUser(newUser({ roles: [role] }), as),
        await server.client.updateUser(await makeUser([]), { roles: [role] }, any(as)),
        await server.client.updateUser(name, { roles: [...new Set([...roles, role])] }, any(as)),
        await server.client.bulkUsers({ action: 'addRole', role, ids: [name] }, as),
      ];
    };
    const statusesOf = (answers: readonly ApiResponse<ProblemDto>[]) => answers.map(({ status }) => status);

    it('returns 403 when granted with users:write alone, whatever its permissions', async () => {
      const self = (await server.client.me(asDelegated)).body.name;

      const answers = [
        ...(await grantsOf(labelRole, asDelegated)),
        ...(await grantsOf(twinRole, asDelegated)),
      ];

      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
        answers.map(() => [403, 'above_your_permissions']),
      );
      expect(answers[0]?.body.detail).toContain(`the role ${labelRole}`);
      expect((await read(self)).roles).toEqual([delegatedRole]);
    });

    it.each([
      ['by its holders', () => logInWith([delegatedRole, labelRole])],
      ['with roles:write', async () => logInWith([delegatedRole, await createRole(['roles:write'])])],
      ['by an administrator', () => Promise.resolve(asAdmin)],
    ])('can be granted, and its holders acted on, %s', async (_, logIn) => {
      const as = await logIn();
      const statuses = [];
      for (const [, act] of ACTS.filter(([name]) => name !== 'change the roles')) {
        statuses.push((await act(await makeUser([labelRole]), as)).status);
      }

      expect(statuses).toEqual([204, 201, 201, 200, 200, 204, 204]);
      expect(statusesOf(await grantsOf(labelRole, as))).toEqual([201, 200, 200, 200]);
    });

    it('is not held by a token with limited permissions, even if its owner holds it', async () => {
      const session = await logInWith([delegatedRole, labelRole]);
      const { body } = await server.client.createMyToken(session, {
        permissions: ['users:read', 'users:write', 'tokens:read', 'tokens:write'],
      });
      const asLimited = tokenHeader(body);

      // The third one sends the current roles, which changes nothing.
      expect(statusesOf(await grantsOf(labelRole, asLimited))).toEqual([403, 403, 200, 403]);
      expect(
        (await server.client.resetPassword(await makeUser([labelRole]), { password: OTHER }, asLimited))
          .status,
      ).toBe(403);
      // Enabling the owner's unlimited token would convey the role, too.
      const { body: whole } = await server.client.createMyToken(session, {});
      await server.client.updateToken(whole.id, { enabled: false }, any(session));
      expect((await server.client.updateToken(whole.id, { enabled: true }, any(asLimited))).status).toBe(403);
    });

    it('can be granted if it is the default role', async () => {
      expect(statusesOf(await grantsOf('user', asDelegated))).toEqual([201, 200, 200, 200]);
    });
  });

  describe('a role without permissions that a user is granted later', () => {
    let user: string;
    const grant = async () => {
      const patch = { roles: ['user', labelRole] };
      expect((await server.client.updateUser(user, patch, any(asAdmin))).status).toBe(200);
    };
    const rolesAt = async (token: Parameters<typeof tokenHeader>[0]) =>
      (await server.client.verify(tokenHeader(token))).headers.get('x-auth-roles');

    beforeEach(async () => {
      user = await makeUser(['user']);
    });

    it.each([
      ['issued', {}, 'user'],
      ['issued with permissions', { permissions: [] }, ''],
    ])('is not conveyed by a token %s by an actor without the role', async (_, dto, roles) => {
      const { body } = await server.client.createUserToken(user, asDelegated, dto);
      const { body: child } = await server.client.createMyToken(tokenHeader(body), {});
      await grant();

      expect([await rolesAt(body), await rolesAt(child)]).toEqual([roles, roles]);
      expect((await server.client.verify(tokenHeader(body), `?role=${labelRole}`)).status).toBe(403);
      expect((await server.client.me(tokenHeader(body))).body.roles.join()).toBe(roles);
    });

    it('is not conveyed by a token rotated by an actor without the role', async () => {
      const { body: own } = await server.client.createUserToken(user, asAdmin, {});
      const { body: rotated } = await server.client.rotateToken(own.id, asDelegated);
      await grant();
      const { body: again } = await server.client.rotateToken(own.id, asAdmin);

      expect(rotated.permissions).toEqual(['tokens:read', 'tokens:write', 'users:read', 'users:write']);
      expect(again.permissions).toEqual(rotated.permissions);
      expect(await rolesAt(again)).toBe('user');
    });

    it('is conveyed by a token issued by an administrator or the user', async () => {
      const { body } = await server.client.createUserToken(user, asAdmin, {});
      const own = await server.client.login(user, PASSWORD);
      await grant();

      expect([await rolesAt(body), await rolesAt(own.body)]).toEqual([
        `${labelRole},user`,
        `${labelRole},user`,
      ]);
    });

    it('invalidates a set-up link issued by an actor without the role', async () => {
      const { body } = await server.client.createSetUpLink(user, asDelegated);
      await grant();

      const { status } = await server.client.setUp({
        secret: body.link.split('#')[1] ?? '',
        password: OTHER,
      });

      expect(status).toBe(401);
    });
  });

  describe('a role with a permission unknown to this build', () => {
    let unknownRole: string;

    beforeAll(async () => {
      unknownRole = await createRole([]);
      await server.database.execute(
        `UPDATE "roles" SET "permissions" = 'gone:write' WHERE "name" = '${unknownRole}'`,
      );
    });

    it('returns 403 to all users except administrators, even if they hold it', async () => {
      const all = (await server.client.me(asAdmin)).body.permissions;
      const asAlmighty = await logInWith([await createRole(all), unknownRole]);

      const answers = [
        await server.client.resetPassword(await makeUser([unknownRole]), { password: OTHER }, asAlmighty),
        await server.client.createUser(newUser({ roles: [unknownRole] }), asAlmighty),
        await server.client.updateRole(unknownRole, { description: 'Mine.' }, any(asAlmighty)),
        await server.client.deleteRole(unknownRole, asAlmighty),
      ];

      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
        answers.map(() => [403, 'above_your_permissions']),
      );
      expect(answers[0]?.body.detail).toContain('gone:write');
      expect(
        (await server.client.resetPassword(await makeUser([unknownRole]), { password: OTHER }, asAdmin))
          .status,
      ).toBe(204);
    });
  });

  describe('errors', () => {
    it('are ordered: unknown user, then insufficient permissions, then stale version', async () => {
      const name = await makeUser(['admin']);
      const nobody = await server.client.deleteUser('nobody', { ...asDelegated, 'If-Match': '"7"' });
      const above = await server.client.deleteUser(name, { ...asDelegated, 'If-Match': '"7"' });
      const stale = await server.client.deleteUser(name, { ...asAdmin, 'If-Match': '"7"' });

      expect([nobody.status, above.status, stale.status]).toEqual([404, 403, 412]);
    });

    it('name the missing permission', async () => {
      const { body } = await server.client.deleteUser(await makeUser([aboveRole]), asDelegated);

      expect(body.detail).toContain('audit:read');
      expect(body.detail).not.toContain('users:read');
    });
  });
});

describe('promotions', () => {
  const OTHER = 'another long enough password';
  const DELEGATED = ['tokens:read', 'tokens:write', 'users:read', 'users:write'];
  const { createToken, signUp, signUpWithPermissions } = useTokens(server, asAdmin);

  /** Administers users and tokens only. */
  let delegate: TokenWithHeaders;
  /** A user without permissions, who later gets more. */
  let user: TokenWithHeaders;
  /** The delegate's own role, which the delegate could grant. */
  let delegateRole: string;

  beforeAll(async () => {
    delegate = await signUpWithPermissions(...DELEGATED);
    delegateRole = (await server.client.me(delegate.headers)).body.roles[0] ?? '';
  });

  beforeEach(async () => {
    user = await signUp();
  });

  async function makeFor(name: string, by: Headers): Promise<TokenWithHeaders> {
    const { status, body } = await server.client.createUserToken(name, by);
    expect(status).toBe(201);
    return { ...body, headers: tokenHeader(body) };
  }

  async function rotate({ id }: TokenWithHeaders, by: Headers): Promise<TokenWithHeaders> {
    const { status, body } = await server.client.rotateToken(id, by);
    expect(status).toBe(200);
    return { ...body, headers: tokenHeader(body) };
  }

  async function promote(name = user.user, role = 'admin'): Promise<void> {
    const roles = ['user', role];
    const { status } = await server.client.updateUser(name, { roles }, { ...asAdmin, 'If-Match': '*' });
    expect(status).toBe(200);
  }

  const permissionsOf = async ({ headers }: { headers: Headers }) =>
    (await server.client.me(headers)).body.permissions;
  const permissionCount = async () => (await server.client.me(asAdmin)).body.permissions.length;

  describe('a token issued by an actor for a user who is promoted later', () => {
    it('never has more permissions than the actor could delegate', async () => {
      const planted = await makeFor(user.user, delegate.headers);
      const before = await permissionsOf(planted);
      await promote();

      expect([before, planted.permissions]).toEqual([[], DELEGATED]);
      expect(await permissionsOf(planted)).toEqual(DELEGATED);
      expect((await server.client.auditEvents(planted.headers)).status).toBe(403);
    });

    it('cannot issue tokens with more permissions', async () => {
      const planted = await makeFor(user.user, delegate.headers);
      await promote();

      const child = await createToken(planted);
      const other = await makeFor((await signUp()).user, planted.headers);

      expect([child.permissions, other.permissions]).toEqual([DELEGATED, DELEGATED]);
      expect((await server.client.rotateToken(user.id, planted.headers)).status).toBe(403);
    });

    it('gains permissions with its user if the actor could delegate all of them', async () => {
      const name = newUser().name;
      expect((await server.client.createUser({ name, kind: 'service' }, asAdmin)).status).toBe(201);
      const token = await makeFor(name, asAdmin);
      await promote(name, 'auditor');

      expect(token.permissions).toBeUndefined();
      expect(await permissionsOf(token)).toContain('audit:read');
    });

    it('keeps its requested limit', async () => {
      const { body } = await server.client.createUserToken(user.user, delegate.headers, { permissions: [] });
      await promote();

      expect(await permissionsOf({ headers: tokenHeader(body) })).toEqual([]);
    });
  });

  describe('a token issued by a user before a promotion', () => {
    it('gains permissions with the user', async () => {
      const own = await createToken(user);
      await promote();

      expect(await permissionsOf(own)).toHaveLength(await permissionCount());
    });

    it('is limited by a rotation through another actor, with a warning', async () => {
      const own = await createToken(user);
      const rotated = await rotate(own, delegate.headers);
      await promote();

      expect([rotated.permissions, rotated.warnings?.length]).toEqual([DELEGATED, 1]);
      expect(await permissionsOf(rotated)).toEqual(DELEGATED);
      // An actor with all of these permissions keeps the token's limits.
      expect((await rotate(rotated, asAdmin)).permissions).toEqual(DELEGATED);
    });

    it("is not limited by the user's own rotation, nor by an actor that can delegate all permissions", async () => {
      const own = await createToken(user, { permissions: [] });
      const whole = await createToken(user);

      expect((await rotate(own, user.headers)).permissions).toEqual([]);
      const rotated = await rotate(await rotate(whole, user.headers), asAdmin);
      expect([rotated.permissions, rotated.warnings]).toEqual([undefined, undefined]);
    });

    it('cannot be rotated by a limited token of its user', async () => {
      const narrow = await createToken(user, { permissions: [] });
      const whole = await createToken(user);

      const { status, body } = await server.client.rotateToken(whole.id, narrow.headers);

      expect([status, body.code]).toEqual([404, 'not_found']);
    });
  });

  describe('a set-up link of a user who is promoted later', () => {
    async function makeLink(by: Headers): Promise<string> {
      const { status, body } = await server.client.createSetUpLink(user.user, by);
      expect(status).toBe(201);
      return body.link.split('#')[1] ?? '';
    }

    it('returns 401 if the user now holds more than the issuer could delegate, as an unknown link does', async () => {
      const secret = await makeLink(delegate.headers);
      await promote();

      const rejected = await server.client.setUp({ secret, password: OTHER });
      const unknown = await server.client.setUp({ secret: 'unknown', password: OTHER });

      expect([rejected.status, rejected.body.code]).toEqual([401, unknown.body.code]);
      expect((await server.client.login(user.user, OTHER)).status).toBe(401);
      expect((await server.client.login(user.user, PASSWORD)).status).toBe(200);
    });

    it('returns 401 if the promotion happens during the request', async () => {
      const secret = await makeLink(delegate.headers);
      await beforeTransaction(server, 0, () => promote());

      expect((await server.client.setUp({ secret, password: OTHER })).status).toBe(401);
      expect((await server.client.login(user.user, OTHER)).status).toBe(401);
    });

    it('returns 204 if the issuer could delegate the new role', async () => {
      const secret = await makeLink(delegate.headers);
      await promote(user.user, delegateRole);

      expect((await server.client.setUp({ secret, password: OTHER })).status).toBe(204);
    });

    it('returns 204 if the issuer could delegate all permissions, or is the user', async () => {
      const byAdmin = await makeLink(asAdmin);
      await promote();
      expect((await server.client.setUp({ secret: byAdmin, password: OTHER })).status).toBe(204);

      const asUser = await server.client.loginHeaders(user.user, OTHER);
      const own = await makeLink(asUser);
      expect((await server.client.setUp({ secret: own, password: PASSWORD })).status).toBe(204);
    });

    it('is not limited by an earlier link', async () => {
      await makeLink(delegate.headers);
      const secret = await makeLink(asAdmin);
      await promote();

      expect((await server.client.setUp({ secret, password: OTHER })).status).toBe(204);
    });
  });
});
