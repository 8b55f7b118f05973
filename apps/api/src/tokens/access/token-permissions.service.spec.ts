import { type Config } from '../../platform/config/config.js';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { principalWith } from '../../../../../test/support/unit/fake-call.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { GrantsReader } from '../../permissions/grants.service.js';
import { PermissionRegistry } from '../../permissions/permission-registry.service.js';
import { type RolesService } from '../../permissions/roles/roles.service.js';
import { type EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { type RequestedScope, TokenPermissions } from './token-permissions.service.js';

const TX = {} as WriteTransaction;
/** Roles of each user, by id. */
const HELD = new Map([
  ['id-anne', 'staff users:read users:write roles:read'],
  ['id-bert', 'user users:read'],
]);
const DELEGABLE = '@user roles:read users:read';

const presenting = (limit: string | null, id = 'token-1') =>
  principalWith({
    token: { id, expirationTime: null, expiryHeader: null, isSuperseded: false, scope: limit },
  });
const ANNE = presenting(null);
const token = (scope: string | null, userId = 'id-anne', id = 'token-9') => ({
  id,
  userId,
  scope,
  maxScope: scope,
});

let roles: {
  checkPermissions: jest.Mock<RolesService['checkPermissions']>;
  checkGrantable: jest.Mock<RolesService['checkGrantable']>;
};
let escalation: {
  check: jest.Mock<EscalationPolicy['check']>;
  refresh: jest.Mock<EscalationPolicy['refresh']>;
  delegableScope: jest.Mock<EscalationPolicy['delegableScope']>;
  findMorePowerful: jest.Mock<EscalationPolicy['findMorePowerful']>;
  grantsOf: jest.Mock<EscalationPolicy['grantsOf']>;
  lockAuthority: jest.Mock<EscalationPolicy['lockAuthority']>;
};
let permissions: TokenPermissions;

beforeEach(() => {
  roles = {
    checkPermissions: jest.fn(() => Promise.resolve()),
    checkGrantable: jest.fn(() => Promise.resolve()),
  };
  escalation = {
    check: jest.fn((_userId, actor) => Promise.resolve({ ...actor, name: 'refreshed anne' })),
    refresh: jest.fn((actor) => Promise.resolve(actor)),
    delegableScope: jest.fn((userId) => Promise.resolve(userId === 'id-anne' ? null : DELEGABLE)),
    findMorePowerful: jest.fn(() => Promise.resolve(new Map([['id-bert', ['users:write']]]))),
    grantsOf: jest.fn((ids) => Promise.resolve(new Map(ids.map((id) => [id, HELD.get(id) ?? null])))),
    lockAuthority: jest.fn(() => Promise.resolve()),
  };
  permissions = new TokenPermissions(
    roles as unknown as RolesService,
    escalation as unknown as EscalationPolicy,
    new GrantsReader(new PermissionRegistry(), { secondFactor: 'optional' } as Config),
  );
});

describe('checkRequested', () => {
  it('checks the requested permissions and roles, absent ones as none', async () => {
    await permissions.checkRequested({ permissions: ['users:read'], roles: null }, ANNE, TX);
    await permissions.checkRequested({ roles: ['staff'] }, ANNE);

    expect(roles.checkPermissions.mock.calls).toEqual([
      [['users:read'], ANNE, TX, new Set()],
      [[], ANNE, undefined, new Set()],
    ]);
    expect(roles.checkGrantable.mock.calls).toEqual([
      [[], ANNE, TX, new Set()],
      [['staff'], ANNE, undefined, new Set()],
    ]);
  });
});

describe('checkForToken', () => {
  it('accepts what the token has, and what the scope of the presented one names', async () => {
    const requested = { permissions: ['users:write'], roles: ['staff'] };
    const actor = presenting('@clerk users:read');

    await permissions.checkForToken(requested, actor, TX, { permissions: ['gone:read'], roles: ['user'] });
    await permissions.checkForToken(requested, ANNE);

    expect(roles.checkPermissions.mock.calls).toEqual([
      [['users:write'], actor, TX, new Set(['gone:read', 'users:read'])],
      [['users:write'], ANNE, undefined, new Set()],
    ]);
    expect(roles.checkGrantable.mock.calls).toEqual([
      [['staff'], actor, TX, new Set(['user', 'clerk'])],
      [['staff'], ANNE, undefined, new Set()],
    ]);
  });
});

describe('lockNamed', () => {
  it.each([
    ['a permission', { permissions: ['users:read'], roles: [] }, 1],
    ['a role', { permissions: null, roles: ['staff'] }, 1],
    ['nothing', { permissions: [], roles: [] }, 0],
    ['no scope', {}, 0],
  ])('locks authority only for a scope with names: %s', async (_, requested, locks) => {
    await permissions.lockNamed(requested, TX);

    expect(escalation.lockAuthority.mock.calls).toEqual(Array.from({ length: locks }, () => [TX]));
  });
});

describe('checkMayIssueFor', () => {
  it('refreshes the actor for its own tokens', async () => {
    await expect(permissions.checkMayIssueFor('id-anne', ANNE, TX)).resolves.toBe(ANNE);

    expect(escalation.refresh).toHaveBeenCalledWith(ANNE, TX);
    expect(escalation.check).not.toHaveBeenCalled();
  });

  it('applies the escalation policy to the tokens of others', async () => {
    await expect(permissions.checkMayIssueFor('id-bert', ANNE, TX)).resolves.toMatchObject({
      name: 'refreshed anne',
    });

    expect(escalation.check).toHaveBeenCalledWith('id-bert', ANNE, TX);
  });
});

describe('scopeOfNewToken', () => {
  it.each([
    ['id-anne', {}, null],
    ['id-bert', {}, DELEGABLE],
    ['id-anne', { permissions: ['users:write', 'roles:read'] }, 'roles:read users:write'],
    ['id-anne', { permissions: [] }, ''],
    ['id-anne', { roles: ['staff'] }, '%staff * @staff'],
    ['id-anne', { roles: ['staff'], permissions: ['users:read'] }, '@staff users:read'],
    ['id-bert', { permissions: ['users:read'] }, 'users:read'],
    ['id-bert', { roles: ['user'] }, '%user @user roles:read users:read'],
  ])('stores for %s and the request %j the scope %j', async (userId, requested, expected) => {
    await expect(permissions.scopeOfNewToken(userId, requested, ANNE, TX)).resolves.toEqual({
      scope: expected,
      maxScope: userId === 'id-anne' ? null : DELEGABLE,
    });
    expect(escalation.delegableScope).toHaveBeenCalledWith(userId, ANNE, TX);
  });

  it('rejects each permission and role that the user does not hold', async () => {
    const requested = { permissions: ['users:read', 'roles:read', 'users:write'], roles: ['staff', 'user'] };

    await expect(permissions.scopeOfNewToken('id-bert', requested, ANNE, TX)).rejects.toMatchObject({
      code: 'validation_failed',
      options: {
        errors: [
          { pointer: '/permissions/1', code: 'not_held' },
          { pointer: '/permissions/2', code: 'not_held' },
          { pointer: '/roles/0', code: 'not_held' },
        ],
      },
    });
  });

  it('rejects what the creator cannot delegate, although it may grant it', async () => {
    HELD.set('id-dora', 'user users:read tokens:read');

    await expect(
      permissions.scopeOfNewToken('id-dora', { permissions: ['tokens:read'] }, ANNE, TX),
    ).rejects.toMatchObject({ code: 'above_your_permissions' });
  });

  it('accepts for the actor itself what its token names, although the user does not hold it any more', async () => {
    await expect(
      permissions.scopeOfNewToken(
        'id-anne',
        { permissions: ['gone:read'] },
        presenting('gone:read users:read'),
        TX,
      ),
    ).resolves.toMatchObject({ scope: 'gone:read' });
    await expect(
      permissions.scopeOfNewToken('id-bert', { permissions: ['gone:read'] }, presenting('gone:read'), TX),
    ).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('rejects every permission for a user without a role', async () => {
    await expect(
      permissions.scopeOfNewToken('id-cleo', { permissions: ['users:read'] }, ANNE, TX),
    ).rejects.toMatchObject({ code: 'validation_failed' });
  });
});

describe('changedScope', () => {
  const change = (
    from: string | null,
    requested: RequestedScope,
    actor = ANNE,
    maxScope: string | null = null,
  ) => permissions.changedScope({ ...token(from), maxScope }, requested, actor, TX);

  it.each([
    [null, { permissions: ['users:read'] }, 'users:read'],
    ['roles:read users:read', { permissions: ['users:read'] }, 'users:read'],
    ['@staff users:read', { roles: [] }, 'users:read'],
    ['%staff * @staff', { roles: [] }, '% *'],
    ['%staff * @staff', { permissions: ['users:read'], roles: [] }, '%staff users:read'],
    ['%staff @staff users:read', { permissions: ['users:read'] }, '%staff @staff users:read'],
    ['gone:read users:read', { permissions: ['gone:read'] }, 'gone:read'],
  ])('narrows %j to %j without a check of the actor', async (from, requested, expected) => {
    await expect(change(from, requested)).resolves.toEqual({ edit: { scope: expected }, warnings: [] });
    expect(roles.checkPermissions).not.toHaveBeenCalled();
  });

  it('widens if the actor could issue such a token', async () => {
    await expect(change('users:read', { permissions: ['users:read', 'roles:read'] })).resolves.toEqual({
      edit: { scope: 'roles:read users:read' },
      warnings: [],
    });
    expect(roles.checkPermissions).toHaveBeenCalledWith(
      ['users:read', 'roles:read'],
      ANNE,
      TX,
      new Set(['users:read']),
    );
  });

  it('removes a limit with null', async () => {
    await expect(change('users:read', { permissions: null })).resolves.toMatchObject({
      edit: { scope: null },
    });
  });

  it('widens at most to what those who know the secret can delegate, with a warning', async () => {
    const wider = { permissions: ['users:read', 'roles:read'] };

    await expect(change('', wider, ANNE, 'users:read')).resolves.toEqual({
      edit: { scope: 'users:read' },
      warnings: [expect.stringContaining('reduced')],
    });
  });

  it('rejects a token that widens itself', async () => {
    const itself = presenting('users:read', 'token-9');

    await expect(change('users:read', { permissions: null }, itself)).rejects.toMatchObject({
      code: 'above_your_permissions',
    });
  });

  it('rejects more than the user holds', async () => {
    await expect(change('users:read', { permissions: ['tokens:read'] })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});

describe('checkNotAbove', () => {
  it('applies the escalation policy to the token of another user', async () => {
    await expect(permissions.checkNotAbove(token(null, 'id-bert'), ANNE, TX)).resolves.toMatchObject({
      name: 'refreshed anne',
    });
  });

  it.each([
    ['the presented one itself', presenting('users:read'), token('users:write', 'id-anne', 'token-1')],
    ['one with the same limit', presenting('users:read'), token('users:read')],
    ['one limited to less', presenting('users:read roles:read'), token('roles:read')],
    ['an unlimited one with an unlimited one', ANNE, token(null)],
    ['any, when signed in by password', principalWith({ scheme: 'basic', token: undefined }), token(null)],
    [
      'one limited to permissions that the actor lost',
      presenting('users:read'),
      token('users:read tokens:write'),
    ],
  ])('accepts, of the actor’s own tokens, %s', async (_, actor, judged) => {
    await expect(permissions.checkNotAbove(judged, actor, TX)).resolves.toBe(actor);
  });

  it.each([
    ['an unlimited one', token(null), 'users:write, roles:read, the role staff'],
    ['one limited to something else', token('users:write'), 'users:write'],
  ])('rejects, of the actor’s own tokens, %s when a limited token is presented', async (_, judged, above) => {
    await expect(permissions.checkNotAbove(judged, presenting('users:read'), TX)).rejects.toMatchObject({
      code: 'above_your_permissions',
      message: expect.stringContaining(above),
    });
  });
});

describe('scopeAfterRotation', () => {
  it('returns the intersection of the token’s scopes and the delegable scope', async () => {
    const rotated = { ...token('users:write users:read', 'id-bert'), maxScope: null };

    await expect(permissions.scopeAfterRotation(rotated, ANNE, TX)).resolves.toEqual({
      scope: 'users:read',
      maxScope: DELEGABLE,
    });
  });

  it('returns the whole scopes on the command line, which presents no token', async () => {
    const operator = principalWith({ scheme: 'command-line', token: undefined });

    await expect(permissions.scopeAfterRotation(token('users:read'), operator, TX)).resolves.toEqual({
      scope: 'users:read',
      maxScope: 'users:read',
    });
  });

  it('returns the scopes of a token that rotates itself unchanged', async () => {
    const rotated = { ...token('users:read', 'id-bert', 'token-1'), maxScope: null };

    await expect(permissions.scopeAfterRotation(rotated, presenting('users:read'), TX)).resolves.toEqual({
      scope: 'users:read',
      maxScope: null,
    });
  });
});

describe('findMorePowerful', () => {
  it('returns own tokens above the presented one, and those of users above the actor', async () => {
    const tokens = [
      token(null, 'id-anne', 'more'),
      token('users:read', 'id-anne', 'alike'),
      token(null, 'id-bert', 'of bert'),
      token(null, 'id-cleo', 'of cleo'),
      token('users:read', 'id-cleo', 'also of cleo'),
    ];
    const actor = presenting('users:read');

    await expect(permissions.findMorePowerful(tokens, actor, TX)).resolves.toEqual(
      new Set(['more', 'of bert']),
    );

    expect(escalation.findMorePowerful).toHaveBeenCalledWith(['id-bert', 'id-cleo'], actor, TX);
  });
});
