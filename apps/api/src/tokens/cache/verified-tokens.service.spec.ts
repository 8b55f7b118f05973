import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Config } from '../../platform/config/config.js';
import { type SomeUsers } from '../../platform/database/affected-users.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { type RevocationListener } from '../../platform/replicas/revocation-listener.service.js';
import { VerifiedTokens, type Holder } from './verified-tokens.service.js';

const SECONDS = 2;

let now: number;
let commit: (affected: SomeUsers) => void;
let feed: { isCurrent: boolean };

function cache(seconds = SECONDS): VerifiedTokens {
  feed = Object.assign({ isCurrent: true }, { subscribe: (listener: typeof commit) => (commit = listener) });
  const clock = { now: () => now };
  return new VerifiedTokens(
    { tokenCacheSeconds: seconds } as Config,
    feed as RevocationListener,
    clock,
    new Metrics(),
  );
}

const holder = (id: string, expirationTime: number | null = null): Holder => ({
  id,
  name: id,
  roles: [],
  permissions: new Set(),
  token: { id: `token of ${id}`, expirationTime, expiryHeader: null, isSuperseded: false, scope: null },
  supersededDigest: undefined,
});

let tokens: VerifiedTokens;
const store = (digest: string, whose: Holder) => tokens.store(digest, whose, tokens.generation);

beforeEach(() => {
  now = 1_000_000;
  tokens = cache();
});

describe('VerifiedTokens', () => {
  it.each([true, false])('is exact only without replicas: %j', (hasReplicas) => {
    Object.assign(feed, { hasReplicas });

    expect(tokens.isExact).toBe(!hasReplicas);
  });

  it('finds cached tokens only', () => {
    const anne = holder('anne');
    store('digest', anne);

    expect(tokens.find('digest')).toBe(anne);
    expect(tokens.find('another')).toBeUndefined();
  });

  it.each([
    ['before the configured time', SECONDS * 1_000 - 1, true],
    ['after it', SECONDS * 1_000, false],
    ['after the clock was set back', -1, false],
  ])('caches for the configured time: %s', (_, milliseconds, isKnown) => {
    store('digest', holder('anne'));
    now += milliseconds;

    expect(tokens.find('digest') !== undefined).toBe(isKnown);
  });

  it('does not return an expired token', () => {
    store('digest', holder('anne', now + 10));
    now += 9;
    expect(tokens.find('digest')).toBeDefined();
    now += 1;

    expect(tokens.find('digest')).toBeUndefined();
  });

  it.each<[string, SomeUsers, boolean, boolean]>([
    ['all', 'all', false, false],
    ['one of them', ['anne'], false, true],
    ['another user', ['carl'], true, true],
    ['both', ['anne', 'bert'], false, false],
  ])('voids the users that a transaction affects: %s', (_, affected, knowsAnne, knowsBert) => {
    store('a', holder('anne'));
    store('b', holder('bert'));
    commit(affected);

    expect([tokens.find('a') !== undefined, tokens.find('b') !== undefined]).toEqual([knowsAnne, knowsBert]);
  });

  it('caches voided users again', () => {
    store('a', holder('anne'));
    commit(['anne']);
    store('a', holder('anne'));

    expect(tokens.find('a')).toBeDefined();
    commit(['anne']);
    expect(tokens.find('a')).toBeUndefined();
  });

  it.each<[string, SomeUsers[], boolean]>([
    ['all', ['all'], false],
    ['its user', [['anne']], false],
    ['its user, then others', [['anne'], ['carl']], false],
    ['all, then others', ['all', ['carl']], false],
    ['others', [['carl'], ['bert']], true],
  ])(
    'stores a token that was read before a commit only if the commit did not affect its user: %s',
    (_, all, isKnown) => {
      const { generation } = tokens;
      all.forEach(commit);
      tokens.store('digest', holder('anne'), generation);

      expect(tokens.find('digest') !== undefined).toBe(isKnown);
    },
  );

  it('stores no token that was read before all users were voided because the list of users was full', () => {
    const { generation } = tokens;
    commit(['anne']);
    for (let count = 0; count < 10_001; count += 1) {
      commit([`user ${count}`]);
    }
    tokens.store('digest', holder('anne'), generation);

    expect(tokens.find('digest')).toBeUndefined();
  });

  it('voids all users instead of storing very many versions', () => {
    store('digest', holder('anne'));
    for (let count = 0; count < 10_001; count += 1) {
      commit([`user ${count}`]);
    }
    expect(tokens.find('digest')).toBeUndefined();

    store('digest', holder('anne'));
    expect(tokens.find('digest')).toBeDefined();
  });

  it('caches nothing when it is off', () => {
    tokens = cache(0);
    store('digest', holder('anne'));

    expect(tokens.find('digest')).toBeUndefined();
  });

  it('returns nothing while notifications can be missed, and the same entries afterwards if none was missed', () => {
    const anne = holder('anne');
    store('digest', anne);

    feed.isCurrent = false;
    expect(tokens.find('digest')).toBeUndefined();

    feed.isCurrent = true;
    expect(tokens.find('digest')).toBe(anne);
  });

  it('stores no token that was read while notifications could be missed', () => {
    feed.isCurrent = false;
    store('digest', holder('anne'));
    feed.isCurrent = true;

    expect(tokens.find('digest')).toBeUndefined();
  });
});
