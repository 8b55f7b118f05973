import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Pseudonyms } from '../../audit/keys/audit-keys.service.js';
import { costOf, flawOfHash } from '../../platform/crypto/password-schemes.js';
import { type Logger } from '../../platform/logging/logger.js';
import { DummyHashes } from './login-passwords.service.js';
import { type UserPasswordsRepository } from './user-passwords.repository.js';

const SALT = 'c29tZXNhbHRzb21lc2FsdA';
const KEY = 'Ot9AqLxIX2qHfWbn1xYrOaZcyzsNqnVQG4gWx/9CLnY';
const CHEAP = `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${KEY}`;
const DEAR = `$argon2id$v=19$m=65536,t=3,p=1$${SALT}$${KEY}`;
const BCRYPT = '$2b$04$nRXjnF58UwWWO4ixHE9gPOPP1nrfIdTwEyCHJafEnaQfo8ReybRTS';
const SCRYPT = `$scrypt$ln=12,r=8,p=1$${SALT}$${KEY}`;
const PBKDF2 = `$pbkdf2-sha256$29000$${SALT}$${KEY}`;
const NAMES = Array.from({ length: 1_000 }, (_, index) => `name-${index}`);

let hashes: string[];
let now: number;
let findHashes: jest.Mock<(after: string | undefined, limit: number) => Promise<object[]>>;
let dummies: DummyHashes;

beforeEach(() => {
  now = 1_700_000_000_000;
  findHashes = jest.fn((after, limit) => {
    const start = after === undefined ? 0 : Number(after) + 1;
    const rows = hashes.slice(start, start + limit);
    return Promise.resolve(rows.map((passwordHash, index) => ({ id: String(start + index), passwordHash })));
  });
  dummies = new DummyHashes(
    { findHashes } as unknown as UserPasswordsRepository,
    { of: (text: string) => createHash('sha256').update(text).digest('base64') } as Pseudonyms,
    { now: () => now },
    { warn: jest.fn() } as unknown as Logger,
  );
});

const many = (hash: string, count: number) => Array.from({ length: count }, () => hash);
const costOfDummy = async (name: string) => costOf((await dummies.of(name)) ?? '');

describe('DummyHashes', () => {
  it('distributes names over the stored costs by their frequency', async () => {
    hashes = [...many(CHEAP, 900), ...many(DEAR, 300)];

    const costs = await Promise.all(NAMES.map(costOfDummy));

    const dear = costs.filter((cost) => cost.includes('m=65536')).length;
    expect(dear).toBeGreaterThan(200);
    expect(dear).toBeLessThan(300);
  });

  it('returns the same dummy for a name each time', async () => {
    hashes = [...many(CHEAP, 5), ...many(DEAR, 5)];

    expect(await dummies.of('anne')).toBe(await dummies.of('anne'));
  });

  it('moves names only to the cost that gains weight', async () => {
    hashes = [...many(BCRYPT, 50), ...many(CHEAP, 50), DEAR];
    const before = await Promise.all(NAMES.map(costOfDummy));
    hashes = [...many(BCRYPT, 50), ...many(CHEAP, 50), ...many(DEAR, 50)];
    now += 60_000;
    await dummies.of('anne');
    await new Promise(setImmediate);
    const after = await Promise.all(NAMES.map(costOfDummy));

    const moved = after.filter((cost, index) => cost !== before[index]);
    expect(moved.length).toBeGreaterThan(200);
    expect(new Set(moved).size).toBe(1);
    expect(moved[0]).toContain('m=65536');
  });

  it.each([CHEAP, BCRYPT, SCRYPT, PBKDF2])('returns a valid hash with another key for %s', async (hash) => {
    hashes = [hash];
    const dummy = (await dummies.of('anne')) ?? '';

    expect(flawOfHash(dummy)).toBeUndefined();
    expect(dummy).not.toBe(hash);
    expect([dummy.length, dummy.slice(0, -21)]).toEqual([hash.length, hash.slice(0, -21)]);
  });

  it('reads the table once a minute, regardless of the number of logins', async () => {
    hashes = many(CHEAP, 700);
    await Promise.all(NAMES.map((name) => dummies.of(name)));
    expect(findHashes).toHaveBeenCalledTimes(2);

    now += 59_999;
    await dummies.of('anne');
    expect(findHashes).toHaveBeenCalledTimes(2);
    now += 1;
    await dummies.of('anne');
    expect(findHashes).toHaveBeenCalledTimes(3);
  });

  it('returns undefined when no user has a password', async () => {
    hashes = [];

    expect(await dummies.of('anne')).toBeUndefined();
  });

  it('keeps the cached costs when the table cannot be read', async () => {
    hashes = [CHEAP];
    const known = await dummies.of('anne');
    findHashes.mockRejectedValue(new Error('away'));
    now += 60_000;

    await dummies.of('anne');
    await new Promise(setImmediate);

    expect(await dummies.of('anne')).toBe(known);
  });
});
