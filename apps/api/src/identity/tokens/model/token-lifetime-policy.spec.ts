import { describe, expect, it } from '@jest/globals';
import { type Config } from '../../../platform/config/config.js';
import { type Token } from './token.entity.js';
import { checkMayEnable, TokenLifetimePolicy, type Presented } from './token-lifetime-policy.js';

const NOW = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;

const limits = { defaultSeconds: 90 * 86_400, maxSeconds: 365 * 86_400, mayBeEndless: false, perUser: 50 };

const livesWith = (apiTokens: Partial<typeof limits> = {}) =>
  new TokenLifetimePolicy({
    sessionIdleSeconds: 7 * 86_400,
    sessionMaxSeconds: 30 * 86_400,
    apiTokens: { ...limits, ...apiTokens },
  } as unknown as Config);

const lifetimes = livesWith();
const endless = livesWith({ mayBeEndless: true });

const inDays = (days: number | null) => (days === null ? null : NOW + days * DAY);

/** A token of this kind that was made so many days ago, with a life of so many days, and perhaps a bound in days from now. */
const token = (kind: Token['kind'], age: number, life: number | null, bound: number | null = null) => ({
  id: 'token',
  kind,
  maxExpirationTime: inDays(bound),
  creationTime: NOW - age * DAY,
  lifeStartTime: NOW - age * DAY,
  expirationTime: life === null ? null : NOW + (life - age) * DAY,
});

const parent = (kind: Token['kind'], days: number | null) => ({ kind, expirationTime: inDays(days) });

/** A presented token of this kind with an end in so many days, and the tokens that were created with it. */
const presenting = (kind: Token['kind'], days: number | null, ...created: string[]): Presented => ({
  id: 'presented',
  ...parent(kind, days),
  created: new Set(created),
});
const itself = (kind: Token['kind'], days: number | null) => ({ ...presenting(kind, days), id: 'token' });

/** An end in days from now, and whether there is a warning. */
const told = ({
  expirationTime,
  warnings,
}: {
  expirationTime: number | null;
  warnings: string[];
}): [number | null, number] => [expirationTime && (expirationTime - NOW) / DAY, warnings.length];

describe('the end of a new session', () => {
  it.each([
    [undefined, [30, 0]],
    [NOW + 3 * DAY, [3, 0]],
    [NOW + 31 * DAY, [30, 1]],
  ])('of the requested %j', (requested, end) => {
    expect(told(lifetimes.forNewSession(requested, NOW))).toEqual(end);
  });
});

describe('the end of a new API token', () => {
  it.each<
    [
      string,
      TokenLifetimePolicy,
      number | null | undefined,
      ReturnType<typeof parent> | null,
      [number | null, number],
    ]
  >([
    ['is usual', lifetimes, undefined, null, [90, 0]],
    [
      'is the maximum where that is less than usual',
      livesWith({ maxSeconds: 86_400 }),
      undefined,
      null,
      [1, 0],
    ],
    ['is as wished', lifetimes, 5, null, [5, 0]],
    ['is no later than the maximum', lifetimes, 366, null, [365, 1]],
    ['is none where that is allowed', endless, null, null, [null, 0]],
    ['is no later than the maximum where none is allowed', endless, 366, null, [365, 1]],
    [
      'is no later than that of the API token it is made with',
      lifetimes,
      undefined,
      parent('api', 9),
      [9, 1],
    ],
    ['is none beside an API token without end', endless, null, parent('api', null), [null, 0]],
    ['is that of the API token where none is wished', endless, null, parent('api', 9), [9, 1]],
    ['is not bound by the session it is made with', lifetimes, undefined, parent('session', 1), [90, 0]],
  ])('%s', (_, by, requested, made, end) => {
    const expiry = typeof requested === 'number' ? NOW + requested * DAY : requested;

    expect(told(by.forNewApiToken(expiry, NOW, made))).toEqual(end);
  });

  it.each([
    [null, null],
    [parent('api', 9), NOW + 9 * DAY],
    [parent('api', null), null],
    [parent('session', 9), null],
  ])('bounds all later ends by that of an API token alone: %j', (made, bound) => {
    expect(lifetimes.forNewApiToken(undefined, NOW, made).maxExpirationTime).toBe(bound);
  });

  it('is refused to be none elsewhere', () => {
    expect(() => lifetimes.forNewApiToken(null, NOW, null)).toThrow(
      expect.objectContaining({ code: 'validation_failed' }),
    );
  });
});

describe('another end', () => {
  it.each<[string, ReturnType<typeof token>, number | null, Presented | null, [number | null, number]]>([
    ['of an API token counts from now', token('api', 100, 200), 365, null, [365, 0]],
    ['of an API token is no later than the maximum', token('api', 100, 200), 366, null, [365, 1]],
    ['of a session counts from the log-in', token('session', 10, 15), 20, null, [20, 0]],
    ['of a session is no later than the maximum', token('session', 10, 15), 21, null, [20, 1]],
    ['is no later than the bound', token('api', 1, 5, 9), 10, presenting('session', 1), [9, 1]],
    [
      'is no later than that of the presented API token',
      token('api', 1, 5),
      10,
      presenting('api', 9),
      [9, 1],
    ],
    ['may be as late as it was', token('api', 1, 20), 19, presenting('api', 9), [19, 0]],
    ['is no later than it was', token('api', 1, 20), 30, presenting('api', 9), [19, 1]],
    ['is free for a session', token('api', 1, 20), 30, presenting('session', 1, 'token'), [30, 0]],
    ['of itself may be earlier', token('api', 1, 20), 18, itself('api', 19), [18, 0]],
    ['of its own may be earlier', token('api', 1, 20), 18, presenting('api', 30, 'token'), [18, 0]],
    [
      'of a session itself is no later than the maximum',
      token('session', 10, 30),
      40,
      itself('session', 20),
      [20, 1],
    ],
  ])('%s', (_, living, requested, made, end) => {
    expect(told(lifetimes.changed(living, requested && NOW + requested * DAY, NOW, made))).toEqual(end);
  });

  it.each([
    ['an API token', token('api', 1, 5), itself('api', 4)],
    ['a session', token('session', 1, 5), itself('session', 4)],
    ['what was created with an API token', token('api', 1, 5), presenting('api', 30, 'token')],
  ])('is refused to be later to %s', (_, living, presented) => {
    for (const requested of [NOW + 5 * DAY, null]) {
      const by =
        requested === null && living.kind === 'session'
          ? []
          : [endless.changed.bind(endless), endless.rotated.bind(endless)];
      by.forEach((give) =>
        expect(() => give(living, requested, NOW, presented)).toThrow(
          expect.objectContaining({ code: 'forbidden' }),
        ),
      );
    }
  });

  it.each([
    ['a session', endless, token('session', 0, 30)],
    ['an API token where none is allowed', lifetimes, token('api', 0, 90)],
  ])('is refused to be none for %s', (_, by, living) => {
    expect(() => by.changed(living, null, NOW, null)).toThrow(
      expect.objectContaining({ code: 'validation_failed' }),
    );
  });
});

describe('the end after a rotation', () => {
  it.each<[string, TokenLifetimePolicy, ReturnType<typeof token>, Presented | null, [number | null, number]]>(
    [
      ['is the former length anew', lifetimes, token('api', 80, 90), null, [90, 0]],
      [
        'is no later than the maximum, which was lowered',
        livesWith({ maxSeconds: 86_400 }),
        token('api', 80, 90),
        null,
        [1, 1],
      ],
      ['is none as before', endless, token('api', 80, null), null, [null, 0]],
      ['is the maximum where none is no longer allowed', lifetimes, token('api', 80, null), null, [365, 1]],
      ['is no later than the bound', lifetimes, token('api', 80, 90, 50), null, [50, 1]],
      [
        'is no later than that of the presented API token',
        lifetimes,
        token('api', 80, 90),
        presenting('api', 5),
        [5, 1],
      ],
      ['of itself is where it was', lifetimes, token('api', 80, 90), itself('api', 10), [10, 1]],
      [
        'of its own is where it was',
        lifetimes,
        token('api', 80, 90),
        presenting('api', 50, 'token'),
        [10, 1],
      ],
      [
        'of a session itself is where it was',
        lifetimes,
        token('session', 1, 5),
        itself('session', 4),
        [4, 0],
      ],
      ['of a session is where it was', lifetimes, token('session', 10, 30), null, [20, 0]],
      ['of a short session is its length anew', lifetimes, token('session', 1, 5), null, [5, 0]],
    ],
  )('%s', (_, by, living, made, end) => {
    expect(told(by.rotated(living, undefined, NOW, made))).toEqual(end);
  });

  it('is as wished', () => {
    expect(told(lifetimes.rotated(token('api', 80, 90), NOW + 5 * DAY, NOW, null))).toEqual([5, 0]);
  });
});

describe('the idle end', () => {
  it('is no later than the absolute one', () => {
    expect(lifetimes.idleExpiry(NOW, NOW + 30 * DAY)).toBe(NOW + 7 * DAY);
    expect(lifetimes.idleExpiry(NOW, NOW + DAY)).toBe(NOW + DAY);
    expect(lifetimes.idleExpiry(NOW, null)).toBe(NOW + 7 * DAY);
  });
});

describe('the warning', () => {
  it.each([
    ['the maximum', parent('api', 400), '2031-01-01T00:00:00.000Z'],
    ['the expiry of the token it was created with', parent('api', 10), '2030-01-11T00:00:00.000Z'],
  ])('names %s, where that is what bounds it, and the end', (limit, madeWith, end) => {
    expect(lifetimes.forNewApiToken(NOW + 500 * DAY, NOW, madeWith).warnings).toEqual([
      `expirationTime is beyond ${limit}; the token ends at ${end}`,
    ]);
  });
});

describe('a wish for no end', () => {
  it.each<[string, () => unknown, string]>([
    ['of a session', () => endless.changed(token('session', 1, 30), null, NOW, null), 'session_ends'],
    ['of an API token', () => lifetimes.forNewApiToken(null, NOW, null), 'no_expiry'],
  ])('%s is refused with a reason of its own', (_, issue, code) => {
    expect(issue).toThrow(
      expect.objectContaining({
        options: { errors: [expect.objectContaining({ pointer: '/expirationTime', code })] },
      }),
    );
  });
});

describe('checkMayEnable', () => {
  const enable = (life: number | null, presented: Presented | null) => () =>
    checkMayEnable(token('api', 0, life), presented);

  it('allows what ends no later than the API token, and anything to a session', () => {
    expect(enable(9, presenting('api', 9))).not.toThrow();
    expect(enable(null, presenting('api', null))).not.toThrow();
    expect(enable(null, presenting('session', 1))).not.toThrow();
    expect(enable(null, null)).not.toThrow();
  });

  it.each([10, null])('refuses what ends later than the API token: %j', (life) => {
    expect(enable(life, presenting('api', 9))).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });
});
