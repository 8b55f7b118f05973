import { describe, expect, it } from '@jest/globals';
import { intersectScopes, isWithin, permissionsIn, scopeMembers, scopeWithout, toScope } from './scope.js';

describe('intersectScopes', () => {
  it.each([
    [null, null, null],
    [null, '@user users:read', '@user users:read'],
    ['users:read', null, 'users:read'],
    ['roles:read users:read', 'tokens:read users:read', 'users:read'],
    ['users:read', '@user users:read', 'users:read'],
    ['@user users:read', 'roles:read', ''],
    ['@staff @user', '@user users:read', '@user'],
    ['* @staff %staff', '@staff @user users:read', '%staff @staff users:read'],
    ['* @staff %staff', '* @user %user', '% *'],
    ['@* users:read', '@staff users:read', '@staff users:read'],
    ['', '*', ''],
  ])('returns what %j and %j both allow', (scope, by, expected) => {
    expect(intersectScopes(scope, by)).toBe(expected);
    expect(intersectScopes(by, scope)).toBe(expected);
  });
});

describe('isWithin', () => {
  it.each([
    ['users:read', null],
    ['users:read', 'roles:read users:read'],
    ['%staff * @staff', '%staff %user * @staff @user'],
    ['', 'users:read'],
  ])('returns true for %j within %j', (scope, other) => {
    expect(isWithin(scope, other)).toBe(true);
  });

  it.each([
    [null, 'users:read'],
    ['roles:read users:read', 'users:read'],
    ['@staff users:read', 'users:read'],
    ['%staff * @staff', 'users:read'],
    ['users:read', '%staff * @staff'],
  ])('returns false for %j within %j', (scope, other) => {
    expect(isWithin(scope, other)).toBe(false);
  });
});

describe('toScope', () => {
  it.each([
    [{ permissions: null, roles: null }, null],
    [{ permissions: ['users:read', 'roles:read'], roles: [] }, 'roles:read users:read'],
    [{ permissions: [], roles: ['user', 'staff'] }, '@staff @user'],
    [{ permissions: null, roles: ['staff'], sources: ['staff'] }, '%staff * @staff'],
    [{ permissions: null, roles: [], sources: [] }, '% *'],
    [{ permissions: ['users:read'], roles: null }, '@* users:read'],
  ])('stores %j as %j', (parts, expected) => {
    expect(toScope(parts)).toBe(expected);
  });
});

describe('scopeMembers', () => {
  it.each([
    [null, {}],
    ['roles:read users:read', { permissions: ['roles:read', 'users:read'] }],
    ['@staff users:read', { permissions: ['users:read'], roles: ['staff'] }],
    ['%staff * @staff', { roles: ['staff'] }],
    ['% *', { roles: [] }],
    ['', { permissions: [] }],
  ])('describes %j', (scope, expected) => {
    expect(scopeMembers(scope)).toEqual(expected);
  });
});

describe('scopeWithout', () => {
  it('removes permissions, and keeps roles', () => {
    expect(scopeWithout('@staff orders:read orders:write', ['orders:read', 'orders:list'])).toBe(
      '@staff orders:write',
    );
    expect(permissionsIn(scopeWithout('orders:read', ['orders:read']))).toEqual([]);
  });
});
