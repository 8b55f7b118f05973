import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { NOTE_MAX_LENGTH, PAGE_SIZE_MAX, ROLES_PER_USER_MAX } from '../limits.js';
import { CreateUserDto } from './create-user.dto.js';
import { ListQueryDto } from './list-query.dto.js';
import { LoginDto } from './login.dto.js';
import { SetUpDto } from './set-up.dto.js';
import { TokenListQueryDto } from './token-list-query.dto.js';
import { USER_SORT_FIELDS, UserListQueryDto } from './user-list-query.dto.js';

/** The names of the members that a class refuses, with the validation that the API uses. */
function refused(type: ClassConstructor<object>, plain: object): string[] {
  const errors = validateSync(plainToInstance(type, plain), { whitelist: true, forbidNonWhitelisted: true });
  return errors.map(({ property }) => property).sort();
}

describe('CreateUserDto', () => {
  const valid = { name: 'anne', password: 'correct horse battery' };

  it('takes a name alone', () => {
    expect(refused(CreateUserDto, { name: 'anne' })).toEqual([]);
  });

  it('takes every member', () => {
    const whole = {
      displayName: 'Anne',
      email: 'a@example.org',
      kind: 'service',
      roles: ['user'],
      enabled: false,
    };

    expect(refused(CreateUserDto, { ...valid, ...whole })).toEqual([]);
  });

  it.each([
    ['name', undefined],
    ['name', 'a:b'],
    ['name', ['anne']],
    ['name', { $ne: null }],
    ['displayName', ''],
    ['displayName', 'Anne\0'],
    ['displayName', 'x'.repeat(201)],
    ['email', 'anne'],
    ['email', '"a\nb"@example.org'],
    ['kind', 'robot'],
    ['roles', 'user'],
    ['roles', ['user', 'user']],
    ['roles', ['User']],
    ['roles', [1]],
    ['roles', Array.from({ length: ROLES_PER_USER_MAX + 1 }, (_, index) => `role-${index}`)],
    ['enabled', 'true'],
    ['enabled', 1],
    ['password', 'short'],
    ['version', 3],
    ['passwordHash', 'x'],
  ])('refuses %s: %j', (member, value) => {
    expect(refused(CreateUserDto, { ...valid, [member]: value })).toEqual([member]);
  });
});

describe('members that may be left out', () => {
  it.each(['displayName', 'email', 'kind', 'roles', 'enabled', 'password'])('refuse null in %s', (member) => {
    expect(refused(CreateUserDto, { name: 'anne', [member]: null })).toEqual([member]);
  });
});

describe('LoginDto', () => {
  it('takes an empty body', () => {
    expect(refused(LoginDto, {})).toEqual([]);
  });

  it.each(['2030-01-31T10:00:00Z', '2030-01-31T10:00:00.123Z', '2030-01-31T10:00:00+02:00'])(
    'takes the time %s',
    (expirationTime) => {
      expect(refused(LoginDto, { expirationTime })).toEqual([]);
      expect(new Date(expirationTime).getTime()).not.toBeNaN();
    },
  );

  it.each([
    ['no zone', '2030-01-31T10:00:00'],
    ['no time', '2030-01-31'],
    ['no such day', '2030-02-30T10:00:00Z'],
    ['no such hour', '2030-01-31T24:00:00Z'],
    ['a leap second, which dates cannot hold', '2030-12-31T23:59:60Z'],
    ['a space for the T', '2030-01-31 10:00:00Z'],
    ['a week date', '2030-W05-4T10:00:00Z'],
    ['a basic form', '20300131T100000Z'],
    ['a year of six digits', '+012030-01-31T10:00:00Z'],
    ['a number', 1_900_000_000],
  ])('refuses a time with %s', (_what, expirationTime) => {
    expect(refused(LoginDto, { expirationTime })).toEqual(['expirationTime']);
  });

  it.each(['x'.repeat(NOTE_MAX_LENGTH + 1), 'a\nb', 'a\0', 7, ['note']])('refuses the note %j', (note) => {
    expect(refused(LoginDto, { note })).toEqual(['note']);
  });
});

describe('SetUpDto', () => {
  it('takes a secret and a password', () => {
    expect(refused(SetUpDto, { secret: 'x', password: 'correct horse battery' })).toEqual([]);
  });

  it('refuses an empty body at both members', () => {
    expect(refused(SetUpDto, {})).toEqual(['password', 'secret']);
  });
});

describe('ListQueryDto', () => {
  it('reads whole numbers', () => {
    expect(plainToInstance(ListQueryDto, { page: '2', size: '50', q: '7' })).toEqual({
      page: 2,
      size: 50,
      q: '7',
    });
  });

  it.each(['0', '-1', '1.5', '1e3', '0x10', ' 1', '', 'many', '9'.repeat(16), ['1', '2'], { $gt: '0' }])(
    'refuses page=%j',
    (page) => {
      expect(refused(ListQueryDto, { page })).toEqual(['page']);
    },
  );

  it('refuses a page that is too large', () => {
    expect(refused(ListQueryDto, { size: String(PAGE_SIZE_MAX) })).toEqual([]);
    expect(refused(ListQueryDto, { size: String(PAGE_SIZE_MAX + 1) })).toEqual(['size']);
  });

  it.each(['a\0', 'x'.repeat(201), ['a', 'b']])('refuses q=%j', (q) => {
    expect(refused(ListQueryDto, { q })).toEqual(['q']);
  });

  it('refuses a parameter it does not know', () => {
    expect(refused(ListQueryDto, { sort: 'name' })).toEqual(['sort']);
  });
});

describe('UserListQueryDto', () => {
  it('reads its own parameters and the inherited ones', () => {
    const query = {
      page: '3',
      enabled: 'false',
      neverLoggedIn: 'true',
      inactiveDays: '30',
      sort: '-lastLoginTime',
    };

    expect(refused(UserListQueryDto, query)).toEqual([]);
    expect(plainToInstance(UserListQueryDto, query)).toEqual({
      page: 3,
      enabled: false,
      neverLoggedIn: true,
      inactiveDays: 30,
      sort: '-lastLoginTime',
    });
  });

  it.each(USER_SORT_FIELDS)('sorts by %s', (field) => {
    expect(refused(UserListQueryDto, { sort: field })).toEqual([]);
  });

  it.each([
    ['enabled', 'yes'],
    ['enabled', '1'],
    ['enabled', ''],
    ['kind', 'robot'],
    ['role', 'Admin'],
    ['sort', 'passwordHash'],
    ['sort', ['name', 'email']],
    ['inactiveDays', '0'],
  ])('refuses %s=%j', (name, value) => {
    expect(refused(UserListQueryDto, { [name]: value })).toEqual([name]);
  });
});

describe('TokenListQueryDto', () => {
  it('sorts by the fields of tokens and not by those of users', () => {
    expect(refused(TokenListQueryDto, { sort: '-creationTime,note' })).toEqual([]);
    expect(refused(TokenListQueryDto, { sort: 'displayName' })).toEqual(['sort']);
  });
});
