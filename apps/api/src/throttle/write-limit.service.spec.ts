import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Principal } from '../common/request/principal.js';
import { type Config } from '../platform/config/config.js';
import { WriteLimit } from './write-limit.service.js';

const DAY = 86_400_000;
const LIMIT = 20;

const user = (id: string, scheme: Principal['scheme'] = 'token') => ({ id, scheme }) as Principal;
const anna = user('anna');

const limitedToken = (tokenId: string, familyId?: string, id = 'anna') =>
  ({ ...user(id), token: { id: tokenId, familyId, scope: '' } }) as Principal;

let now: number;
let writes: WriteLimit;

beforeEach(() => {
  now = 1_700_000_000_000;
  writes = new WriteLimit({ writeLimitPerUser: LIMIT } as Config, { now: () => now });
});

/** Writes until one is rejected and returns the number of accepted writes. */
function writeOut(by: Principal, method = 'POST'): number {
  for (let done = 0; ; done += 1) {
    try {
      writes.count(by, method);
    } catch {
      return done;
    }
  }
}

describe('WriteLimit', () => {
  it('accepts half of the limit at once', () => {
    expect(writeOut(anna)).toBe(LIMIT / 2);
  });

  it('accepts at most the limit in 24 hours, and half of it on each later day', () => {
    const days = [0, 0, 0];
    for (let step = 0; step < 3 * 1_000; step += 1) {
      const day = Math.floor(step / 1_000);
      days[day] = (days[day] ?? 0) + writeOut(anna);
      now += DAY / 1_000;
    }

    expect(days).toEqual([LIMIT - 1, LIMIT / 2, LIMIT / 2]);
  });

  it('returns the rest of the time when part of it has passed', () => {
    writeOut(anna);
    now += 8_000_000;

    expect(writes.limit(anna, 'POST')).toMatchObject({ remaining: 0, resetSeconds: 640 });
  });

  it('returns the time after which the next write is accepted', () => {
    writeOut(anna);

    expect(() => writes.count(anna, 'POST')).toThrow(
      expect.objectContaining({
        code: 'throttled',
        options: expect.objectContaining({ retryAfterSeconds: 8_640 }),
      }),
    );
    expect(writes.limit(anna, 'POST')).toMatchObject({ policy: 'writes', remaining: 0, resetSeconds: 8_640 });
    now += 8_640_000;
    expect(writeOut(anna)).toBe(1);
  });

  it('accepts all writes of the command line', () => {
    const operator = user('command-line', 'command-line');

    expect(() => Array.from({ length: LIMIT + 1 }, () => writes.count(operator, 'POST'))).not.toThrow();
  });

  it('counts each user separately, and logins apart from changes', () => {
    writeOut(anna);

    expect([writeOut(user('ben')), writeOut(user('anna', 'basic'))]).toEqual([LIMIT / 2, LIMIT / 2]);
  });

  it('has separate budgets for deletions and for the limited tokens of each user', () => {
    const limited = limitedToken('token-1');

    expect(writeOut(limited)).toBe(LIMIT / 2);
    expect(writeOut(limited, 'DELETE')).toBe(0);
    expect(writeOut(limitedToken('token-2', undefined, 'ben'))).toBe(LIMIT / 2);
    expect([writeOut(anna), writeOut(anna, 'DELETE')]).toEqual([LIMIT / 2, LIMIT / 2]);
  });

  it('leaves a limited token its whole budget when another one of the user has used up its own', () => {
    for (let hour = 0; hour < 48; hour += 1) {
      writeOut(limitedToken('stolen'));
      now += 3_600_000;
    }

    expect(writes.limit(limitedToken('other'), 'POST').remaining).toBe(LIMIT / 2);
    expect(writeOut(limitedToken('other'))).toBe(LIMIT / 2);
  });

  it('has one budget for a limited token and those created with it', () => {
    expect(writeOut(limitedToken('stolen'))).toBe(LIMIT / 2);

    expect(writeOut(limitedToken('child', 'stolen'))).toBe(0);
    expect(writeOut(limitedToken('other'))).toBe(LIMIT / 2);
  });

  it('accepts at most twice the limit from all limited tokens of a user', () => {
    const accepted = Array.from({ length: 50 }, (_, index) => writeOut(limitedToken(`token-${index}`)));

    expect(accepted.reduce((sum, count) => sum + count)).toBe(LIMIT);
    expect(writeOut(limitedToken('token-of-ben', undefined, 'ben'))).toBe(LIMIT / 2);
    expect(writes.limit(limitedToken('token-51'), 'POST')).toMatchObject({
      remaining: 0,
      resetSeconds: 4_320,
    });
  });

  it('counts the items of a bulk request of a limited token towards both of its budgets', () => {
    writes.countItems(limitedToken('token-1'), 3 * 20);

    expect(writeOut(limitedToken('token-1'))).toBe(LIMIT / 2 - 3);
    const accepted = Array.from({ length: 50 }, (_, index) => writeOut(limitedToken(`other-${index}`)));
    expect(accepted.reduce((sum, count) => sum + count)).toBe(LIMIT / 2);
  });

  it('counts bulk requests and tokens without a limit as changes', () => {
    const unlimited = { ...anna, token: { scope: null } } as Principal;

    writes.countItems(anna, 3 * 20);

    expect([writeOut(anna, 'DELETE'), writeOut(unlimited), writeOut(anna)]).toEqual([
      LIMIT / 2,
      LIMIT / 2 - 3,
      0,
    ]);
  });

  it('counts logins of each user separately, with passwords and passkeys together', () => {
    writeOut(user('anna', 'basic'));

    expect([writeOut(user('ben', 'basic')), writeOut(user('anna', 'passkey'))]).toEqual([LIMIT / 2, 0]);
    expect(writeOut(anna)).toBe(LIMIT / 2);
  });

  it('requires no wait while there is a remaining budget', () => {
    writes.count(anna, 'POST');

    expect(writes.limit(anna, 'POST')).toEqual({
      policy: 'writes',
      limit: LIMIT,
      windowSeconds: 86_400,
      remaining: LIMIT / 2 - 1,
      resetSeconds: 0,
    });
  });

  it('counts 20 items of a bulk request as one additional write, up to the remaining budget', () => {
    writes.countItems(anna, 3 * 20 + 19);
    expect(writes.limit(anna, 'POST').remaining).toBe(LIMIT / 2 - 3);

    writes.countItems(anna, 1_000_000);
    now += 8_640_000;
    expect(writeOut(anna)).toBe(1);
  });

  it.each([
    ['a minute', 60_000, 0],
    ['a year', 365 * DAY, LIMIT / 2],
  ])('delays for at most a day when the clock is set back by %s', (_, milliseconds, left) => {
    writeOut(anna);
    now -= milliseconds;

    expect(writeOut(anna)).toBe(left);
    now += DAY + 60_000;
    expect(writeOut(anna)).toBe(LIMIT / 2);
  });
});
