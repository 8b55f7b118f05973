import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Config } from '../config/config.js';
import { type Database } from '../database/database.js';
import { type Touched, type Writes } from '../database/writes.js';
import { VerifiedTokens, type Holder } from './verified-tokens.js';

const SECONDS = 2;

let now: number;
let commit: (touched: Touched) => void;

function cache({ seconds = SECONDS, type = 'better-sqlite3' } = {}): VerifiedTokens {
  const writes = { onEnd: (listener: typeof commit) => (commit = listener) } as unknown as Writes;
  const database = { reader: { options: { type } } } as unknown as Database;
  return new VerifiedTokens({ tokenCacheSeconds: seconds } as Config, database, writes, {
    now: () => now,
  });
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
const remember = (digest: string, whose: Holder) => tokens.remember(digest, whose, tokens.generation);

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

  it.each<[string, Touched, boolean, boolean]>([
    ['everybody', 'everybody', false, false],
    ['one of them', ['anne'], false, true],
    ['somebody else', ['carl'], true, true],
    ['both', ['anne', 'bert'], false, false],
    ['nobody', 'nobody', true, true],
  ])('forgets those whom a transaction touched: %s', (_, touched, knowsAnne, knowsBert) => {
    remember('a', holder('anne'));
    remember('b', holder('bert'));
    commit(touched);

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

  it.each<[Touched]>([['everybody'], [['anne']], [['carl']]])(
    'remembers nothing that was read before something was committed: %j',
    (touched) => {
      const { generation } = tokens;
      commit(touched);
      tokens.remember('digest', holder('anne'), generation);

      expect(tokens.find('digest')).toBeUndefined();
    },
  );

  it('forgets all rather than keep count of very many users', () => {
    remember('digest', holder('anne'));
    for (let count = 0; count < 10_001; count += 1) {
      commit([`user ${count}`]);
    }
    expect(tokens.find('digest')).toBeUndefined();

    remember('digest', holder('anne'));
    expect(tokens.find('digest')).toBeDefined();
  });

  it.each([
    ['when that is turned off', { seconds: 0 }],
    ['on PostgreSQL, where others commit as well', { type: 'postgres' }],
  ])('remembers nothing %s', (_, options) => {
    tokens = cache(options);
    remember('digest', holder('anne'));

    expect(tokens.find('digest')).toBeUndefined();
  });
});
