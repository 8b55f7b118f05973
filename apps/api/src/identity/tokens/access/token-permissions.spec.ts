import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { principalWith } from '../../../../../../test/support/unit/fake-call.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { type GrantsReader } from '../../permissions/grants.js';
import { type RolesService } from '../../roles/roles.service.js';
import { type EscalationPolicy } from '../../permissions/escalation-policy.js';
import { type UserRolesRepository } from '../../users/model/user-roles.repository.js';
import { TokenPermissions } from './token-permissions.js';

const TX = {} as WriteTransaction;
/** What each user holds, by id: permissions with spaces between. */
const HELD = new Map([
  ['id-anne', 'users:read users:write roles:read'],
  ['id-bert', 'users:read'],
]);

const presenting = (limit: string | null, id = 'token-1') =>
  principalWith({ token: { id, endTime: null, end: null, isSuperseded: false, limit } });
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
    check: jest.fn((_userId, actor) => Promise.resolve({ ...actor, name: 'anne as of now' })),
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
  it('has the wish checked as any list of permissions, an absent one as none', () => {
    permissions.checkRequested(['users:read'], ANNE);
    permissions.checkRequested(undefined, ANNE);

    expect(checkPermissions.mock.calls).toEqual([
      [['users:read'], ANNE],
      [[], ANNE],
    ]);
  });
});

describe('checkMayIssueFor', () => {
  it('lets anybody make tokens of their own, as who they are', async () => {
    await expect(permissions.checkMayIssueFor('id-anne', ANNE, TX)).resolves.toBe(ANNE);

    expect(escalation.check).not.toHaveBeenCalled();
  });

  it('asks of another’s whether they hold no more', async () => {
    await expect(permissions.checkMayIssueFor('id-bert', ANNE, TX)).resolves.toMatchObject({
      name: 'anne as of now',
    });

    expect(escalation.check).toHaveBeenCalledWith('id-bert', ANNE, TX);
  });
});

describe('limitOf', () => {
  it('is what the maker may hand on where nothing is wished', async () => {
    await expect(permissions.limitOf('id-bert', undefined, ANNE, TX)).resolves.toBe(
      '@ @user roles:read users:read',
    );

    expect(escalation.delegableScope).toHaveBeenCalledWith('id-bert', ANNE);
  });

  it('is what is wished, sorted, if its user holds that', async () => {
    await expect(permissions.limitOf('id-anne', ['users:write', 'roles:read'], ANNE, TX)).resolves.toBe(
      'roles:read users:write',
    );
  });

  it('limits another user’s token to the roles that its maker can hand on', async () => {
    await expect(permissions.limitOf('id-bert', ['users:read'], ANNE, TX)).resolves.toBe(
      '@ @user users:read',
    );
  });

  it('is nothing at all where that is wished', async () => {
    await expect(permissions.limitOf('id-anne', [], ANNE, TX)).resolves.toBe('');
  });

  it('refuses what the user does not hold, each at its place', async () => {
    const requested = ['users:read', 'roles:read', 'users:write'];

    await expect(permissions.limitOf('id-bert', requested, ANNE, TX)).rejects.toMatchObject({
      code: 'validation_failed',
      options: {
        errors: [
          { pointer: '/permissions/1', code: 'not_held' },
          { pointer: '/permissions/2', code: 'not_held' },
        ],
      },
    });
  });

  it('refuses anything of a user without a role', async () => {
    await expect(permissions.limitOf('id-cleo', ['users:read'], ANNE, TX)).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});

describe('checkNotAbove', () => {
  it('asks of another’s token whether the actor holds no less than its user', async () => {
    await expect(permissions.checkNotAbove(token(null, 'id-bert'), ANNE, TX)).resolves.toMatchObject({
      name: 'anne as of now',
    });
  });

  it.each([
    ['the presented one itself', presenting('users:read'), token('users:write', 'id-anne', 'token-1')],
    ['one limited alike', presenting('users:read'), token('users:read')],
    ['one limited to less', presenting('users:read roles:read'), token('roles:read')],
    ['an unlimited one with an unlimited one', ANNE, token(null)],
    ['any with the password', principalWith({ scheme: 'basic', token: undefined }), token(null)],
    ['one limited to what is not held any more', presenting('users:read'), token('users:read tokens:write')],
  ])('passes, of one’s own, %s', async (_, actor, judged) => {
    await expect(permissions.checkNotAbove(judged, actor, TX)).resolves.toBe(actor);
  });

  it.each([
    ['an unlimited one', token(null), 'users:write, roles:read'],
    ['one limited to something else', token('users:write'), 'users:write'],
  ])('refuses, of one’s own, %s to who presents a limited one', async (_, judged, above) => {
    await expect(permissions.checkNotAbove(judged, presenting('users:read'), TX)).rejects.toMatchObject({
      code: 'above_your_permissions',
      message: expect.stringContaining(above),
    });
  });
});

describe('scopeAfterRotation', () => {
  it('is what the token’s limit and what can be handed on both allow', () => {
    expect(permissions.scopeAfterRotation(token('users:write users:read', 'id-bert'), ANNE)).toBe(
      '@ @user users:read',
    );
    expect(escalation.delegableScope).toHaveBeenCalledWith('id-bert', ANNE);
  });
});

describe('findAbove', () => {
  it('finds one’s own that may do more than the presented one, and others’ whose users may', async () => {
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
