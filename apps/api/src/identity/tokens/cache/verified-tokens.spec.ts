import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Config } from '../../../platform/config/config.js';
import { type AffectedUsers } from '../../../platform/database/affected-users.js';
import { Metrics } from '../../../platform/metrics/metrics.js';
import { type RevocationFeed } from '../../../platform/revocation/revocation-feed.js';
import { VerifiedTokens, type Holder } from './verified-tokens.js';

const SECONDS = 2;

let now: number;
let commit: (affected: AffectedUsers) => void;
let feed: { isCurrent: boolean };

function cache(seconds = SECONDS): VerifiedTokens {
  feed = Object.assign({ isCurrent: true }, { subscribe: (listener: typeof commit) => (commit = listener) });
  const clock = { now: () => now };
  return new VerifiedTokens(
    { tokenCacheSeconds: seconds } as Config,
    feed as RevocationFeed,
    clock,
    new Metrics(),
  );
}

const holder = (id: string, endTime: number | null = null): Holder => ({
  id,
  name: id,
  roles: [],
  permissions: new Set(),
  token: { id: `token of ${id}`, endTime, end: null, isSuperseded: false, limit: null },
  supersededDigest: undefined,
});

let tokens: VerifiedTokens;
const remember = (digest: string, whose: Holder) => tokens.store(digest, whose, tokens.generation);

beforeEach(() => {
  now = 1_000_000;
  tokens = cache();
});

describe('VerifiedTokens', () => {
  it('finds what was remembered, and nothing else', () => {
    const anne = holder('anne');
    remember('digest', anne);

    expect(tokens.find('digest')).toBe(anne);
    expect(tokens.find('another')).toBeUndefined();
  });

  it.each([
    ['as long as configured', SECONDS * 1_000 - 1, true],
    ['no longer', SECONDS * 1_000, false],
    ['not when the clock was put back', -1, false],
  ])('remembers %s', (_, milliseconds, isKnown) => {
    remember('digest', holder('anne'));
    now += milliseconds;

    expect(tokens.find('digest') !== undefined).toBe(isKnown);
  });

  it('forgets a token at its end', () => {
    remember('digest', holder('anne', now + 10));
    now += 9;
    expect(tokens.find('digest')).toBeDefined();
    now += 1;

    expect(tokens.find('digest')).toBeUndefined();
  });

  it.each<[string, AffectedUsers, boolean, boolean]>([
    ['all', 'all', false, false],
    ['one of them', ['anne'], false, true],
    ['somebody else', ['carl'], true, true],
    ['both', ['anne', 'bert'], false, false],
    ['none', 'none', true, true],
  ])('forgets those whom a transaction touched: %s', (_, affected, knowsAnne, knowsBert) => {
    remember('a', holder('anne'));
    remember('b', holder('bert'));
    commit(affected);

    expect([tokens.find('a') !== undefined, tokens.find('b') !== undefined]).toEqual([knowsAnne, knowsBert]);
  });

  it('remembers anew who was touched before', () => {
    remember('a', holder('anne'));
    commit(['anne']);
    remember('a', holder('anne'));

    expect(tokens.find('a')).toBeDefined();
    commit(['anne']);
    expect(tokens.find('a')).toBeUndefined();
  });

  it.each<[string, AffectedUsers[], boolean]>([
    ['all', ['all'], false],
    ['its user', [['anne']], false],
    ['its user and then others', [['anne'], ['carl']], false],
    ['everybody and then others', ['all', ['carl']], false],
    ['others', [['carl'], ['bert']], true],
    ['none', ['none'], true],
  ])(
    'remembers what was read before something was committed only if that did not touch it: %s',
    (_, all, isKnown) => {
      const { generation } = tokens;
      all.forEach(commit);
      tokens.store('digest', holder('anne'), generation);

      expect(tokens.find('digest') !== undefined).toBe(isKnown);
    },
  );

  it('remembers nothing that was read before it lost count of the users who were touched', () => {
    const { generation } = tokens;
    commit(['anne']);
    for (let count = 0; count < 10_001; count += 1) {
      commit([`user ${count}`]);
    }
    tokens.store('digest', holder('anne'), generation);

    expect(tokens.find('digest')).toBeUndefined();
  });

  it('forgets all rather than keep count of very many users', () => {
    remember('digest', holder('anne'));
    for (let count = 0; count < 10_001; count += 1) {
      commit([`user ${count}`]);
    }
    expect(tokens.find('digest')).toBeUndefined();

    remember('digest', holder('anne'));
    expect(tokens.find('digest')).toBeDefined();
  });

  it('remembers nothing when that is turned off', () => {
    tokens = cache(0);
    remember('digest', holder('anne'));

    expect(tokens.find('digest')).toBeUndefined();
  });

  it('knows nothing while what others commit is not heard, and again what it knew if nothing was missed', () => {
    const anne = holder('anne');
    remember('digest', anne);

    feed.isCurrent = false;
    expect(tokens.find('digest')).toBeUndefined();

    feed.isCurrent = true;
    expect(tokens.find('digest')).toBe(anne);
  });

  it('remembers nothing that was read while what others commit was not heard', () => {
    feed.isCurrent = false;
    remember('digest', holder('anne'));
    feed.isCurrent = true;

    expect(tokens.find('digest')).toBeUndefined();
  });
});
