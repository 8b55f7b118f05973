import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Config } from '../config/config.js';
import { Metrics } from '../metrics/metrics.service.js';
import { HashQueue } from './hash-queue.service.js';
import { costOf } from './password-schemes.js';
import { Passwords } from './passwords.service.js';
import { ARGON2 } from './schemes/argon2.scheme.js';

const COST = { memoryKib: 19_456, passes: 2 };
const PASSWORD = 'ünpässlich: 暗号 🐎 staple';

const withCost = (argon2: Config['argon2'], queue = new HashQueue(new Metrics())) =>
  new Passwords({ argon2 } as Config, queue);

describe('Passwords', () => {
  const passwords = withCost(COST);
  let stored: string;

  beforeAll(async () => {
    stored = await passwords.hash(PASSWORD);
  });

  it('creates argon2id PHC strings with parameters and a 16-byte salt', () => {
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  });

  it('uses a salt, so one password has many hashes', async () => {
    expect(await passwords.hash(PASSWORD)).not.toBe(stored);
  });

  it.each(['NFC', 'NFD'] as const)('verifies the password in %s', async (form) => {
    expect(await passwords.verify(stored, PASSWORD.normalize(form))).toBe(true);
  });

  it('verifies in NFC what was set in NFD', async () => {
    expect(await passwords.verify(await passwords.hash(PASSWORD.normalize('NFD')), PASSWORD)).toBe(true);
  });

  it.each([
    ['with NUL appended', `${PASSWORD}\0`],
    ['in another case', PASSWORD.toUpperCase()],
    ['with a space appended', `${PASSWORD} `],
    ['in NFKC, where it differs', PASSWORD.replace('staple', 'ｓｔａｐｌｅ')],
    ['cut', PASSWORD.slice(0, -1)],
    ['empty', ''],
  ])('rejects the password %s', async (_, given) => {
    expect(await passwords.verify(stored, given)).toBe(false);
  });

  it.each([72, 73, 200, 255])('detects a difference at character %i', async (place) => {
    const long = 'x'.repeat(256);
    const hash = await passwords.hash(long);

    expect(await passwords.verify(hash, `${long.slice(0, place)}y${long.slice(place + 1)}`)).toBe(false);
    expect(await passwords.verify(hash, long)).toBe(true);
  });

  it('verifies bcrypt hashes by the first 72 bytes', async () => {
    const hash = '$2b$04$nRXjnF58UwWWO4ixHE9gPOPP1nrfIdTwEyCHJafEnaQfo8ReybRTS';

    expect(await passwords.verify(hash, `${'a'.repeat(72)} and more`)).toBe(true);
    expect(await passwords.verify(hash, 'a'.repeat(71))).toBe(false);
  });

  it('reports a hash of another scheme as outdated', () => {
    expect(passwords.isOutdated('$2b$14$rbBNGguWfaSV8mncntiVgeOY5wUTCkAqkmVbDkK3vV7XzVnBsDbFC')).toBe(true);
  });

  it('throws for a stored value that is not a hash', async () => {
    await expect(passwords.verify('a password in clear', 'a password in clear')).rejects.toThrow(/form/);
  });

  it('returns false without a hash', async () => {
    expect(await passwords.verify(null, PASSWORD)).toBe(false);
  });

  it('returns false without a hash, even if the dummy matches', async () => {
    expect(await passwords.verify(null, PASSWORD, undefined, stored)).toBe(false);
  });

  it('ignores the dummy if there is a hash', async () => {
    expect(await passwords.verify(stored, PASSWORD, undefined, await passwords.hash('another'))).toBe(true);
  });

  it('hashes nothing if the earlier step fails', async () => {
    const verify = jest.spyOn(ARGON2, 'verify');
    const failure = new Error('too many attempts');

    await expect(passwords.verify(stored, PASSWORD, () => Promise.reject(failure))).rejects.toBe(failure);

    expect(verify).not.toHaveBeenCalled();
    verify.mockRestore();
  });

  it('throws the error of a full queue', () => {
    const queue = new HashQueue(new Metrics());
    const full = new Error('full');
    jest.spyOn(queue, 'rejectIfFull').mockImplementation(() => {
      throw full;
    });

    expect(() => withCost(COST, queue).rejectIfBusy()).toThrow(full);
  });

  it('does as much work without a hash as with one', async () => {
    const queue = new HashQueue(new Metrics());
    const run = jest.spyOn(queue, 'run');
    const counted = withCost(COST, queue);
    await counted.verify(null, PASSWORD);
    run.mockClear();

    await counted.verify(null, PASSWORD);
    const unknown = run.mock.calls.length;
    await counted.verify(stored, PASSWORD);

    expect([unknown, run.mock.calls.length - unknown]).toEqual([1, 1]);
  });

  it('verifies a hash of the same cost without a hash as with one', async () => {
    const verify = jest.spyOn(ARGON2, 'verify');
    await passwords.verify(stored, 'another password');
    await passwords.verify(null, 'another password');

    const [known, unknown] = verify.mock.calls.map(([hash]) => costOf(hash));
    verify.mockRestore();

    expect(known).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(unknown).toBe(known);
  });
});

describe('Passwords.isOutdated', () => {
  it.each([
    ['the same cost', 'm=19456,t=2,p=1', false],
    ['a higher cost', 'm=65536,t=3,p=1', false],
    ['more passes and lanes, with two digits each', 'm=19456,t=10,p=16', false],
    ['less memory', 'm=19455,t=2,p=1', true],
    ['fewer passes', 'm=19456,t=1,p=1', true],
    ['more memory and fewer passes', 'm=65536,t=1,p=1', true],
  ])('returns for %s (%s): %j', (_, parameters, isOutdated) => {
    expect(withCost(COST).isOutdated(`$argon2id$v=19$${parameters}$c2FsdHNhbHRzYWx0c2E$aGFzaA`)).toBe(
      isOutdated,
    );
  });

  it.each([
    '$argon2i$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA',
    '$argon2id$v=16$m=65536,t=3,p=1$c2FsdA$aGFzaA',
    '$2b$12$x',
    '',
  ])('returns true for another algorithm: %j', (stored) => {
    expect(withCost(COST).isOutdated(stored)).toBe(true);
  });

  it('returns true for a hash from before the cost was raised', async () => {
    const stored = await withCost(COST).hash(PASSWORD);

    expect(withCost({ ...COST, passes: 3 }).isOutdated(stored)).toBe(true);
    expect(withCost(COST).isOutdated(stored)).toBe(false);
  });
});
