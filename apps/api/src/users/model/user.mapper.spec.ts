import { describe, expect, it } from '@jest/globals';
import { type User } from './user.entity.js';
import { toMeDto, toUserDto } from './user.mapper.js';

const TIME = Date.UTC(2030, 0, 1);

const LEAST: User = {
  id: 'user-1',
  name: 'anne',
  skeleton: 'anne',
  displayName: null,
  email: null,
  kind: 'human',
  enabled: true,
  passwordHash: '$argon2id$…',
  tokensRevokedBefore: TIME,
  creationTime: TIME,
  lastLoginTime: null,
  setUpDigest: 'a digest',
  setUpExpirationTime: TIME,
  setUpLimit: 'users:read',
  lostPasswordTime: TIME,
  responsible: null,
  version: 2,
};

describe('toUserDto', () => {
  it('omits absent members, the hash and the set-up link', () => {
    expect(toUserDto(LEAST, ['admin', 'user'], 7)).toEqual({
      id: 'user-1',
      name: 'anne',
      kind: 'human',
      roles: ['admin', 'user'],
      enabled: true,
      creationTime: '2030-01-01T00:00:00.000Z',
      version: 2,
      tokenCount: 7,
    });
  });

  it('returns all members', () => {
    const user: User = { ...LEAST, displayName: 'Anne', email: 'a@example.org', lastLoginTime: TIME + 1 };

    expect(toUserDto(user, [], 0)).toMatchObject({
      displayName: 'Anne',
      email: 'a@example.org',
      lastLoginTime: '2030-01-01T00:00:00.001Z',
      roles: [],
      tokenCount: 0,
    });
  });
});

describe('toMeDto', () => {
  it('returns the sorted effective permissions, and no count', () => {
    const me = toMeDto(LEAST, ['user'], new Set(['users:read', 'audit:read']));

    expect(me.permissions).toEqual(['audit:read', 'users:read']);
    expect(me).not.toHaveProperty('tokenCount');
    expect(JSON.stringify(me)).not.toMatch(/argon2|digest/);
  });
});
