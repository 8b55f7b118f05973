import { Injectable } from '@nestjs/common';
import { type AuditAction } from '@latchkey/auth-models';
import { type AuditRecord, AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Passwords } from '../../platform/crypto/passwords.service.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { type User } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';
import { PasswordPolicy, rejectServicePassword } from './password-policy.service.js';
import { UserPasswordsRepository } from './user-passwords.repository.js';

/** Changes of passwords, with the side effects that all of them have. */
@Injectable()
export class PasswordChanges {
  constructor(
    private readonly repository: UserPasswordsRepository,
    private readonly throttle: ThrottleService,
    private readonly audit: AuditService,
  ) {}

  /** Records the change and forgets the networks known by the old password, which may have been stolen. */
  async record(record: AuditRecord, tx: WriteTransaction): Promise<void> {
    await this.throttle.forgetNetworks([record.subject.name], tx);
    await this.audit.record(record, tx);
  }

  /** Replaces the password, which also removes the set-up link. @throws ApplicationError `not_found`. */
  async replace(
    action: AuditAction,
    { id, name }: User,
    passwordHash: string,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    if (!(await this.repository.setPassword(id, passwordHash, tx))) {
      throw new ApplicationError('not_found', { detail: 'The user was deleted in the meantime.' });
    }
    await this.record({ action, actor, subject: { kind: 'user', id, name } }, tx);
  }
}

/**
 * Replaces passwords. This revokes the user's tokens and the set-up link, in case the old password was
 * stolen.
 */
@Injectable()
export class UserPasswordsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly escalation: EscalationPolicy,
    private readonly policy: PasswordPolicy,
    private readonly passwords: Passwords,
    private readonly changes: PasswordChanges,
    private readonly writes: Writes,
  ) {}

  /**
   * Sets the password of any user. For the actor's own user, this also revokes the presented token.
   *
   * @throws ApplicationError `not_found`, `above_your_permissions`, `validation_failed`, or an error of the
   *   condition.
   */
  async reset(name: string, password: string, actor: Principal, condition?: VersionCondition): Promise<void> {
    const user = await this.users.getByName(name);
    await this.escalation.precheck(user.id, actor);
    rejectServicePassword(user, '/password');
    this.policy.check(password, user);
    const passwordHash = await this.passwords.hash(password);

    await this.writes.transaction(
      async (tx) => {
        await this.escalation.check(user.id, actor, tx);
        checkVersion(condition, (await this.users.getById(user.id, tx)).version);
        await this.users.revokeTokens([user.id], tx);
        await this.changes.replace('authn_password_reset', user, passwordHash, actor, tx);
      },
      [user.id],
    );
  }

  /**
   * Sets the password of the caller, whose current password was verified.
   *
   * @param user the caller, as read when the password was verified.
   * @param revokeOthers revokes all tokens of the caller except the presented one, in the transaction.
   * @throws ApplicationError `conflict` after a concurrent change, an error of the condition, or an error of
   * `revokeOthers`.
   */
  async change(
    user: User,
    password: string,
    actor: Principal,
    revokeOthers: (tx: WriteTransaction) => Promise<void>,
    condition?: VersionCondition,
  ): Promise<void> {
    const passwordHash = await this.passwords.hash(password);

    await this.writes.transaction(
      async (tx) => {
        const current = await this.users.lock(user.id, tx);
        if (current?.tokensRevokedBefore !== user.tokensRevokedBefore) {
          throw new ApplicationError('conflict', {
            detail: 'Your password was changed or your tokens were revoked in the meantime. Try again.',
          });
        }
        checkVersion(condition, current.version);
        await revokeOthers(tx);
        await this.changes.replace('authn_password_change', user, passwordHash, actor, tx);
      },
      [user.id],
    );
  }
}
