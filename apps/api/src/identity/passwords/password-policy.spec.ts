import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Config } from '../../platform/config/config.js';
import { CommonPasswords } from './blocklist/common-passwords.js';
import { PasswordPolicy } from './password-policy.js';

const OWNER = { name: 'jane.doe', displayName: 'Jane Q. Döe', email: 'j.doe@example.com' };

let policy: PasswordPolicy;

beforeAll(async () => {
  const config = { passwordMinLength: 15, publicUrl: 'https://auth.acme.example' } as Config;
  policy = new PasswordPolicy(config, await CommonPasswords.load());
});

describe('PasswordPolicy', () => {
  it.each([
    ['fifteen letters', 'xrvqzetwopmkdhb'],
    ['words with spaces between', 'a long enough password'],
    ['fifteen letters outside the basic plane', '🐎🐌🦋🐳🌵🍄🎈🎲🚜⛵🪁🧶🥁📻🔑'],
    ['a name among other words', 'jane went home by the blue tram'],
  ])('takes %s', (_, password) => {
    expect(() => policy.check(password, OWNER)).not.toThrow();
  });

  it.each([
    ['fourteen letters', 'xrvqzetwopmkdh'],
    ['fourteen letters of two units each', '🐎'.repeat(14)],
    ['fourteen letters of two code points each, composed', 'u\u0308'.repeat(14)],
    ['nothing', ''],
  ])('refuses %s, with the length it wants', (_, password) => {
    expect(() => policy.check(password, OWNER)).toThrow(
      refusal('/password', 'password_too_short', 'password must have at least 15 characters'),
    );
  });

  it('refuses what is on the list, and says what to choose instead', () => {
    expect(() => policy.check('1qaz2wsx3edc4rfv', OWNER)).toThrow(
      refusal(
        '/password',
        'password_too_common',
        'password is one of the first that attackers try, or close to one; choose some words that have nothing to do with each other or with you',
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
  ])('refuses %s, at the member it came in', (_, password) => {
    expect(() => policy.check(password, OWNER, '/newPassword')).toThrow(
      refusal(
        '/newPassword',
        'password_too_predictable',
        'newPassword is made of names, repetitions or sequences; choose some words that have nothing to do with each other or with you',
      ),
    );
  });

  it('knows no more of a user than they told', () => {
    expect(() => policy.check('jane.doe jane.doe', { name: 'ann', displayName: null })).not.toThrow();
  });
});

function refusal(pointer: string, code: string, message: string): unknown {
  return expect.objectContaining({
    code: 'validation_failed',
    options: { errors: [{ pointer, code, message }] },
  });
}
