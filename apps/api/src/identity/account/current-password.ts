import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { Passwords } from '../../platform/crypto/passwords.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { type User } from '../users/model/user.entity.js';

/** Verifies the caller's password again. Failures count as failed logins, so that a stolen token does not help to guess. */
@Injectable()
export class CurrentPassword {
  constructor(
    private readonly throttle: ThrottleService,
    private readonly passwords: Passwords,
    private readonly audit: AuditService,
  ) {}

  /**
   * Checks the password of the caller.
   *
   * @throws ApplicationError `throttled` or `overloaded` before the password is hashed, or `current_password_wrong`.
   */
  async check(user: User, password: string, actor: Principal): Promise<void> {
    const attempt = await this.throttle.admit(actor.origin.address, user.name);
    let isMatch: boolean;
    try {
      isMatch = await this.passwords.verify(user.passwordHash, password, () => attempt.confirm());
    } catch (error) {
      attempt.abandon();
      throw error;
    }
    if (isMatch) {
      await attempt.succeed();
      return;
    }
    await attempt.fail((tx) => this.recordFailure(actor, tx));
    const message = 'the current password is wrong';
    throw new ApplicationError('current_password_wrong', {
      errors: [{ pointer: '/currentPassword', code: 'current_password_wrong', message }],
    });
  }

  private recordFailure(actor: Principal, tx: WriteTransaction): Promise<void> {
    return this.audit.record(
      {
        action: 'authn_password_change_fail',
        outcome: 'failure',
        actor,
        origin: actor.origin,
        subject: { kind: 'user', id: actor.id, name: actor.name },
      },
      tx,
    );
  }
}
