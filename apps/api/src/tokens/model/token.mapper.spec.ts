import { describe, expect, it } from '@jest/globals';
import { type Token } from './token.entity.js';
import { toUserTokenDto, toUserTokenWithSecretDto } from './token.mapper.js';

const TIME = Date.UTC(2030, 0, 1);

const ANNE = { name: 'anne', enabled: true, tokensRevokedBefore: 0 };

const LEAST: Token = {
  id: 'token-1',
  userId: 'user-1',
  kind: 'session',
  note: null,
  preview: 'latchkey_…abcd',
  digest: 'the digest',
  scope: null,
  maxScope: null,
  useLimits: null,
  notBefore: null,
  authTime: null,
  authMethods: null,
  usesLeft: null,
  rateWindow: null,
  rateUses: null,
  parentTokenId: null,
  enabled: true,
  creationTime: TIME,
  stamp: TIME,
  lifeStartTime: TIME,
  expirationTime: null,
  maxExpirationTime: null,
  idleExpirationTime: null,
  revocationReason: null,
  revocationTime: null,
  lastUsageTime: null,
  lastUsageAddress: null,
  lastUsageAgent: null,
  lastUsageReporter: null,
  previousDigest: null,
  previousExpirationTime: null,
  previousUses: 0,
  previousLastUsageTime: null,
  previousLastUsageAddress: null,
  previousLastUsageAgent: null,
  previousLastUsageReporter: null,
  previousReportTime: null,
  leakReportTime: null,
  acknowledgedTime: null,
  expiryWarningTime: null,
  version: 3,
};

describe('toUserTokenDto', () => {
  it('omits absent members, the secret and the digests', () => {
    expect(toUserTokenDto(LEAST, ANNE, TIME)).toEqual({
      id: 'token-1',
      user: 'anne',
      kind: 'session',
      enabled: true,
      state: 'active',
      creationTime: '2030-01-01T00:00:00.000Z',
      tokenPreview: 'latchkey_…abcd',
      version: 3,
    });
  });

  it('returns every member that is present', () => {
    const token: Token = {
      ...LEAST,
      kind: 'api',
      note: 'backup',
      scope: 'users:read tokens:read',
      parentTokenId: 'token-0',
      enabled: false,
      expirationTime: TIME + 1,
      idleExpirationTime: TIME + 2,
      lastUsageTime: TIME + 3,
      lastUsageAddress: '192.0.2.1',
      lastUsageAgent: 'curl/8',
      previousDigest: 'the digest before',
      previousExpirationTime: TIME + 4,
      previousUses: 7,
      previousLastUsageTime: TIME + 5,
      previousLastUsageAddress: '192.0.2.9',
      previousLastUsageAgent: 'curl/7',
    };

    expect(toUserTokenDto(token, ANNE, TIME)).toEqual({
      id: 'token-1',
      user: 'anne',
      kind: 'api',
      note: 'backup',
      enabled: false,
      state: 'disabled',
      permissions: ['users:read', 'tokens:read'],
      creationTime: '2030-01-01T00:00:00.000Z',
      expirationTime: '2030-01-01T00:00:00.001Z',
      idleExpirationTime: '2030-01-01T00:00:00.002Z',
      lastUsageTime: '2030-01-01T00:00:00.003Z',
      lastUsageAddress: '192.0.2.1',
      lastUsageAgent: 'curl/8',
      superseded: {
        until: '2030-01-01T00:00:00.004Z',
        uses: 7,
        lastUsageTime: '2030-01-01T00:00:00.005Z',
        lastUsageAddress: '192.0.2.9',
        lastUsageAgent: 'curl/7',
      },
      tokenPreview: 'latchkey_…abcd',
      createdByTokenId: 'token-0',
      version: 3,
    });
  });

  it('distinguishes a token limited to no permissions from one without limits', () => {
    expect(toUserTokenDto({ ...LEAST, scope: '' }, ANNE, TIME).permissions).toEqual([]);
    expect(toUserTokenDto(LEAST, ANNE, TIME)).not.toHaveProperty('permissions');
  });

  it('returns an unused superseded secret', () => {
    expect(toUserTokenDto({ ...LEAST, previousExpirationTime: TIME }, ANNE, TIME).superseded).toEqual({
      until: '2030-01-01T00:00:00.000Z',
      uses: 0,
    });
  });

  it('returns revoked after a revocation of all tokens of the user', () => {
    expect(toUserTokenDto(LEAST, { ...ANNE, tokensRevokedBefore: TIME }, TIME).state).toBe('revoked');
  });

  it('keeps an empty note and an expiry in 1970', () => {
    expect(toUserTokenDto({ ...LEAST, note: '', expirationTime: 0 }, ANNE, TIME)).toMatchObject({
      note: '',
      expirationTime: '1970-01-01T00:00:00.000Z',
    });
  });
});

describe('toUserTokenWithSecretDto', () => {
  it('adds the secret and nothing else', () => {
    expect(toUserTokenWithSecretDto(LEAST, ANNE, TIME, 'latchkey_x')).toEqual({
      ...toUserTokenDto(LEAST, ANNE, TIME),
      token: 'latchkey_x',
    });
  });
});
