import { describe, expect, it } from '@jest/globals';
import { type PresentedTokenRecord } from '../cache/presented-tokens.repository.js';
import { endOf, endOfPresented, endTimeOf, expiredSessionDetail, rejectionReason } from './token-standing.js';

const NOW = Date.UTC(2030, 0, 1);

const GOOD: PresentedTokenRecord = {
  id: 'token-1',
  enabled: true,
  expirationTime: NOW + 1_000,
  idleExpirationTime: NOW + 500,
  revocationTime: null,
  stampTime: NOW - 1_000,
  previousEndTime: null,
  permissions: null,
  userId: 'user-1',
  userName: 'anne',
  userEnabled: true,
  tokensEndedBefore: 0,
  grants: null,
};

/** What SQLite gives for a boolean. */
const NO = 0 as unknown as boolean;
const YES = 1 as unknown as boolean;

describe('expiredSessionDetail', () => {
  it.each([
    ['names the idle end when it comes first', NOW, NOW + 1, /idle for too long/],
    ['names the idle end when there is no other', NOW, null, /idle for too long/],
    ['names the absolute end when it comes first', NOW + 1, NOW, /maximum lifetime/],
    ['names the absolute end when both are the same, as after the last bump', NOW, NOW, /maximum lifetime/],
  ])('%s', (_, idleExpirationTime, expirationTime, detail) => {
    expect(expiredSessionDetail({ idleExpirationTime, expirationTime })).toMatch(detail);
  });

  it('says nothing of an API token', () => {
    expect(expiredSessionDetail({ idleExpirationTime: null, expirationTime: NOW })).toBeUndefined();
  });
});

describe('rejectionReason', () => {
  it.each<[string, Partial<PresentedTokenRecord>, string | null]>([
    ['is as it was made', {}, null],
    ['comes from SQLite, which has no boolean', { enabled: YES, userEnabled: YES }, null],
    ['has no end', { expirationTime: null, idleExpirationTime: null }, null],
    ['was revoked', { revocationTime: NOW - 1 }, 'token_revoked'],
    ['was revoked by a clock ahead of ours', { revocationTime: NOW + 10_000 }, 'token_revoked'],
    ['was revoked in 1970', { revocationTime: 0 }, 'token_revoked'],
    [
      'was refused after its end, before the clock was set back',
      { revocationTime: NOW + 500 },
      'token_expired',
    ],
    ['was revoked a moment before its end', { revocationTime: NOW + 499 }, 'token_revoked'],
    ['belongs to a disabled user', { userEnabled: false }, 'user_disabled'],
    ['belongs to a disabled user, on SQLite', { userEnabled: NO }, 'user_disabled'],
    ['is disabled', { enabled: false }, 'token_disabled'],
    ['is disabled, on SQLite', { enabled: NO }, 'token_disabled'],
    ['ends a moment from now', { expirationTime: NOW + 1, idleExpirationTime: null }, null],
    ['ends exactly now', { expirationTime: NOW, idleExpirationTime: null }, 'token_expired'],
    ['ended a moment ago', { expirationTime: NOW - 1, idleExpirationTime: null }, 'token_expired'],
    ['is idle until a moment from now', { idleExpirationTime: NOW + 1 }, null],
    ['is idle exactly now', { idleExpirationTime: NOW }, 'token_expired'],
    [
      'is idle now though its end is far',
      { idleExpirationTime: NOW, expirationTime: NOW + 9e9 },
      'token_expired',
    ],
    [
      'ends now though it was just used',
      { idleExpirationTime: NOW + 9e9, expirationTime: NOW },
      'token_expired',
    ],
    ['was stamped a moment after all were ended', { tokensEndedBefore: GOOD.stampTime - 1 }, null],
    ['was stamped at the very moment all were ended', { tokensEndedBefore: GOOD.stampTime }, 'token_revoked'],
    ['was stamped before all were ended', { tokensEndedBefore: GOOD.stampTime + 1 }, 'token_revoked'],
  ])('of a token that %s', (_, change, refusal) => {
    expect(rejectionReason({ ...GOOD, ...change }, false, NOW)).toBe(refusal);
  });

  it('never revives: revoked wins over all, the user over the token, disabled over expired', () => {
    const worst = {
      ...GOOD,
      revocationTime: NOW,
      userEnabled: false,
      enabled: false,
      expirationTime: NOW - 1,
    };

    expect(rejectionReason(worst, false, NOW)).toBe('token_revoked');
    expect(rejectionReason({ ...worst, revocationTime: null }, false, NOW)).toBe('user_disabled');
    expect(rejectionReason({ ...worst, revocationTime: null, userEnabled: true }, false, NOW)).toBe(
      'token_disabled',
    );
  });
});

describe('endOf', () => {
  it.each([
    [null, null, null],
    [5, null, 5],
    [null, 7, 7],
    [5, 7, 5],
    [7, 5, 5],
    [0, 7, 0],
  ])('of absolute end %j and idle end %j is %j', (expirationTime, idleExpirationTime, end) => {
    expect(endOf({ expirationTime, idleExpirationTime })).toBe(end);
  });
});

describe('of a superseded secret', () => {
  const endOfSuperseded = (change: Partial<PresentedTokenRecord>) =>
    endOfPresented({ ...GOOD, ...change }, true);

  it.each<[string, Partial<PresentedTokenRecord>, string | null]>([
    ['is in its grace period', { previousEndTime: NOW + 1 }, null],
    ['is at the end of its grace period', { previousEndTime: NOW }, 'token_expired'],
    ['has no grace period', { previousEndTime: null }, 'token_expired'],
    [
      'is in its grace period though its token ended',
      { previousEndTime: NOW + 1, idleExpirationTime: NOW },
      'token_expired',
    ],
    [
      'is in its grace period though its token was revoked',
      { previousEndTime: NOW + 1, revocationTime: NOW },
      'token_revoked',
    ],
    ['is over, of a token that is disabled', { previousEndTime: NOW, enabled: false }, 'token_disabled'],
  ])('rejectionReason, when it %s', (_, change, refusal) => {
    expect(rejectionReason({ ...GOOD, ...change }, true, NOW)).toBe(refusal);
  });

  it('endOfPresented is the end of the grace period, no later than the token’s', () => {
    expect(endOfSuperseded({ previousEndTime: NOW + 400 })).toBe(NOW + 400);
    expect(endOfSuperseded({ previousEndTime: NOW + 900 })).toBe(NOW + 500);
    expect(
      endOfSuperseded({ previousEndTime: NOW + 900, expirationTime: null, idleExpirationTime: null }),
    ).toBe(NOW + 900);
  });

  it('endOfPresented leaves the present secret its own', () => {
    expect(endOfPresented({ ...GOOD, previousEndTime: NOW + 1 }, false)).toBe(NOW + 500);
  });
});

describe('endTimeOf', () => {
  const FOR_EVER = {
    id: 'token-1',
    stampTime: 6,
    tokensEndedBefore: 5,
    expirationTime: null,
    idleExpirationTime: null,
    revocationTime: null,
  };

  it.each([
    ['never of a token that nothing ends', {}, null],
    ['when it expires', { expirationTime: 9, idleExpirationTime: 8 }, 8],
    ['when it was revoked', { expirationTime: 9, revocationTime: 7 }, 7],
    ['when all tokens of its user were ended', { expirationTime: 9, stampTime: 5 }, 5],
  ])('is %s', (_, change, end) => {
    expect(endTimeOf({ ...FOR_EVER, ...change })).toBe(end);
  });
});
