import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Config } from '../../platform/config/config.js';
import { CommonPasswords } from './blocklist/common-passwords.js';
import { PasswordPolicy } from './password-policy.service.js';

const OWNER = { name: 'jane.doe', displayName: 'Jane Q. Döe', email: 'j.doe@example.com' };

let policy: PasswordPolicy;

beforeAll(async () => {
  const config = { publicUrl: 'https://auth.acme.example' } as Config;
  policy = new PasswordPolicy(config, await CommonPasswords.load());
});

describe('PasswordPolicy', () => {
  it.each([
    ['fifteen letters', 'xrvqzetwopmkdhb'],
    ['words with spaces between', 'a long enough password'],
    ['fifteen letters outside the basic plane', '🐎🐌🦋🐳🌵🍄🎈🎲🚜⛵🪁🧶🥁📻🔑'],
    ['a name among other words', 'jane went home by the blue tram'],
  ])('accepts %s', (_, password) => {
    expect(() => policy.check(password, OWNER)).not.toThrow();
  });

  it('rejects a common password, with advice', () => {
    expect(() => policy.check('1qaz2wsx3edc4rfv', OWNER)).toThrow(
      validationError(
        '/password',
        'password_too_common',
        'password is a common password, or similar to one; choose several words that are unrelated to each other and to you',
      ),
    );
  });

  it.each([
    ['their name', 'jane.doe jane.doe'],
    ['their name in capitals with a year', 'JaneDoe-JaneDoe-1987'],
    ['their display name', 'Jane Q. Döe, Jane Q. Döe'],
    ['their e-mail address', 'j.doe@example.com'],
    ['the product', 'LatchkeyLatchkey!'],
    ["the server's host name", 'auth.acme.example'],
  ])('rejects %s, with a pointer to the member', (_, password) => {
    expect(() => policy.check(password, OWNER, '/newPassword')).toThrow(
      validationError(
        '/newPassword',
        'password_too_predictable',
        'newPassword consists of names, repetitions or sequences; choose several words that are unrelated to each other and to you',
      ),
    );
  });

  it('ignores facts that the user did not provide', () => {
    expect(() => policy.check('jane.doe jane.doe', { name: 'ann', displayName: null })).not.toThrow();
  });
});

function validationError(pointer: string, code: string, message: string): unknown {
  return expect.objectContaining({
    code: 'validation_failed',
    options: { errors: [{ pointer, code, message }] },
  });
}
