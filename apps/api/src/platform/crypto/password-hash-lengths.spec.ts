import { describe, expect, it } from '@jest/globals';
import { flawOfHash } from './password-schemes.js';

const field = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64').replace(/=+$/, '');

const FORMS: [string, number, (salt: string, key: string) => string][] = [
  ['argon2', 8, (salt, key) => `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${key}`],
  ['scrypt', 1, (salt, key) => `$scrypt$ln=10,r=1,p=1$${salt}$${key}`],
  ['PBKDF2', 1, (salt, key) => `$pbkdf2-sha512$i=1000$${salt}$${key}`],
];

describe.each(FORMS)('a hash of %s', (name, leastSalt, hashOf) => {
  it.each([
    [leastSalt, 16],
    [64, 64],
  ])('is accepted with a salt of %d bytes and a key of %d bytes', (salt, key) => {
    expect(flawOfHash(hashOf(field(salt), field(key)))).toBeUndefined();
  });

  it.each([
    [leastSalt - 1, 32],
    [65, 32],
    [16, 15],
    [16, 65],
  ])('is rejected with a salt of %d bytes and a key of %d bytes', (salt, key) => {
    expect(flawOfHash(hashOf(field(salt), field(key)))).toMatch(new RegExp(`is not an? ${name} hash`));
  });

  it('is rejected unless its Base64 fields are whole bytes', () => {
    const salt = field(16);

    expect(flawOfHash(hashOf(salt, `${field(30)}A`))).toMatch(new RegExp(`is not an? ${name} hash`));
    expect(flawOfHash(hashOf(salt, `_${field(30)}`))).toMatch(new RegExp(`is not an? ${name} hash`));
  });

  it('is rejected with other text around it', () => {
    const hash = hashOf(field(16), field(32));

    expect(flawOfHash(` ${hash}`)).toContain('is not a hash of');
    expect(flawOfHash(`${hash}$`)).toMatch(new RegExp(`is not an? ${name} hash`));
  });
});
