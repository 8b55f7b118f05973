import { Injectable } from '@nestjs/common';
import { type AuditAction, type ChangePasswordDto, normalizePassword } from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError, errorAt } from '../../common/application-error.js';
import { checkNotRestricted, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { Passwords } from '../../platform/crypto/passwords.service.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { PasswordPolicy } from '../passwords/password-policy.service.js';
import { UserPasswordsRepository } from '../passwords/user-passwords.repository.js';
import { UserPasswordsService } from '../passwords/user-passwords.service.js';
import { type User } from '../model/user.entity.js';
import { UserTokens } from '../user-tokens.js';

/**
 * Verifies the caller's password again. Failures count as failed logins, so that a stolen token does not help
 * to guess.
 */
@Injectable()
export class CurrentPassword {
  constructor(
    private readonly repository: UserPasswordsRepository,
    private readonly throttle: ThrottleService,
    private readonly passwords: Passwords,
    private readonly audit: AuditService,
  ) {}

  /**
   * Returns the caller with the password hash.
   *
   * @throws ApplicationError `validation_failed` if the caller has no password.
   */
  async find(actor: Principal): Promise<User> {
    const user = await this.repository.findWithPassword(actor.id);
    if (!user) {
      throw new ApplicationError('unauthenticated');
    }
    if (user.passwordHash === null) {
      throw errorAt(
        '/currentPassword',
        'no_password',
        user.kind === 'service'
          ? 'a service has no password; it uses tokens'
          : 'you have no password yet; ask an administrator for a set-up link',
      );
    }
    return user;
  }

  /**
   * Checks the password of the caller.
   *
   * @param failure action of the audit entry about a wrong password.
   * @throws ApplicationError `throttled` or `overloaded` before the password is hashed, or
   *   `current_password_wrong`.
   */
  check(
    user: User,
    password: string,
    actor: Principal,
    failure: AuditAction = 'authn_password_change_fail',
  ): Promise<void> {
    return this.throttle.attempt(actor.origin, user.name, async (attempt) => {
      if (await this.passwords.verify(user.passwordHash, password, () => attempt.confirm())) {
        await attempt.succeed();
        return;
      }
      await attempt.fail((tx) => this.recordFailure(failure, actor, tx));
      const message = 'the current password is wrong';
      throw errorAt('/currentPassword', 'current_password_wrong', message, 'current_password_wrong');
    });
  }

  private recordFailure(action: AuditAction, actor: Principal, tx: WriteTransaction): Promise<void> {
    return this.audit.record(
      {
        action,
        outcome: 'failure',
        actor,
        subject: { kind: 'user', id: actor.id, name: actor.name },
      },
      tx,
    );
  }
}

/** Changes the caller's own password. */
@Injectable()
export class MyPasswordService {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly currentPassword: CurrentPassword,
    private readonly passwords: UserPasswordsService,
    private readonly tokens: UserTokens,
  ) {}

  /**
   * Changes the caller's password and revokes all their tokens except the presented one.
   *
   * @throws ApplicationError `validation_failed`, `throttled`, `overloaded`, `current_password_wrong`,
   *   `conflict`, `forbidden` if the presented token is limited, or an error of the condition.
   */
  async change(
    { currentPassword, newPassword }: ChangePasswordDto,
    actor: Principal,
    condition?: VersionCondition,
  ): Promise<void> {
    // The change revokes all other tokens. Check before the password, so that a limited token cannot be used
    // to guess it.
    checkNotRestricted(actor);
    const user = await this.currentPassword.find(actor);
    this.policy.check(newPassword, user, '/newPassword');
    if (normalizePassword(newPassword) === normalizePassword(currentPassword)) {
      throw errorAt(
        '/newPassword',
        'password_unchanged',
        'the new password must differ from the current one',
      );
    }
    await this.currentPassword.check(user, currentPassword, actor);
    const revokeOthers = (tx: WriteTransaction) => this.tokens.revokeOthers(actor, tx);
    await this.passwords.change(user, newPassword, actor, revokeOthers, condition);
  }
}
