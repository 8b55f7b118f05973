import { describe, expect, it } from '@jest/globals';
import { validate } from 'class-validator';
import { IsPasswordHash } from './imported-user.js';

class Imported {
  @IsPasswordHash()
  passwordHash: unknown;

  constructor(passwordHash: unknown) {
    this.passwordHash = passwordHash;
  }
}

const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

const messageOf = async (value: unknown) =>
  (await validate(new Imported(value)))[0]?.constraints?.isPasswordHash;

describe('IsPasswordHash', () => {
  it('accepts a hash that can be verified', async () => {
    expect(await messageOf(HASH)).toBeUndefined();
  });

  it('reports the problem of an invalid hash without repeating it', async () => {
    const message = await messageOf('correct horse');

    expect(message).toMatch(/^passwordHash is not a hash of /);
    expect(message).not.toContain('correct horse');
  });

  it.each([17, null, undefined, { hash: HASH }, [HASH]])('rejects %j', async (value) => {
    expect(await messageOf(value)).toBe('passwordHash is not text');
  });
});
