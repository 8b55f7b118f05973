import { describe, expect, it } from '@jest/globals';
import { principalWith } from '../../../../test/support/unit/fake-call.js';
import { grantsAbove, isAdministrator } from './grants.service.js';

const LIMITED = {
  id: 'token-1',
  expirationTime: null,
  expiryHeader: null,
  isSuperseded: false,
  scope: 'users:read',
};

const actorWith = (permissions: string[], roles: string[] = [], token?: typeof LIMITED) =>
  principalWith({ permissions: new Set(permissions), roles, ...(token && { token }) });
const grants = (roles: string[], permissions: string[] = [], unknownPermissions: string[] = []) => ({
  roles,
  permissions: new Set(permissions),
  apiPermissions: new Set(permissions.filter((name) => name.startsWith('orders:'))),
  unknownPermissions,
});

describe('grantsAbove', () => {
  it.each([
    ['the default role', actorWith([]), grants(['user'])],
    [
      'a role and permissions that the actor holds',
      actorWith(['users:read'], ['staff']),
      grants(['staff'], ['users:read']),
    ],
    ['any role for roles:write', actorWith(['roles:write']), grants(['staff', 'auditor'])],
    ['permissions of APIs for apis:write', actorWith(['apis:write']), grants([], ['orders:read'])],
    ['anything for an administrator', actorWith([], ['admin']), grants(['staff'], [], ['gone:read'])],
  ])('returns nothing for %s', (_, actor, held) => {
    expect(grantsAbove(actor, held)).toEqual([]);
  });

  it.each([
    ['a permission', actorWith(['roles:write']), grants([], ['users:read']), ['users:read']],
    ['a role without permissions', actorWith(['users:read']), grants(['staff']), ['the role staff']],
    [
      'a role whose permissions the actor holds',
      actorWith(['users:read'], ['user']),
      grants(['staff'], ['users:read']),
      ['the role staff'],
    ],
    ['a permission of an API', actorWith(['roles:write']), grants([], ['orders:read']), ['orders:read']],
    [
      'a permission of the server, for apis:write',
      actorWith(['apis:write']),
      grants([], ['orders:read', 'users:read']),
      ['users:read'],
    ],
    [
      'an unknown permission in a role that the actor holds',
      actorWith(['roles:write'], ['staff']),
      grants(['staff'], [], ['gone:read']),
      ['gone:read'],
    ],
    [
      'an unknown permission, for an administrator’s limited token',
      actorWith(['roles:write'], ['admin'], LIMITED),
      grants(['staff'], [], ['gone:read']),
      ['gone:read'],
    ],
  ])('returns %s', (_, actor, held, above) => {
    expect(grantsAbove(actor, held)).toEqual(above);
  });
});

describe('isAdministrator', () => {
  it('returns true for a holder of the role, and false with a limited token', () => {
    expect(isAdministrator(actorWith([], ['admin', 'user']))).toBe(true);
    expect(isAdministrator(actorWith([], ['administrator']))).toBe(false);
    expect(isAdministrator(actorWith([], ['admin'], LIMITED))).toBe(false);
  });
});
