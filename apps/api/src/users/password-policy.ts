import { Injectable } from '@nestjs/common';
import { passwordLength } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { Config } from '../config/config.js';

/** What a password must not be taken from: what everybody knows of its user. */
export interface PasswordOwner {
  /** Name in any spelling. */
  name: string;
  displayName?: string | null;
  email?: string | null;
}

/** What this server asks of a new password beyond what `IsPassword` asks everywhere. The one place that judges them. */
@Injectable()
export class PasswordPolicy {
  constructor(private readonly config: Config) {}

  /**
   * @param pointer the member of the body that the password came in.
   * @throws ApplicationError `validation_failed` at `pointer`.
   */
  check(password: string, _owner: PasswordOwner, pointer = '/password'): void {
    const { passwordMinLength } = this.config;
    if (passwordLength(password) < passwordMinLength) {
      const message = `${pointer.slice(1)} must have at least ${passwordMinLength} characters`;
      throw new ApplicationError('validation_failed', {
        errors: [{ pointer, code: 'password_too_short', message }],
      });
    }
  }
}
