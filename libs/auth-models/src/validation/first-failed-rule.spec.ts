import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { SetUpDto } from '../dto/account/set-up.dto.js';
import { LoginDto } from '../dto/auth/login.dto.js';
import { TokenBulkRequestDto } from '../dto/bulk/token-bulk-request.dto.js';
import { UserBulkRequestDto } from '../dto/bulk/user-bulk-request.dto.js';
import { ListQueryDto } from '../dto/common/list-query.dto.js';
import { RotateTokenDto } from '../dto/tokens/rotate-token.dto.js';
import { CreateUserDto } from '../dto/users/create-user.dto.js';
import { UpdateUserDto } from '../dto/users/update-user.dto.js';
import { firstFailedRule } from './first-failed-rule.js';

/** Returns the message about each rejected member. */
function messages(type: ClassConstructor<object>, plain: object): (string | undefined)[] {
  const whole = type === CreateUserDto ? { name: 'anna', ...plain } : plain;
  return validateSync(plainToInstance(type, whole)).map((error) => firstFailedRule(error)?.message);
}

describe('firstFailedRule', () => {
  it('reports each member that was not sent as missing', () => {
    expect(messages(SetUpDto, {}).sort()).toEqual(['password is missing', 'secret is missing']);
    expect(messages(UserBulkRequestDto, { ids: ['anna'] })).toEqual(['action is missing']);
  });

  it.each<[ClassConstructor<object>, object, string]>([
    [UserBulkRequestDto, { action: 'disable' }, 'send ids or filter'],
    [TokenBulkRequestDto, { action: 'revoke' }, 'send ids or filter'],
    [
      UserBulkRequestDto,
      { action: 'addRole', ids: ['anna'] },
      'role is missing; addRole and removeRole require the name of a role',
    ],
    [
      TokenBulkRequestDto,
      { action: 'extend', ids: ['x'] },
      'expirationTime is missing; extend requires the new expiry, or null for no expiry',
    ],
  ])(
    'reports what to send instead when one of several members is required: %p %j',
    (type, plain, message) => {
      expect(messages(type, plain)).toEqual([message]);
    },
  );

  it.each<[ClassConstructor<object>, object, string]>([
    [CreateUserDto, { roles: 'user' }, 'roles must be a list'],
    [CreateUserDto, { roles: null }, 'roles must be a list'],
    [CreateUserDto, { name: 7 }, 'name must be a string'],
    [CreateUserDto, { password: 12345678 }, 'password must be a string'],
    [CreateUserDto, { email: ['a@example.org'] }, 'email must be a string'],
    [CreateUserDto, { enabled: 'true' }, 'enabled must be true or false'],
    [RotateTokenDto, { gracePeriodSeconds: '60' }, 'gracePeriodSeconds must be a whole number'],
    [RotateTokenDto, { gracePeriodSeconds: null }, 'gracePeriodSeconds must be a whole number'],
    [UpdateUserDto, { version: '1' }, 'version must be a whole number'],
    [UpdateUserDto, { displayName: 7 }, 'displayName must be a string'],
    [LoginDto, { note: null }, 'note must be a string'],
    [UserBulkRequestDto, { action: 'enable', filter: 'all' }, 'filter must be an object'],
    [UserBulkRequestDto, { action: 'enable', filter: [] }, 'filter must be an object'],
    [UserBulkRequestDto, { action: 'enable', ids: 'anna' }, 'ids must be a list'],
    [UserBulkRequestDto, { action: 'enable', ids: [7] }, 'each value in ids must be a string'],
  ])('reports only the type of a value of the wrong type: %p %j', (type, plain, message) => {
    expect(messages(type, plain)).toEqual([message]);
  });

  it.each<[ClassConstructor<object>, object, string]>([
    [CreateUserDto, { email: 'anna' }, 'email must be an e-mail address, such as anna@example.org'],
    [CreateUserDto, { displayName: '' }, 'displayName must not be empty'],
    [CreateUserDto, { roles: ['user', 'user'] }, 'roles must not contain duplicates'],
    [
      LoginDto,
      { expirationTime: 'soon' },
      'expirationTime must be a date and time with a time zone, such as 2026-12-31T23:59:59Z',
    ],
    [UserBulkRequestDto, { action: 'enable', ids: [] }, 'ids must not be empty'],
    [UserBulkRequestDto, { action: 'enable', ids: ['a'], filter: {} }, 'send ids or filter, not both'],
    [ListQueryDto, { page: '9'.repeat(20) }, 'page must not be greater than 1000000'],
    [ListQueryDto, { page: '9'.repeat(400) }, 'page must not be greater than 1000000'],
    [ListQueryDto, { page: '-1' }, 'page must not be less than 1'],
    [ListQueryDto, { page: '1.5' }, 'page must be a whole number'],
    [UpdateUserDto, { password: 'x' }, 'set a password with PUT /users/{name}/password'],
  ])('reports the first rule that is broken: %p %j', (type, plain, message) => {
    expect(messages(type, plain)).toEqual([message]);
  });

  it('returns null for a member if only its nested members are invalid', () => {
    const [error] = validateSync(
      plainToInstance(UserBulkRequestDto, { action: 'enable', filter: { enabled: 'no' } }),
    );

    expect(error && firstFailedRule(error)).toBeNull();
    expect(error?.children?.map((child) => firstFailedRule(child))).toEqual([
      { rule: 'isBoolean', message: 'enabled must be true or false' },
    ]);
  });
});
