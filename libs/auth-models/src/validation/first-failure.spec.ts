import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { CreateUserDto } from '../dto/create-user.dto.js';
import { ListQueryDto } from '../dto/list-query.dto.js';
import { LoginDto } from '../dto/login.dto.js';
import { RotateTokenDto } from '../dto/rotate-token.dto.js';
import { SetUpDto } from '../dto/set-up.dto.js';
import { TokenBulkRequestDto } from '../dto/token-bulk-request.dto.js';
import { UpdateUserDto } from '../dto/update-user.dto.js';
import { UserBulkRequestDto } from '../dto/user-bulk-request.dto.js';
import { firstFailedRule } from './first-failure.js';

/** What is said of each member that a class refuses. */
function messages(type: ClassConstructor<object>, plain: object): (string | undefined)[] {
  const whole = type === CreateUserDto ? { name: 'anna', ...plain } : plain;
  return validateSync(plainToInstance(type, whole)).map((error) => firstFailedRule(error)?.message);
}

describe('firstFailedRule', () => {
  it('says of each member that was not sent that it is missing', () => {
    expect(messages(SetUpDto, {}).sort()).toEqual(['password is missing', 'secret is missing']);
    expect(messages(UserBulkRequestDto, { ids: ['anna'] })).toEqual(['action is missing']);
  });

  it.each<[ClassConstructor<object>, object, string]>([
    [UserBulkRequestDto, { action: 'disable' }, 'send ids or filter'],
    [TokenBulkRequestDto, { action: 'revoke' }, 'send ids or filter'],
    [
      UserBulkRequestDto,
      { action: 'addRole', ids: ['anna'] },
      'role is missing: addRole and removeRole need the name of one',
    ],
    [
      TokenBulkRequestDto,
      { action: 'extend', ids: ['x'] },
      'expirationTime is missing: extend needs the end to give, or null for none',
    ],
  ])('says what to send where one of several things is missing: %p %j', (type, plain, message) => {
    expect(messages(type, plain)).toEqual([message]);
  });

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
  ])('says of a wrong type which one is right, and nothing else: %p %j', (type, plain, message) => {
    expect(messages(type, plain)).toEqual([message]);
  });

  it.each<[ClassConstructor<object>, object, string]>([
    [CreateUserDto, { email: 'anna' }, 'email must be an e-mail address, such as anna@example.org'],
    [CreateUserDto, { displayName: '' }, 'displayName must not be empty'],
    [CreateUserDto, { roles: ['user', 'user'] }, 'roles must not have anything twice'],
    [
      LoginDto,
      { expirationTime: 'soon' },
      'expirationTime must be a time with its zone, such as 2026-12-31T23:59:59Z',
    ],
    [UserBulkRequestDto, { action: 'enable', ids: [] }, 'ids must not be empty'],
    [UserBulkRequestDto, { action: 'enable', ids: ['a'], filter: {} }, 'send ids or filter, not both'],
    [ListQueryDto, { page: '9'.repeat(20) }, 'page must not be greater than 1000000'],
    [ListQueryDto, { page: '9'.repeat(400) }, 'page must not be greater than 1000000'],
    [ListQueryDto, { page: '-1' }, 'page must not be less than 1'],
    [ListQueryDto, { page: '1.5' }, 'page must be a whole number'],
    [UpdateUserDto, { password: 'x' }, 'a password is set with PUT /users/{name}/password'],
  ])('says the first rule that is broken: %p %j', (type, plain, message) => {
    expect(messages(type, plain)).toEqual([message]);
  });

  it('leaves what a member holds to what is wrong with that', () => {
    const [error] = validateSync(
      plainToInstance(UserBulkRequestDto, { action: 'enable', filter: { enabled: 'no' } }),
    );

    expect(error && firstFailedRule(error)).toBeNull();
    expect(error?.children?.map((child) => firstFailedRule(child))).toEqual([
      { rule: 'isBoolean', message: 'enabled must be true or false' },
    ]);
  });
});
