import { describe, expect, it } from '@jest/globals';
import { limitTo, narrow, narrowLimit, narrowRoles, permissionsIn } from './narrow.js';

describe('narrowRoles', () => {
  it.each([
    [null, ['staff', 'user']],
    ['', ['staff', 'user']],
    ['users:read', ['staff', 'user']],
    ['@ users:read', []],
    ['@ @user users:read', ['user']],
    ['@ @other @staff @user', ['staff', 'user']],
  ])('limits roles by %j', (limit, expected) => {
    expect(narrowRoles(['staff', 'user'], limit)).toEqual(expected);
  });
});

describe('narrowLimit', () => {
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
    expect(narrowLimit(limit, by)).toBe(expected);
  });
});

describe('limitTo', () => {
  it('writes what the others read', () => {
    expect(limitTo(['users:read', 'roles:read'], null)).toBe('roles:read users:read');
    expect(limitTo([], null)).toBe('');
    expect(limitTo([], [])).toBe('@');
    expect(permissionsIn(limitTo(['users:read'], ['user', 'staff']))).toEqual(['users:read']);
    expect(narrow(new Set(['users:read', 'roles:read']), limitTo(['users:read'], ['user']))).toEqual(
      new Set(['users:read']),
    );
  });
});
