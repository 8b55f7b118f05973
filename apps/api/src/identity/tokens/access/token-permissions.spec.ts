import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { principalWith } from '../../../../../../test/support/unit/fake-call.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { type GrantsReader } from '../../permissions/grants.js';
import { type RolesService } from '../../roles/roles.service.js';
import { type EscalationPolicy } from '../../permissions/escalation-policy.js';
import { type UserRolesRepository } from '../../users/model/user-roles.repository.js';
import { TokenPermissions } from './token-permissions.js';

const TX = {} as WriteTransaction;
/** Space-separated permissions of each user, by id. */
const HELD = new Map([
  ['id-anne', 'users:read users:write roles:read'],
  ['id-bert', 'users:read'],
]);

const presenting = (limit: string | null, id = 'token-1') =>
  principalWith({ token: { id, endTime: null, expiryHeader: null, isSuperseded: false, limit } });
const ANNE = presenting(null);
const token = (permissions: string | null, userId = 'id-anne', id = 'token-9') => ({
  id,
  userId,
  permissions,
});

let checkPermissions: jest.Mock<RolesService['checkPermissions']>;
let escalation: {
  check: jest.Mock<EscalationPolicy['check']>;
  delegableScope: jest.Mock<EscalationPolicy['delegableScope']>;
  findAbove: jest.Mock<EscalationPolicy['findAbove']>;
};
let permissions: TokenPermissions;

beforeEach(() => {
  checkPermissions = jest.fn();
  escalation = {
    check: jest.fn((_userId, actor) => Promise.resolve({ ...actor, name: 'refreshed anne' })),
    delegableScope: jest.fn((userId) => (userId === 'id-anne' ? null : '@ @user roles:read users:read')),
    findAbove: jest.fn(() => Promise.resolve(new Map([['id-bert', ['users:write']]]))),
  };
  permissions = new TokenPermissions(
    { checkPermissions } as unknown as RolesService,
    escalation as unknown as EscalationPolicy,
    {
      grantsOf: (ids: string[]) => Promise.resolve(new Map(ids.map((id) => [id, HELD.get(id) ?? null]))),
    } as unknown as UserRolesRepository,
    {
      read: (text: string | null) => ({
        roles: [],
        permissions: new Set(text?.split(' ')),
        unknownPermissions: [],
      }),
    } as unknown as GrantsReader,
  );
});

describe('checkRequested', () => {
  it('checks the requested permissions, absent ones as none', () => {
    permissions.checkRequested(['users:read'], ANNE);
    permissions.checkRequested(undefined, ANNE);

    expect(checkPermissions.mock.calls).toEqual([
      [['users:read'], ANNE],
      [[], ANNE],
    ]);
  });
});

describe('checkMayIssueFor', () => {
  it('returns the actor for its own tokens', async () => {
    await expect(permissions.checkMayIssueFor('id-anne', ANNE, TX)).resolves.toBe(ANNE);

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
  it('returns the delegable scope by default', async () => {
    await expect(permissions.scopeOfNewToken('id-bert', undefined, ANNE, TX)).resolves.toBe(
      '@ @user roles:read users:read',
    );

    expect(escalation.delegableScope).toHaveBeenCalledWith('id-bert', ANNE);
  });

  it('returns the requested permissions, sorted, if the user holds them', async () => {
    await expect(
      permissions.scopeOfNewToken('id-anne', ['users:write', 'roles:read'], ANNE, TX),
    ).resolves.toBe('roles:read users:write');
  });

  it('limits the token of another user to delegable roles', async () => {
    await expect(permissions.scopeOfNewToken('id-bert', ['users:read'], ANNE, TX)).resolves.toBe(
      '@ @user users:read',
    );
  });

  it('returns an empty scope for an empty request', async () => {
    await expect(permissions.scopeOfNewToken('id-anne', [], ANNE, TX)).resolves.toBe('');
  });

  it('rejects each permission that the user does not hold', async () => {
    const requested = ['users:read', 'roles:read', 'users:write'];

    await expect(permissions.scopeOfNewToken('id-bert', requested, ANNE, TX)).rejects.toMatchObject({
      code: 'validation_failed',
      options: {
        errors: [
          { pointer: '/permissions/1', code: 'not_held' },
          { pointer: '/permissions/2', code: 'not_held' },
        ],
      },
    });
  });

  it('rejects every permission for a user without a role', async () => {
    await expect(permissions.scopeOfNewToken('id-cleo', ['users:read'], ANNE, TX)).rejects.toMatchObject({
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
    ['an unlimited one', token(null), 'users:write, roles:read'],
    ['one limited to something else', token('users:write'), 'users:write'],
  ])('rejects, of the actor’s own tokens, %s when a limited token is presented', async (_, judged, above) => {
    await expect(permissions.checkNotAbove(judged, presenting('users:read'), TX)).rejects.toMatchObject({
      code: 'above_your_permissions',
      message: expect.stringContaining(above),
    });
  });
});

describe('scopeAfterRotation', () => {
  it('returns the intersection of the token’s scope and the delegable scope', () => {
    expect(permissions.scopeAfterRotation(token('users:write users:read', 'id-bert'), ANNE)).toBe(
      '@ @user users:read',
    );
    expect(escalation.delegableScope).toHaveBeenCalledWith('id-bert', ANNE);
  });
});

describe('findAbove', () => {
  it('returns own tokens above the presented one, and those of users above the actor', async () => {
    const tokens = [
      token(null, 'id-anne', 'more'),
      token('users:read', 'id-anne', 'alike'),
      token(null, 'id-bert', 'of bert'),
      token(null, 'id-cleo', 'of cleo'),
      token('users:read', 'id-cleo', 'also of cleo'),
    ];
    const actor = presenting('users:read');

    await expect(permissions.findAbove(tokens, actor, TX)).resolves.toEqual(new Set(['more', 'of bert']));

    expect(escalation.findAbove).toHaveBeenCalledWith(['id-bert', 'id-cleo'], actor, TX);
  });
});
