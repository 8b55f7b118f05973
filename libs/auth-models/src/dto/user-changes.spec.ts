import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { BULK_IDS_MAX } from '../limits.js';
import { ChangePasswordDto } from './change-password.dto.js';
import { UpdateMeDto } from './update-me.dto.js';
import { UpdateUserDto } from './update-user.dto.js';
import { UserBulkRequestDto } from './user-bulk-request.dto.js';

function errorsOf(type: ClassConstructor<object>, plain: object): ValidationError[] {
  return validateSync(plainToInstance(type, plain), { whitelist: true, forbidNonWhitelisted: true });
}

/** The names of the members that a class refuses, with the validation that the API uses. */
function refused(type: ClassConstructor<object>, plain: object): string[] {
  return errorsOf(type, plain).map(({ property }) => property);
}

describe.each([UpdateMeDto, UpdateUserDto])('%p', (type) => {
  it.each([
    [{}],
    [{ displayName: 'Anne', email: 'anne@example.org', version: 0 }],
    [{ displayName: null, email: null }],
  ])('takes %j', (patch) => {
    expect(refused(type, patch)).toEqual([]);
  });

  it.each([
    [{ displayName: '' }, 'displayName'],
    [{ email: 'anne' }, 'email'],
    [{ version: null }, 'version'],
    [{ version: -1 }, 'version'],
    [{ version: 0.5 }, 'version'],
    [{ id: 'x' }, 'id'],
  ])('refuses %j', (patch, member) => {
    expect(refused(type, patch)).toEqual([member]);
  });

  it.each(['name', 'kind'])('says why %s is refused, whatever it is', (member) => {
    for (const value of ['anne', null, 7]) {
      const [error, ...others] = errorsOf(type, { [member]: value });

      expect([error?.property, others]).toEqual([member, []]);
      expect(error?.constraints?.neverChanges).toContain('make a new user instead');
    }
  });
});

describe('UpdateMeDto', () => {
  it.each(['roles', 'enabled'])('has no %s', (member) => {
    expect(refused(UpdateMeDto, { [member]: true })).toEqual([member]);
  });
});

describe('UpdateUserDto', () => {
  it('takes roles and enabled, and no null in their place', () => {
    expect(refused(UpdateUserDto, { roles: [], enabled: false })).toEqual([]);
    expect(refused(UpdateUserDto, { roles: null, enabled: null })).toEqual(['roles', 'enabled']);
  });
});

describe('ChangePasswordDto', () => {
  it('takes any current password, and asks of the new one what every password is asked', () => {
    expect(refused(ChangePasswordDto, { currentPassword: 'x', newPassword: 'long enough' })).toEqual([]);
    expect(refused(ChangePasswordDto, { currentPassword: '', newPassword: 'short' })).toEqual([
      'currentPassword',
      'newPassword',
    ]);
  });
});

describe('UserBulkRequestDto', () => {
  const ids = ['anne'];

  it.each([
    [{ action: 'disable', ids }],
    [{ action: 'delete', filter: {}, dryRun: true }],
    [{ action: 'enable', filter: { enabled: false, inactiveDays: 30, q: 'a' }, expectedCount: 0 }],
    [{ action: 'addRole', role: 'auditor', ids }],
  ])('takes %j', (bulk) => {
    expect(refused(UserBulkRequestDto, bulk)).toEqual([]);
  });

  it('takes as many ids as the limit says', () => {
    expect(refused(UserBulkRequestDto, { action: 'disable', ids: Array(BULK_IDS_MAX).fill('anne') })).toEqual(
      [],
    );
  });

  it.each([
    ['neither ids nor a filter', { action: 'disable' }, 'ids'],
    ['both', { action: 'disable', ids, filter: {} }, 'ids'],
    ['no id', { action: 'disable', ids: [] }, 'ids'],
    ['too many ids', { action: 'disable', ids: Array(BULK_IDS_MAX + 1).fill('anne') }, 'ids'],
    ['an id too long', { action: 'disable', ids: ['x'.repeat(257)] }, 'ids'],
    ['no action', { ids }, 'action'],
    ['an action that is none', { action: 'promote', ids }, 'action'],
    ['no role to add', { action: 'addRole', ids }, 'role'],
    ['a role where it could be taken for a filter', { action: 'delete', role: 'guest', filter: {} }, 'role'],
    ['a filter that is a list', { action: 'disable', filter: [] }, 'filter'],
    ['a text for a value', { action: 'disable', filter: { enabled: 'false' } }, 'filter'],
    ['a page of the list', { action: 'disable', filter: { page: 1 } }, 'filter'],
    ['a count that is none', { action: 'disable', filter: {}, expectedCount: -1 }, 'expectedCount'],
  ])('refuses %s', (_, bulk, member) => {
    expect(refused(UserBulkRequestDto, bulk)).toEqual([member]);
  });
});
