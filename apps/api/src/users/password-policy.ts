import { Injectable } from '@nestjs/common';
import { passwordLength } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { Config } from '../config/config.js';

/** What this server asks of a new password beyond what `IsPassword` asks everywhere. */
@Injectable()
export class PasswordPolicy {
  constructor(private readonly config: Config) {}

  /** @throws ApplicationError `validation_failed` at `/password`. */
  check(password: string): void {
    const { passwordMinLength } = this.config;
    if (passwordLength(password) < passwordMinLength) {
      const message = `password must have at least ${passwordMinLength} characters`;
      throw new ApplicationError('validation_failed', {
        errors: [{ pointer: '/password', code: 'password_too_short', message }],
      });
    }
  }
}
