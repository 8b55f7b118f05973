import { describe, expect, it } from '@jest/globals';
import { Administrators, leavesAdministrators } from './administrator.js';
import { User } from '../users/model/user.entity.js';

const someone = (change: Partial<User> = {}, roles = ['admin', 'user']) => ({
  user: Object.assign(new User(), { kind: 'human', enabled: true }, change),
  roles,
});

describe('leavesAdministrators', () => {
  it.each([
    ['is disabled', someone({ enabled: false })],
    ['loses the role', someone({}, ['user'])],
    ['is deleted', undefined],
  ])('says yes of an administrator who %s', (_, after) => {
    expect(leavesAdministrators(someone(), after)).toBe(true);
  });

  it('says no of an administrator who stays one', () => {
    expect(leavesAdministrators(someone(), someone({ displayName: 'Anne' }, ['admin']))).toBe(false);
  });

  it.each([
    ['a service', someone({ kind: 'service' })],
    ['somebody disabled', someone({ enabled: false })],
    ['somebody without the role', someone({}, ['administrator', 'auditor'])],
  ])('says no of %s, who is none', (_, before) => {
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
    ['one of two, where nobody has a password', rows('without-1', 'without-2'), 'without-1', false],
  ])('judges %s', (_, all, id, expected) => {
    expect(new Administrators(all).isLast(id)).toBe(expected);
  });

  it('counts those who are removed no more', () => {
    const administrators = new Administrators(rows('with-1', 'with-2', 'without-1'));
    administrators.remove('with-1');

    expect(['with-2', 'without-1'].map((id) => administrators.isLast(id))).toEqual([true, false]);
  });
});
