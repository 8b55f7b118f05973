import { isPassword } from '@latchkey/auth-models';
import { webcrypto } from 'node:crypto';
import { generatePassword } from './password-field';

beforeAll(() => {
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true });
});

describe('generatePassword', () => {
  it('returns four groups that can be read out', () => {
    const password = generatePassword();

    expect(password).toMatch(/^([bdfghjkmnprstvwz][aeio]){3}(-([bdfghjkmnprstvwz][aeio]){3}){3}$/);
    expect(isPassword(password)).toBe(true);
  });

  it('returns a different password each time', () => {
    const passwords = Array.from({ length: 200 }, generatePassword);

    expect(new Set(passwords).size).toBe(200);
  });
});
