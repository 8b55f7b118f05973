import { describe, expect, it } from '@jest/globals';
import { type PresentedTokenRecord } from '../cache/presented-token-reader.service.js';
import { type RevocationReason } from './token.entity.js';
import {
  validUntilOf,
  EXPIRING_MILLISECONDS,
  expiredSessionDetail,
  expiryOf,
  isLive,
  isRenewable,
  isUnrevokedSession,
  presentedExpiryOf,
  readAuthMethods,
  rejectionReason,
  stateOf,
} from './token-state.js';

const NOW = Date.UTC(2030, 0, 1);

const TOKEN = {
  enabled: true,
  stamp: 6,
  expirationTime: null as number | null,
  idleExpirationTime: null as number | null,
  revocationReason: null as RevocationReason | null,
  notBefore: null as number | null,
};
const OWNER = { enabled: true, tokensRevokedBefore: 5 };

const GOOD: PresentedTokenRecord = {
  id: 'token-1',
  enabled: true,
  creationTime: NOW - 1_000,
  expirationTime: NOW + 1_000,
  idleExpirationTime: NOW + 500,
  revocationReason: null,
  stamp: NOW - 1_000,
  previousExpirationTime: null,
  scope: null,
  useLimits: null,
  notBefore: null,
  authTime: null,
  authMethods: null,
  userId: 'user-1',
  userName: 'anne',
  userEnabled: true,
  tokensRevokedBefore: 0,
  grants: null,
};

/** Booleans as SQLite returns them. */
const NO = 0 as unknown as boolean;
const YES = 1 as unknown as boolean;

describe('stateOf', () => {
  it.each<[string, string, Partial<typeof TOKEN>, Partial<typeof OWNER>]>([
    ['active', 'without expiry', {}, {}],
    ['active', 'that expires later than soon', { expirationTime: NOW + EXPIRING_MILLISECONDS + 1 }, {}],
    ['expiring', 'that expires soon', { expirationTime: NOW + EXPIRING_MILLISECONDS }, {}],
    ['expiring', 'that expires in a millisecond', { expirationTime: NOW + 1 }, {}],
    ['active', 'whose idle expiry is soon', { idleExpirationTime: NOW + 1 }, {}],
    ['expired', 'that expires now', { expirationTime: NOW }, {}],
    ['expired', 'whose idle expiry is now', { idleExpirationTime: NOW, expirationTime: NOW + 1 }, {}],
    ['pending', 'that is valid in a millisecond', { notBefore: NOW + 1, expirationTime: NOW + 2 }, {}],
    ['active', 'that is valid now', { notBefore: NOW }, {}],
    ['disabled', 'that is not valid yet and disabled', { notBefore: NOW + 1, enabled: false }, {}],
    ['disabled', 'that is disabled', { enabled: false }, {}],
    ['disabled', 'of a disabled user', {}, { enabled: false }],
    ['disabled', 'that is disabled and expires soon', { enabled: false, expirationTime: NOW + 1 }, {}],
    ['expired', 'that is disabled and expired', { enabled: false, expirationTime: NOW }, {}],
    ['expired', 'that was used up', { revocationReason: 'used_up' }, {}],
    ['revoked', 'that was revoked', { revocationReason: 'revoked' }, {}],
    ['revoked', 'of a session that logged out', { revocationReason: 'logged_out' }, {}],
    ['revoked', 'that was revoked and has expired', { revocationReason: 'revoked', expirationTime: 2 }, {}],
    ['expired', 'recorded as expired before the clock was set back', { revocationReason: 'expired' }, {}],
    [
      'revoked',
      'recorded as expired, then revoked with its user’s',
      { revocationReason: 'expired' },
      { tokensRevokedBefore: 6 },
    ],
    ['revoked', 'revoked with all tokens of its user', {}, { tokensRevokedBefore: 6 }],
  ])('returns %s for a token %s', (state, _, token, owner) => {
    const [changedToken, changedOwner] = [
      { ...TOKEN, ...token },
      { ...OWNER, ...owner },
    ];

    expect(stateOf(changedToken, changedOwner, NOW)).toBe(state);
    expect(isLive(changedToken, changedOwner, NOW)).toBe(
      ['active', 'expiring', 'pending', 'disabled'].includes(state),
    );
  });
});

describe('rejectionReason', () => {
  it.each<[string | null, string, Partial<PresentedTokenRecord>]>([
    [null, 'that is live', {}],
    [null, 'with the booleans of SQLite', { enabled: YES, userEnabled: YES }],
    [null, 'without expiry', { expirationTime: null, idleExpirationTime: null }],
    ['token_revoked', 'that was revoked', { revocationReason: 'revoked' }],
    ['token_expired', 'recorded as expired before the clock was set back', { revocationReason: 'expired' }],
    ['user_disabled', 'of a disabled user', { userEnabled: false }],
    ['user_disabled', 'of a disabled user, on SQLite', { userEnabled: NO }],
    ['token_disabled', 'that is disabled', { enabled: false }],
    ['token_disabled', 'that is disabled, on SQLite', { enabled: NO }],
    ['token_used_up', 'that was used up', { revocationReason: 'used_up' }],
    ['token_not_yet_valid', 'that is valid in a millisecond', { notBefore: NOW + 1 }],
    [null, 'that is valid now', { notBefore: NOW }],
    ['token_expired', 'that is not valid before it expires', { notBefore: NOW + 1, expirationTime: NOW }],
    [null, 'that expires in a millisecond', { expirationTime: NOW + 1, idleExpirationTime: null }],
    ['token_expired', 'that expires now', { expirationTime: NOW, idleExpirationTime: null }],
    [
      'token_expired',
      'that expired a millisecond ago',
      { expirationTime: NOW - 1, idleExpirationTime: null },
    ],
    [null, 'whose idle expiry is in a millisecond', { idleExpirationTime: NOW + 1 }],
    ['token_expired', 'whose idle expiry is now', { idleExpirationTime: NOW, expirationTime: NOW + 9e9 }],
    [
      'token_expired',
      'that expires now and was just used',
      { idleExpirationTime: NOW + 9e9, expirationTime: NOW },
    ],
    [null, 'stamped after the revocation of all', { tokensRevokedBefore: GOOD.stamp - 1 }],
    ['token_revoked', 'stamped at the revocation of all', { tokensRevokedBefore: GOOD.stamp }],
    ['token_revoked', 'stamped before the revocation of all', { tokensRevokedBefore: GOOD.stamp + 1 }],
  ])('returns %j for a token %s', (reason, _, change) => {
    expect(rejectionReason({ ...GOOD, ...change }, false, NOW)).toBe(reason);
  });

  it.each<[string | null, string, Partial<PresentedTokenRecord>]>([
    [null, 'in its grace period', { previousExpirationTime: NOW + 1 }],
    ['token_expired', 'at the end of its grace period', { previousExpirationTime: NOW }],
    ['token_expired', 'without a grace period', { previousExpirationTime: null }],
    ['token_expired', 'of an expired token', { previousExpirationTime: NOW + 1, idleExpirationTime: NOW }],
    ['token_revoked', 'of a revoked token', { previousExpirationTime: NOW + 1, revocationReason: 'revoked' }],
    [
      'token_disabled',
      'of a disabled token, after its grace period',
      { previousExpirationTime: NOW, enabled: false },
    ],
  ])('returns %j for a superseded secret %s', (reason, _, change) => {
    expect(rejectionReason({ ...GOOD, ...change }, true, NOW)).toBe(reason);
  });

  it('prefers revoked to a disabled user, that to a disabled token, and that to expired', () => {
    const worst: PresentedTokenRecord = {
      ...GOOD,
      revocationReason: 'revoked',
      userEnabled: false,
      enabled: false,
      expirationTime: NOW - 1,
    };

    expect(rejectionReason(worst, false, NOW)).toBe('token_revoked');
    expect(rejectionReason({ ...worst, revocationReason: null }, false, NOW)).toBe('user_disabled');
    expect(rejectionReason({ ...worst, revocationReason: null, userEnabled: true }, false, NOW)).toBe(
      'token_disabled',
    );
  });
});

describe('expiryOf', () => {
  it.each([
    [null, null, null],
    [5, null, 5],
    [null, 7, 7],
    [5, 7, 5],
    [7, 5, 5],
    [0, 7, 0],
  ])(
    'returns for the absolute expiry %j and the idle expiry %j: %j',
    (expirationTime, idleExpirationTime, expiry) => {
      expect(expiryOf({ expirationTime, idleExpirationTime })).toBe(expiry);
    },
  );
});

describe('presentedExpiryOf', () => {
  it.each<[string, boolean, Partial<PresentedTokenRecord>, number]>([
    ['the end of the grace period', true, { previousExpirationTime: NOW + 400 }, 400],
    ['the expiry of the token, if that is earlier', true, { previousExpirationTime: NOW + 900 }, 500],
    [
      'the end of the grace period, if the token has no expiry',
      true,
      { previousExpirationTime: NOW + 900, expirationTime: null, idleExpirationTime: null },
      900,
    ],
    ['the expiry of the token, for its current secret', false, { previousExpirationTime: NOW + 1 }, 500],
  ])('is %s', (_, isSuperseded, change, offset) => {
    expect(presentedExpiryOf({ ...GOOD, ...change }, isSuperseded)).toBe(NOW + offset);
  });
});

describe('isUnrevokedSession', () => {
  it.each<[boolean, string, Partial<typeof GOOD>]>([
    [true, 'that is live', {}],
    [true, 'that has expired', { revocationReason: 'expired' }],
    [true, 'that was logged out', { revocationReason: 'logged_out' }],
    [false, 'that was revoked', { revocationReason: 'revoked' }],
    [false, 'that was logged out and revoked with all others', { revocationReason: 'logged_out', stamp: 0 }],
  ])('returns %s for a session %s', (expected, _, change) => {
    expect(isUnrevokedSession({ ...GOOD, ...change }, { tokensRevokedBefore: GOOD.stamp - 1 })).toBe(
      expected,
    );
  });
});

describe('validUntilOf', () => {
  const ENDLESS = {
    stamp: 6,
    tokensRevokedBefore: 5,
    expirationTime: null,
    idleExpirationTime: null,
    revocationTime: null,
  };

  it.each([
    ['null for a token without expiry', {}, null],
    ['the expiry', { expirationTime: 9, idleExpirationTime: 8 }, 8],
    ['the revocation', { expirationTime: 9, revocationTime: 7 }, 7],
    ['the revocation of all tokens of the user', { expirationTime: 9, stamp: 5 }, 5],
  ])('is %s', (_, change, end) => {
    expect(validUntilOf({ ...ENDLESS, ...change })).toBe(end);
  });
});

describe('expiredSessionDetail', () => {
  it.each([
    ['idle expiry if it is earlier', NOW, NOW + 1, /idle for too long/],
    ['idle expiry if it is the only one', NOW, null, /idle for too long/],
    ['absolute expiry if it is earlier', NOW + 1, NOW, /maximum lifetime/],
    ['absolute expiry if both are equal, as after the last bump', NOW, NOW, /maximum lifetime/],
  ])('explains the %s', (_, idleExpirationTime, expirationTime, detail) => {
    expect(expiredSessionDetail({ idleExpirationTime, expirationTime })).toMatch(detail);
  });

  it('returns undefined for an API token', () => {
    expect(expiredSessionDetail({ idleExpirationTime: null, expirationTime: NOW })).toBeUndefined();
  });
});

describe('isRenewable', () => {
  const KEPT = 90 * 86_400_000;
  const EXPIRED = { ...TOKEN, kind: 'api' as const, expirationTime: NOW };

  it.each<[string, Partial<Parameters<typeof isRenewable>[0]>]>([
    ['an API token that expires now', {}],
    ['an API token until the purge', { expirationTime: NOW - KEPT + 1 }],
    [
      'an API token recorded as expired before the clock was set back',
      { expirationTime: NOW + 1, revocationReason: 'expired' },
    ],
    [
      'an API token recorded as expired whose expiry was removed',
      { expirationTime: null, revocationReason: 'expired' },
    ],
  ])('accepts %s', (_, change) => {
    expect(isRenewable({ ...EXPIRED, ...change }, OWNER, NOW)).toBe(true);
  });

  it.each<[string, Partial<Parameters<typeof isRenewable>[0]>, number]>([
    ['a live token', { expirationTime: NOW + 1 }, 5],
    ['a session', { kind: 'session' }, 5],
    ['a used-up token', { revocationReason: 'used_up' }, 5],
    ['a revoked token', { revocationReason: 'revoked' }, 5],
    ['a token revoked with all tokens of its user', {}, 6],
    ['a token that the purge may have deleted', { expirationTime: NOW - KEPT }, 5],
  ])('rejects %s', (_, change, tokensRevokedBefore) => {
    expect(isRenewable({ ...EXPIRED, ...change }, { tokensRevokedBefore }, NOW)).toBe(false);
  });
});

describe('readAuthMethods', () => {
  it('returns the methods in their stored order', () => {
    expect(readAuthMethods('pwd,otp')).toEqual(['pwd', 'otp']);
  });
});
