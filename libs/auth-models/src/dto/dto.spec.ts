import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import {
  BULK_IDS_MAX,
  EXPIRES_IN_MAX_SECONDS,
  NOTE_MAX_LENGTH,
  PAGE_SIZE_MAX,
  ROLES_PER_USER_MAX,
} from '../limits.js';
import { firstFailedRule } from '../validation/first-failed-rule.js';
import { DEFAULT_POLICY, withPolicy } from '../validation/policy.js';
import { ChangePasswordDto } from './account/change-password.dto.js';
import { SetUpDto } from './account/set-up.dto.js';
import { UpdateMeDto } from './account/update-me.dto.js';
import { USER_SORT_FIELDS } from '../lists/sort.js';
import { LoginDto } from './auth/login.dto.js';
import { TokenBulkRequestDto } from './bulk/token-bulk-request.dto.js';
import { UserBulkRequestDto } from './bulk/user-bulk-request.dto.js';
import { ListQueryDto } from './common/list-query.dto.js';
import { CreateTokenDto } from './tokens/create-token.dto.js';
import { RotateTokenDto } from './tokens/rotate-token.dto.js';
import { TokenListQueryDto } from './tokens/token-list-query.dto.js';
import { UpdateTokenDto } from './tokens/update-token.dto.js';
import { CreateUserDto } from './users/create-user.dto.js';
import { UpdateUserDto } from './users/update-user.dto.js';
import { UserListQueryDto } from './users/user-list-query.dto.js';

/** Validates like the API. */
function errorsOf(type: ClassConstructor<object>, plain: object): ValidationError[] {
  return validateSync(plainToInstance(type, plain), { whitelist: true, forbidNonWhitelisted: true });
}

/** Returns the names of the rejected members, sorted. */
function rejected(type: ClassConstructor<object>, plain: object): string[] {
  return errorsOf(type, plain)
    .map(({ property }) => property)
    .sort();
}

describe('CreateUserDto', () => {
  const valid = { name: 'anne', password: 'correct horse battery' };

  it('accepts a name alone', () => {
    expect(rejected(CreateUserDto, { name: 'anne' })).toEqual([]);
  });

  it('accepts every member', () => {
    const others = {
      displayName: 'Anne',
      email: 'a@example.org',
      kind: 'service',
      roles: ['user'],
      enabled: false,
    };

    expect(rejected(CreateUserDto, { ...valid, ...others })).toEqual([]);
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
  ])('rejects %s: %j', (member, value) => {
    expect(rejected(CreateUserDto, { ...valid, [member]: value })).toEqual([member]);
  });

  it.each(['displayName', 'email', 'kind', 'roles', 'enabled', 'password'])(
    'rejects null in %s',
    (member) => {
      expect(rejected(CreateUserDto, { name: 'anne', [member]: null })).toEqual([member]);
    },
  );
});

describe.each([UpdateMeDto, UpdateUserDto])('%p', (type) => {
  it.each([
    [{}],
    [{ displayName: 'Anne', email: 'anne@example.org', version: 0 }],
    [{ displayName: null, email: null }],
  ])('accepts %j', (patch) => {
    expect(rejected(type, patch)).toEqual([]);
  });

  it.each([
    [{ displayName: '' }, 'displayName'],
    [{ email: 'anne' }, 'email'],
    [{ version: null }, 'version'],
    [{ version: -1 }, 'version'],
    [{ version: 0.5 }, 'version'],
    [{ id: 'x' }, 'id'],
  ])('rejects %j', (patch, member) => {
    expect(rejected(type, patch)).toEqual([member]);
  });

  it.each(['name', 'kind'])('rejects every value of %s with an explanation', (member) => {
    for (const value of ['anne', null, 7]) {
      const [error, ...others] = errorsOf(type, { [member]: value });

      expect([error?.property, others]).toEqual([member, []]);
      expect(error?.constraints?.neverChanges).toBe(`${member} cannot be changed; create a new user instead`);
    }
  });
});

describe('UpdateMeDto', () => {
  it.each(['roles', 'enabled'])('rejects %s', (member) => {
    expect(rejected(UpdateMeDto, { [member]: true })).toEqual([member]);
  });
});

describe('UpdateUserDto', () => {
  it('accepts roles and enabled, but not null', () => {
    expect(rejected(UpdateUserDto, { roles: [], enabled: false })).toEqual([]);
    expect(rejected(UpdateUserDto, { roles: null, enabled: null })).toEqual(['enabled', 'roles']);
  });
});

describe('ChangePasswordDto', () => {
  it('accepts any current password, but only a valid new one', () => {
    expect(
      rejected(ChangePasswordDto, { currentPassword: 'x', newPassword: 'correct horse battery' }),
    ).toEqual([]);
    expect(rejected(ChangePasswordDto, { currentPassword: '', newPassword: 'short' })).toEqual([
      'currentPassword',
      'newPassword',
    ]);
  });
});

describe.each([LoginDto, CreateTokenDto, UpdateTokenDto, RotateTokenDto])('expiresIn of %p', (type) => {
  const expirationTime = '2030-01-01T00:00:00Z';

  it.each([1, EXPIRES_IN_MAX_SECONDS])('accepts %j', (expiresIn) => {
    expect(rejected(type, { expiresIn })).toEqual([]);
  });

  it.each([0, -1, 1.5, '60', null, EXPIRES_IN_MAX_SECONDS + 1, 1e300])('rejects %j', (expiresIn) => {
    expect(rejected(type, { expiresIn })).toEqual(['expiresIn']);
  });

  it('names both members if expirationTime is sent too', () => {
    const [error] = errorsOf(type, { expiresIn: 60, expirationTime });

    expect(error?.constraints?.excludedBy).toBe('send expiresIn or expirationTime, not both');
  });
});

describe.each([CreateTokenDto, UpdateTokenDto, RotateTokenDto])('expirationTime: null of %p', (type) => {
  const codes = (noExpiry: boolean) => {
    const dto = plainToInstance(type as ClassConstructor<object>, { expirationTime: null });
    return validateSync(withPolicy(dto, { ...DEFAULT_POLICY, apiTokens: { noExpiry } })).map(
      (error) => firstFailedRule(error)?.rule,
    );
  };

  it('is accepted if the policy allows it', () => {
    expect(rejected(type, { expirationTime: null })).toEqual(['expirationTime']);
    expect([codes(false), codes(true)]).toEqual([['noExpiry'], []]);
  });
});

describe('TokenBulkRequestDto', () => {
  const extend = { action: 'extend', ids: ['1'] };

  it('accepts expirationTime: null if the policy allows it', () => {
    const dto = plainToInstance(TokenBulkRequestDto, { ...extend, expirationTime: null });
    const rule = () => validateSync(dto).map((error) => firstFailedRule(error)?.rule);
    const before = rule();
    withPolicy(dto, { ...DEFAULT_POLICY, apiTokens: { noExpiry: true } });

    expect([before, rule()]).toEqual([['noExpiry'], []]);
  });

  it('accepts expiresIn instead of expirationTime, for extend only', () => {
    expect(rejected(TokenBulkRequestDto, { ...extend, expiresIn: 60 })).toEqual([]);
    expect(
      rejected(TokenBulkRequestDto, { ...extend, expiresIn: 60, expirationTime: '2030-01-01T00:00:00Z' }),
    ).toEqual(['expiresIn']);
    expect(rejected(TokenBulkRequestDto, { ...extend, action: 'enable', expiresIn: 60 })).toEqual([
      'expiresIn',
    ]);
    expect(rejected(TokenBulkRequestDto, extend)).toEqual(['expirationTime']);
  });
});

describe('LoginDto', () => {
  it('accepts an empty body', () => {
    expect(rejected(LoginDto, {})).toEqual([]);
  });

  it.each(['x'.repeat(NOTE_MAX_LENGTH + 1), 'a\nb', 'a\0', 7, ['note']])('rejects the note %j', (note) => {
    expect(rejected(LoginDto, { note })).toEqual(['note']);
  });
});

describe('SetUpDto', () => {
  it('requires a secret and a password', () => {
    expect(rejected(SetUpDto, { secret: 'x', password: 'correct horse battery' })).toEqual([]);
    expect(rejected(SetUpDto, {})).toEqual(['password', 'secret']);
  });
});

describe('ListQueryDto', () => {
  it('parses integers', () => {
    expect(plainToInstance(ListQueryDto, { page: '2', size: '50', q: '7' })).toEqual({
      page: 2,
      size: 50,
      q: '7',
    });
  });

  it.each(['0', '-1', '1.5', '1e3', '0x10', ' 1', '', 'many', '9'.repeat(16), ['1', '2'], { $gt: '0' }])(
    'rejects page=%j',
    (page) => {
      expect(rejected(ListQueryDto, { page })).toEqual(['page']);
    },
  );

  it('rejects a size above the maximum', () => {
    expect(rejected(ListQueryDto, { size: String(PAGE_SIZE_MAX) })).toEqual([]);
    expect(rejected(ListQueryDto, { size: String(PAGE_SIZE_MAX + 1) })).toEqual(['size']);
  });

  it.each(['a\0', 'x'.repeat(201), ['a', 'b']])('rejects q=%j', (q) => {
    expect(rejected(ListQueryDto, { q })).toEqual(['q']);
  });

  it('rejects an unknown parameter', () => {
    expect(rejected(ListQueryDto, { sort: 'name' })).toEqual(['sort']);
  });
});

describe('UserListQueryDto', () => {
  it('parses its own and inherited parameters', () => {
    const query = {
      page: '3',
      enabled: 'false',
      neverLoggedIn: 'true',
      inactiveDays: '30',
      sort: '-lastLoginTime',
    };

    expect(rejected(UserListQueryDto, query)).toEqual([]);
    expect(plainToInstance(UserListQueryDto, query)).toEqual({
      page: 3,
      enabled: false,
      neverLoggedIn: true,
      inactiveDays: 30,
      sort: '-lastLoginTime',
    });
  });

  it.each(USER_SORT_FIELDS)('sorts by %s', (field) => {
    expect(rejected(UserListQueryDto, { sort: field })).toEqual([]);
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
  ])('rejects %s=%j', (name, value) => {
    expect(rejected(UserListQueryDto, { [name]: value })).toEqual([name]);
  });
});

describe('TokenListQueryDto', () => {
  it('parses its own and inherited parameters', () => {
    const query = {
      page: '3',
      enabled: 'false',
      neverUsed: 'true',
      noExpiry: 'false',
      ownerDisabled: 'true',
      inGrace: 'false',
      leaked: 'true',
      acknowledged: 'true',
      unusedPermissions: 'true',
      verifying: 'true',
      unusedSinceDays: '30',
      user: 'Anne',
    };

    expect(rejected(TokenListQueryDto, query)).toEqual([]);
    expect(plainToInstance(TokenListQueryDto, query)).toEqual({
      page: 3,
      enabled: false,
      neverUsed: true,
      noExpiry: false,
      ownerDisabled: true,
      inGrace: false,
      leaked: true,
      acknowledged: true,
      unusedPermissions: true,
      verifying: true,
      unusedSinceDays: 30,
      user: 'Anne',
    });
  });

  it('sorts by fields of tokens, not of users', () => {
    expect(rejected(TokenListQueryDto, { sort: '-creationTime,note' })).toEqual([]);
    expect(rejected(TokenListQueryDto, { sort: 'displayName' })).toEqual(['sort']);
  });
});

describe('UserBulkRequestDto', () => {
  const ids = ['anne'];

  it.each([
    [{ action: 'disable', ids }],
    [{ action: 'delete', filter: {}, dryRun: true }],
    [{ action: 'enable', filter: { enabled: false, inactiveDays: 30, q: 'a' }, expectedCount: 0 }],
    [{ action: 'addRole', role: 'auditor', ids }],
  ])('accepts %j', (bulk) => {
    expect(rejected(UserBulkRequestDto, bulk)).toEqual([]);
  });

  it('accepts the maximum number of ids', () => {
    const bulk = { action: 'disable', ids: Array(BULK_IDS_MAX).fill('anne') };

    expect(rejected(UserBulkRequestDto, bulk)).toEqual([]);
  });

  it.each([
    ['neither ids nor a filter', { action: 'disable' }, 'ids'],
    ['ids and a filter', { action: 'disable', ids, filter: {} }, 'ids'],
    ['no ids', { action: 'disable', ids: [] }, 'ids'],
    ['too many ids', { action: 'disable', ids: Array(BULK_IDS_MAX + 1).fill('anne') }, 'ids'],
    ['an id that is too long', { action: 'disable', ids: ['x'.repeat(257)] }, 'ids'],
    ['no action', { ids }, 'action'],
    ['an unknown action', { action: 'promote', ids }, 'action'],
    ['addRole without a role', { action: 'addRole', ids }, 'role'],
    ['a role that could be taken for a filter', { action: 'delete', role: 'guest', filter: {} }, 'role'],
    ['a list as a filter', { action: 'disable', filter: [] }, 'filter'],
    ['a filter with a text for a boolean', { action: 'disable', filter: { enabled: 'false' } }, 'filter'],
    ['a filter with a page', { action: 'disable', filter: { page: 1 } }, 'filter'],
    ['a negative count', { action: 'disable', filter: {}, expectedCount: -1 }, 'expectedCount'],
  ])('rejects %s', (_, bulk, member) => {
    expect(rejected(UserBulkRequestDto, bulk)).toEqual([member]);
  });
});
