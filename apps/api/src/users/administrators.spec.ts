import { describe, expect, it } from '@jest/globals';
import { Administrators, leavesAdministrators } from './administrators.js';
import { User } from './model/user.entity.js';

const someone = (change: Partial<User> = {}, roles = ['admin', 'user']) => ({
  user: Object.assign(new User(), { kind: 'human', enabled: true }, change),
  roles,
});

describe('leavesAdministrators', () => {
  it.each([
    ['is disabled', someone({ enabled: false })],
    ['loses the role', someone({}, ['user'])],
    ['is deleted', undefined],
  ])('returns true for an administrator who %s', (_, after) => {
    expect(leavesAdministrators(someone(), after)).toBe(true);
  });

  it('returns false for an administrator who remains one', () => {
    expect(leavesAdministrators(someone(), someone({ displayName: 'Anne' }, ['admin']))).toBe(false);
  });

  it.each([
    ['a service', someone({ kind: 'service' })],
    ['a disabled user', someone({ enabled: false })],
    ['a user without the role', someone({}, ['administrator', 'auditor'])],
  ])('returns false for %s', (_, before) => {
    expect(leavesAdministrators(before, undefined)).toBe(false);
  });
});

describe('Administrators', () => {
  const rows = (...ids: string[]) => ids.map((id) => ({ id, canSignIn: !id.startsWith('without') }));

  it.each([
    ['the only one', rows('with-1'), 'with-1', true],
    ['the only one, who has no password', rows('without-1'), 'without-1', true],
    ['the only one with a password', rows('with-1', 'without-1', 'without-2'), 'with-1', true],
    ['one of two with a password', rows('with-1', 'with-2'), 'with-1', false],
    ['one without a password', rows('with-1', 'without-1'), 'without-1', false],
    ['one of two without a password', rows('without-1', 'without-2'), 'without-1', false],
  ])('returns for %s whether it is the last', (_, all, id, expected) => {
    expect(new Administrators(all).isLast(id)).toBe(expected);
  });

  it('does not count removed ones', () => {
    const administrators = new Administrators(rows('with-1', 'with-2', 'without-1'));
    administrators.remove('with-1');

    expect(['with-2', 'without-1'].map((id) => administrators.isLast(id))).toEqual([true, false]);
  });
});
