import { Injectable } from '@nestjs/common';
import { isPassword, type UserKind } from '@latchkey/auth-models';
import { ApplicationError, errorAt, ConfigurationError } from '../../common/application-error.js';
import { CREATE_TOKEN_INSTEAD } from '../../common/request-advice.js';
import { Config } from '../../platform/config/config.js';
import { CommonPasswords } from './blocklist/common-passwords.js';
import { knownWords, type PasswordOwner } from './blocklist/known-words.js';
import { weaknessOf, type Weakness } from './blocklist/weakness.js';

const WEAKNESSES: Readonly<Record<Weakness, string>> = {
  common: 'is a common password, or similar to one',
  predictable: 'consists of names, repetitions or sequences',
};

/** Blocklist for new passwords. `IsPassword` checks their form and length. */
@Injectable()
export class PasswordPolicy {
  constructor(
    private readonly config: Config,
    private readonly common: CommonPasswords,
  ) {}

  /**
   * @param pointer the member of the body with the password.
   * @throws ApplicationError `validation_failed` at `pointer`.
   */
  check(password: string, owner: PasswordOwner, pointer = '/password'): void {
    const member = pointer.slice(1);
    const weakness = weaknessOf(password, knownWords(owner, this.config.publicUrl), this.common);
    if (weakness) {
      const message = `${member} ${WEAKNESSES[weakness]}; choose several words that are unrelated to each other and to you`;
      throw errorAt(pointer, `password_too_${weakness}`, message);
    }
  }

  /** Checks the configured password of the first administrator. @throws ConfigurationError */
  checkConfigured(): void {
    const { adminName, adminPassword, passwordMinLength } = this.config;
    if (adminPassword === undefined) {
      return;
    }
    if (!isPassword(adminPassword, { minLength: passwordMinLength })) {
      throw new ConfigurationError(
        `LATCHKEY_ADMIN_PASSWORD: password must have at least ${passwordMinLength} characters`,
      );
    }
    try {
      this.check(adminPassword, { name: adminName });
    } catch (error) {
      const { errors = [] } = error instanceof ApplicationError ? error.options : {};
      const reason = errors.map(({ message }) => message).join('; ');
      throw new ConfigurationError(`LATCHKEY_ADMIN_PASSWORD: ${reason}`, { cause: error });
    }
  }
}

const DETAIL = `A service cannot have a password or a set-up link. ${CREATE_TOKEN_INSTEAD}.`;

/**
 * Rejects a password or set-up link for a service, because services use tokens only.
 *
 * @param pointer the member of the body with the password; empty if the request itself is wrong.
 * @throws ApplicationError `validation_failed`.
 */
export function rejectServicePassword({ kind }: { kind?: UserKind }, pointer: '/password' | ''): void {
  if (kind === 'service') {
    const message = 'a service cannot have a password; create a token for it';
    throw errorAt(pointer, 'service_password', message, 'validation_failed', DETAIL);
  }
}
