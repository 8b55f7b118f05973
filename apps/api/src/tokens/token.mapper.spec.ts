import { describe, expect, it } from '@jest/globals';
import { type Token } from './token.entity.js';
import { toUserTokenDto, toUserTokenWithSecretDto } from './token.mapper.js';

const TIME = Date.UTC(2030, 0, 1);

const LEAST: Token = {
  id: 'token-1',
  userId: 'user-1',
  kind: 'session',
  note: null,
  preview: 'lk_…abcd',
  digest: 'the digest',
  permissions: null,
  parentTokenId: null,
  enabled: true,
  creationTime: TIME,
  stampTime: TIME,
  expirationTime: null,
  idleExpirationTime: null,
  revocationTime: TIME,
  lastUsageTime: null,
  lastUsageAddress: null,
  lastUsageAgent: null,
  previousDigest: 'the digest before',
  previousEndTime: TIME,
  previousUses: 1,
  previousLastUsageTime: TIME,
  previousLastUsageAddress: '192.0.2.9',
  previousLastUsageAgent: 'curl/7',
  version: 3,
};

describe('toUserTokenDto', () => {
  it('leaves out what is absent, the secret and the digests', () => {
    expect(toUserTokenDto(LEAST, 'anne')).toEqual({
      id: 'token-1',
      user: 'anne',
      kind: 'session',
      enabled: true,
      creationTime: '2030-01-01T00:00:00.000Z',
      tokenPreview: 'lk_…abcd',
      version: 3,
    });
  });

  it('shows all there is', () => {
    const token: Token = {
      ...LEAST,
      kind: 'api',
      note: 'backup',
      permissions: 'users:read tokens:read',
      parentTokenId: 'token-0',
      enabled: false,
      expirationTime: TIME + 1,
      idleExpirationTime: TIME + 2,
      lastUsageTime: TIME + 3,
      lastUsageAddress: '192.0.2.1',
    };

    expect(toUserTokenDto(token, 'anne')).toEqual({
      id: 'token-1',
      user: 'anne',
      kind: 'api',
      note: 'backup',
      enabled: false,
      permissions: ['users:read', 'tokens:read'],
      creationTime: '2030-01-01T00:00:00.000Z',
      expirationTime: '2030-01-01T00:00:00.001Z',
      idleExpirationTime: '2030-01-01T00:00:00.002Z',
      lastUsageTime: '2030-01-01T00:00:00.003Z',
      lastUsageAddress: '192.0.2.1',
      tokenPreview: 'lk_…abcd',
      createdByTokenId: 'token-0',
      version: 3,
    });
  });

  it('tells a token limited to nothing from one without limit', () => {
    expect(toUserTokenDto({ ...LEAST, permissions: '' }, 'anne').permissions).toEqual([]);
    expect(toUserTokenDto(LEAST, 'anne')).not.toHaveProperty('permissions');
  });

  it('keeps an empty note and an end in 1970', () => {
    expect(toUserTokenDto({ ...LEAST, note: '', expirationTime: 0 }, 'anne')).toMatchObject({
      note: '',
      expirationTime: '1970-01-01T00:00:00.000Z',
    });
  });
});

describe('toUserTokenWithSecretDto', () => {
  it('adds the secret and nothing else', () => {
    expect(toUserTokenWithSecretDto(LEAST, 'anne', 'lk_x')).toEqual({
      ...toUserTokenDto(LEAST, 'anne'),
      token: 'lk_x',
    });
  });
});
