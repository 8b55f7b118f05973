import { describe, expect, it } from '@jest/globals';
import { toScope, intersectPermissions, intersectScopes, intersectRoles, permissionsIn } from './scope.js';

describe('intersectRoles', () => {
  it.each([
    [null, ['staff', 'user']],
    ['', ['staff', 'user']],
    ['users:read', ['staff', 'user']],
    ['@ users:read', []],
    ['@ @user users:read', ['user']],
    ['@ @other @staff @user', ['staff', 'user']],
  ])('limits roles by %j', (limit, expected) => {
    expect(intersectRoles(['staff', 'user'], limit)).toEqual(expected);
  });
});

describe('intersectScopes', () => {
  it.each([
    [null, null, null],
    [null, '@ users:read', '@ users:read'],
    ['users:read', null, 'users:read'],
    ['roles:read users:read', 'tokens:read users:read', 'users:read'],
    ['users:read', '@ @user users:read', '@ @user users:read'],
    ['@ @user users:read', 'roles:read', '@ @user'],
    ['@ @staff @user', '@ @user users:read', '@ @user'],
    ['', '@', '@'],
  ])('returns what %j and %j both allow', (limit, by, expected) => {
    expect(intersectScopes(limit, by)).toBe(expected);
  });
});

describe('toScope', () => {
  it('returns a scope that the other functions read', () => {
    expect(toScope(['users:read', 'roles:read'], null)).toBe('roles:read users:read');
    expect(toScope([], null)).toBe('');
    expect(toScope([], [])).toBe('@');
    expect(permissionsIn(toScope(['users:read'], ['user', 'staff']))).toEqual(['users:read']);
    expect(
      intersectPermissions(new Set(['users:read', 'roles:read']), toScope(['users:read'], ['user'])),
    ).toEqual(new Set(['users:read']));
  });
});
