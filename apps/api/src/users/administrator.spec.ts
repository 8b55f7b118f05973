import { describe, expect, it } from '@jest/globals';
import { leavesAdministrators } from './administrator.js';
import { User } from './user.entity.js';

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
