import { describe, expect, it } from '@jest/globals';
import { type Config } from '../../platform/config/config.js';
import { type Token } from './token.entity.js';
import { checkMayEnable, TokenLifetimePolicy, type Presented } from './token-lifetime-policy.service.js';

const NOW = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;

const limits = { defaultSeconds: 90 * 86_400, maxSeconds: 365 * 86_400, mayBeEndless: false, perUser: 50 };

const livesWith = (apiTokens: Partial<typeof limits> = {}) =>
  new TokenLifetimePolicy(
    {
      sessionIdleSeconds: 7 * 86_400,
      sessionMaxSeconds: 30 * 86_400,
      apiTokens: { ...limits, ...apiTokens },
    } as unknown as Config,
    { now: () => NOW },
  );

const lifetimes = livesWith();
const endless = livesWith({ mayBeEndless: true });

const inDays = (days: number | null) => (days === null ? null : NOW + days * DAY);

/** Returns a token by its age, lifetime and optional expiry limit, all in days. The limit counts from now. */
const token = (kind: Token['kind'], age: number, life: number | null, bound: number | null = null) => ({
  id: 'token',
  kind,
  maxExpirationTime: inDays(bound),
  creationTime: NOW - age * DAY,
  lifeStartTime: NOW - age * DAY,
  expirationTime: life === null ? null : NOW + (life - age) * DAY,
});

const parent = (kind: Token['kind'], days: number | null) => ({ kind, expirationTime: inDays(days) });

/** Returns a presented token that expires in some days, with the tokens that were created with it. */
const presenting = (kind: Token['kind'], days: number | null, ...created: string[]): Presented => ({
  id: 'presented',
  ...parent(kind, days),
  useLimits: null,
  created: new Set(created),
});
const itself = (kind: Token['kind'], days: number | null) => ({ ...presenting(kind, days), id: 'token' });

/** Returns an expiry in days from now, and the number of warnings. */
const summary = ({
  expirationTime,
  warnings,
}: {
  expirationTime: number | null;
  warnings: string[];
}): [number | null, number] => [expirationTime && (expirationTime - NOW) / DAY, warnings.length];

describe('TokenLifetimePolicy.forNewSession', () => {
  it.each([
    [undefined, [30, 0]],
    [NOW + 3 * DAY, [3, 0]],
    [NOW + 31 * DAY, [30, 1]],
  ])('returns the requested expiry, up to the maximum: %j', (requested, end) => {
    expect(summary(lifetimes.forNewSession(requested, NOW))).toEqual(end);
  });
});

describe('TokenLifetimePolicy.forNewApiToken', () => {
  it.each<
    [
      string,
      TokenLifetimePolicy,
      number | null | undefined,
      ReturnType<typeof parent> | null,
      [number | null, number],
    ]
  >([
    ['the default', lifetimes, undefined, null, [90, 0]],
    ['the maximum if it is below the default', livesWith({ maxSeconds: 86_400 }), undefined, null, [1, 0]],
    ['the requested expiry', lifetimes, 5, null, [5, 0]],
    ['at most the maximum', lifetimes, 366, null, [365, 1]],
    ['no expiry if the server allows it', endless, null, null, [null, 0]],
    ['at most the maximum even if the server allows no expiry', endless, 366, null, [365, 1]],
    ['at most the expiry of the parent API token', lifetimes, undefined, parent('api', 9), [9, 1]],
    ['no expiry with a parent API token without expiry', endless, null, parent('api', null), [null, 0]],
    ['the expiry of the parent API token if no expiry is requested', endless, null, parent('api', 9), [9, 1]],
    [
      'the default with a parent session that expires earlier',
      lifetimes,
      undefined,
      parent('session', 1),
      [90, 0],
    ],
  ])('returns %s', (_, by, requested, made, end) => {
    const expiry = typeof requested === 'number' ? NOW + requested * DAY : requested;

    expect(summary(by.forNewApiToken(expiry, NOW, made))).toEqual(end);
  });

  it.each([
    [null, null],
    [parent('api', 9), NOW + 9 * DAY],
    [parent('api', null), null],
    [parent('session', 9), null],
  ])('limits later expiries by that of a parent API token only: %j', (made, bound) => {
    expect(lifetimes.forNewApiToken(undefined, NOW, made).maxExpirationTime).toBe(bound);
  });
});

describe('the expiry that TokenLifetimePolicy.changed returns', () => {
  it.each<[string, ReturnType<typeof token>, number | null, Presented | null, [number | null, number]]>([
    ['of an API token counts from now', token('api', 100, 200), 365, null, [365, 0]],
    ['of an API token is at most the maximum', token('api', 100, 200), 366, null, [365, 1]],
    ['of a session counts from the login', token('session', 10, 15), 20, null, [20, 0]],
    ['of a session is at most the maximum', token('session', 10, 15), 21, null, [20, 1]],
    ['is at most the limit of the parent', token('api', 1, 5, 9), 10, presenting('session', 1), [9, 1]],
    [
      'is no later than that of the presented API token',
      token('api', 1, 5),
      10,
      presenting('api', 9),
      [9, 1],
    ],
    ['can be the current one', token('api', 1, 20), 19, presenting('api', 9), [19, 0]],
    [
      'is at most the current one, with an API token that expires before',
      token('api', 1, 20),
      30,
      presenting('api', 9),
      [19, 1],
    ],
    [
      'is not limited by a presented session',
      token('api', 1, 20),
      30,
      presenting('session', 1, 'token'),
      [30, 0],
    ],
    ['of the presented token can be earlier', token('api', 1, 20), 18, itself('api', 19), [18, 0]],
    [
      'of a token created with the presented one can be earlier',
      token('api', 1, 20),
      18,
      presenting('api', 30, 'token'),
      [18, 0],
    ],
    [
      'of a presented session is at most the maximum',
      token('session', 10, 30),
      40,
      itself('session', 20),
      [20, 1],
    ],
  ])('%s', (_, living, requested, made, end) => {
    expect(summary(lifetimes.changed(living, requested && NOW + requested * DAY, NOW, made))).toEqual(end);
  });

  it.each([
    ['an API token', token('api', 1, 5), itself('api', 4)],
    ['a session', token('session', 1, 5), itself('session', 4)],
    ['a token created with the presented API token', token('api', 1, 5), presenting('api', 30, 'token')],
  ])('cannot be extended by %s', (_, living, presented) => {
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

  it('cannot be none for a session', () => {
    expect(() => endless.changed(token('session', 0, 30), null, NOW, null)).toThrow(
      expect.objectContaining({
        options: {
          errors: [expect.objectContaining({ pointer: '/expirationTime', code: 'session_ends' })],
        },
      }),
    );
  });
});

describe('the expiry that TokenLifetimePolicy.rotated returns', () => {
  it.each<[string, TokenLifetimePolicy, ReturnType<typeof token>, Presented | null, [number | null, number]]>(
    [
      ['restarts the former lifetime', lifetimes, token('api', 80, 90), null, [90, 0]],
      [
        'is no later than the maximum, which was lowered',
        livesWith({ maxSeconds: 86_400 }),
        token('api', 80, 90),
        null,
        [1, 1],
      ],
      ['stays none', endless, token('api', 80, null), null, [null, 0]],
      [
        'is the maximum if the server no longer allows none',
        lifetimes,
        token('api', 80, null),
        null,
        [365, 1],
      ],
      ['is at most the limit of the parent', lifetimes, token('api', 80, 90, 50), null, [50, 1]],
      [
        'is no later than that of the presented API token',
        lifetimes,
        token('api', 80, 90),
        presenting('api', 5),
        [5, 1],
      ],
      ['of the presented token stays', lifetimes, token('api', 80, 90), itself('api', 10), [10, 1]],
      [
        'of a token created with the presented one stays',
        lifetimes,
        token('api', 80, 90),
        presenting('api', 50, 'token'),
        [10, 1],
      ],
      ['of a presented session stays', lifetimes, token('session', 1, 5), itself('session', 4), [4, 0]],
      ['of a session at its maximum stays', lifetimes, token('session', 10, 30), null, [20, 0]],
      ['of a short session restarts its lifetime', lifetimes, token('session', 1, 5), null, [5, 0]],
    ],
  )('%s', (_, by, living, made, end) => {
    expect(summary(by.rotated(living, undefined, NOW, made))).toEqual(end);
  });

  it.each<[string, ReturnType<typeof token>, number | undefined, Presented | null, [number, number]]>([
    ['restarts its lifetime', token('api', 80, 90), undefined, itself('api', 10), [90, 0]],
    ['restarts its lifetime on the command line', token('api', 80, 90), undefined, null, [90, 0]],
    ['gets at most the limit of its parent', token('api', 80, 90, 50), undefined, itself('api', 10), [50, 1]],
    ['gets a requested expiry', token('api', 80, 90), NOW + 5 * DAY, itself('api', 10), [5, 0]],
    ['keeps its expiry as a session', token('session', 1, 5), undefined, itself('session', 4), [4, 0]],
    ['extends no other token', token('api', 80, 90), undefined, presenting('api', 5), [5, 1]],
  ])('a token that may renew itself %s', (_, living, requested, presented, end) => {
    expect(summary(lifetimes.rotated(living, requested, NOW, presented, true))).toEqual(end);
  });

  it('is none for a session that an API token rotates', () => {
    expect(() => lifetimes.rotated(token('session', 1, 5), undefined, NOW, presenting('api', 50))).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });

  it('is the requested one', () => {
    expect(summary(lifetimes.rotated(token('api', 80, 90), NOW + 5 * DAY, NOW, null))).toEqual([5, 0]);
  });

  it('is at most the maximum of a session, with a warning that names the member of the request', () => {
    expect(lifetimes.rotated(token('session', 10, 15), NOW + 40 * DAY, NOW, null)).toEqual({
      expirationTime: NOW + 20 * DAY,
      warnings: ['expirationTime is after the maximum; the token expires at 2030-01-21T00:00:00.000Z'],
    });
  });
});

describe('TokenLifetimePolicy.idleExpiry', () => {
  it('returns at most the absolute expiry', () => {
    expect(lifetimes.idleExpiry(NOW, NOW + 30 * DAY)).toBe(NOW + 7 * DAY);
    expect(lifetimes.idleExpiry(NOW, NOW + DAY)).toBe(NOW + DAY);
    expect(lifetimes.idleExpiry(NOW, null)).toBe(NOW + 7 * DAY);
  });
});

describe('the warnings of TokenLifetimePolicy.forNewApiToken', () => {
  it.each([
    ['the maximum', parent('api', 400), '2031-01-01T00:00:00.000Z'],
    ['the expiry of the token it was created with', parent('api', 10), '2030-01-11T00:00:00.000Z'],
  ])('name %s as the limit, and the expiry', (limit, madeWith, end) => {
    expect(lifetimes.forNewApiToken(NOW + 500 * DAY, NOW, madeWith).warnings).toEqual([
      `expirationTime is after ${limit}; the token expires at ${end}`,
    ]);
  });
});

describe('the warnings about an expiry that was not requested', () => {
  it.each([
    [
      'a token that rotates itself keeps its expiry',
      lifetimes.rotated(token('api', 80, 90), undefined, NOW, itself('api', 10)),
      'the token keeps its expiry, because it cannot extend itself; the token expires at 2030-01-11T00:00:00.000Z',
    ],
    [
      'a token created with the presented one keeps its expiry',
      lifetimes.rotated(token('api', 80, 90), undefined, NOW, presenting('api', 50, 'token')),
      'the token keeps its expiry, because the token you use cannot extend it; the token expires at 2030-01-11T00:00:00.000Z',
    ],
    [
      'a rotated token cannot have its lifetime again',
      lifetimes.rotated(token('api', 80, 90), undefined, NOW, presenting('api', 5)),
      'the renewed expiry is after the expiry of the token you use; the token expires at 2030-01-06T00:00:00.000Z',
    ],
    [
      'a new token cannot have the default lifetime',
      lifetimes.forNewApiToken(undefined, NOW, parent('api', 10)),
      'the default expiry is after the expiry of the token it was created with; the token expires at 2030-01-11T00:00:00.000Z',
    ],
  ])('name no member of the request: %s', (_, { warnings }, warning) => {
    expect(warnings).toEqual([warning]);
  });
});

describe('checkMayEnable', () => {
  const enable = (life: number | null, presented: Presented | null) => () =>
    checkMayEnable({ ...token('api', 0, life), leakReportTime: null }, presented);

  it('accepts tokens that expire no later than the presented API token, and all with a session', () => {
    expect(enable(9, presenting('api', 9))).not.toThrow();
    expect(enable(null, presenting('api', null))).not.toThrow();
    expect(enable(null, presenting('session', 1))).not.toThrow();
    expect(enable(null, null)).not.toThrow();
  });

  it.each([10, null])('rejects tokens that expire after the presented API token: %j', (life) => {
    expect(enable(life, presenting('api', 9))).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('rejects a leaked token', () => {
    expect(() => checkMayEnable({ expirationTime: null, leakReportTime: NOW }, null)).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });
});

describe('parse', () => {
  it.each([
    ['null as no expiry', null, null],
    ['an absent member as the default', undefined, undefined],
    ['a millisecond from now', '2030-01-01T00:00:00.001Z', NOW + 1],
    ['a time with an offset', '2030-01-01T01:00:00.001+01:00', NOW + 1],
  ])('reads %s', (_, text, end) => {
    expect(lifetimes.parse({ expirationTime: text })).toEqual({ requested: end, now: NOW });
  });

  it('adds expiresIn to the present time', () => {
    expect(lifetimes.parse({ expiresIn: 60 })).toEqual({ requested: NOW + 60_000, now: NOW });
  });

  it.each(['2030-01-01T00:00:00.000Z', '2029-12-31T23:59:59.999Z', 'no time'])('rejects %s', (text) => {
    expect(() => lifetimes.parse({ expirationTime: text })).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        options: { errors: [expect.objectContaining({ pointer: '/expirationTime', code: 'in_the_past' })] },
      }),
    );
  });
});
