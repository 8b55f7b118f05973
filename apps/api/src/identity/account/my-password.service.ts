import { Injectable } from '@nestjs/common';
import { normalizePassword, type ChangePasswordDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { checkNotRestricted } from '../tokens/access/token-access.js';
import { UserRevocationsService } from '../tokens/revoke/user-revocations.service.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { UserPasswordsRepository } from '../passwords/user-passwords.repository.js';
import { UserPasswordsService } from '../passwords/user-passwords.service.js';
import { CurrentPassword } from './current-password.js';

/** Changes the caller's own password. */
@Injectable()
export class MyPasswordService {
  constructor(
    private readonly repository: UserPasswordsRepository,
    private readonly policy: PasswordPolicy,
    private readonly currentPassword: CurrentPassword,
    private readonly passwords: UserPasswordsService,
    private readonly revocations: UserRevocationsService,
  ) {}

  /**
   * Changes the caller's password, and revokes all their tokens except the presented one.
   *
   * @throws ApplicationError `validation_failed`, `throttled`, `overloaded`, `current_password_wrong`, `conflict`,
   * `forbidden` if the presented token is limited, or an error of the condition.
   */
  async change(
    { currentPassword, newPassword }: ChangePasswordDto,
    actor: Principal,
    condition?: VersionCondition,
  ): Promise<void> {
    // The change revokes all other tokens. Check before the password, so that a limited token cannot be used to guess it.
    checkNotRestricted(actor);
    const user = await this.repository.findWithPassword(actor.id);
    if (!user) {
      throw new ApplicationError('unauthenticated');
    }
    if (user.passwordHash === null) {
      throw validationError(
        '/currentPassword',
        'no_password',
        user.kind === 'service'
          ? 'a service has no password; it uses tokens'
          : 'you have no password yet; ask an administrator for a set-up link',
      );
    }
    this.policy.check(newPassword, user, '/newPassword');
    if (normalizePassword(newPassword) === normalizePassword(currentPassword)) {
      throw validationError(
        '/newPassword',
        'password_unchanged',
        'the new password must differ from the current one',
      );
    }
    await this.currentPassword.check(user, currentPassword, actor);
    const revokeOthers = (tx: WriteTransaction) => this.revocations.revokeOthersIn(actor, tx);
    await this.passwords.change(user, newPassword, actor, revokeOthers, condition);
  }
}

function validationError(pointer: string, code: string, message: string): ApplicationError {
  return new ApplicationError('validation_failed', { errors: [{ pointer, code, message }] });
}
