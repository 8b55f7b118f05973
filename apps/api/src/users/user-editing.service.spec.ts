import { describe, expect, it } from '@jest/globals';
import { type UpdateUserDto } from '@latchkey/auth-models';
import { userEdit } from './user-editing.service.js';
import { User } from './model/user.entity.js';

const before = {
  user: Object.assign(new User(), { displayName: 'Anne', email: null, enabled: true }),
  roles: ['auditor', 'user'],
};

describe('userEdit', () => {
  it.each([
    ['an empty patch', {}],
    ['only a version', { version: 3 }],
    ['the same values', { displayName: 'Anne', email: null, enabled: true, roles: ['auditor', 'user'] }],
    ['the same roles in another order', { roles: ['user', 'auditor'] }],
  ])('returns undefined for %s', (_, patch: UpdateUserDto) => {
    expect(userEdit(before, patch)).toBeUndefined();
  });

  it.each<[UpdateUserDto, object, object]>([
    [{ displayName: null, enabled: true }, { displayName: 'Anne' }, { displayName: null }],
    [{ email: 'null' }, { email: null }, { email: 'null' }],
    [{ enabled: false }, { enabled: true }, { enabled: false }],
    [{ roles: ['user', 'admin'] }, { roles: ['auditor', 'user'] }, { roles: ['admin', 'user'] }],
    [{ roles: [] }, { roles: ['auditor', 'user'] }, { roles: [] }],
  ])('returns only the members that %j changes, before and after', (patch, earlier, later) => {
    expect(userEdit(before, patch)).toEqual({ before: earlier, after: later });
  });

  it('ignores members that cannot be edited', () => {
    const patch = { enabled: false, id: 'x', passwordHash: 'x', version: 7 } as UpdateUserDto;

    expect(userEdit(before, patch)?.after).toEqual({ enabled: false });
  });
});
