import { Injectable } from '@nestjs/common';
import { type AuditAction } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Passwords } from '../../platform/crypto/passwords.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.js';
import { EscalationPolicy } from '../permissions/escalation-policy.js';
import { PasswordChanges } from './password-changes.js';
import { PasswordPolicy } from './password-policy.js';
import { refuseService } from '../users/refuse-service.js';
import { UserPasswordsRepository } from './user-passwords.repository.js';
import { type User } from '../users/model/user.entity.js';
import { UsersRepository } from '../users/model/users.repository.js';

/** Replaces passwords. Whoever knew the old one is shut out: all tokens of the user end, and a set-up link is void. */
@Injectable()
export class UserPasswordsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly repository: UserPasswordsRepository,
    private readonly escalation: EscalationPolicy,
    private readonly policy: PasswordPolicy,
    private readonly passwords: Passwords,
    private readonly changes: PasswordChanges,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Sets somebody's password. Also one's own, which then ends the presented token, too.
   *
   * @throws ApplicationError `not_found`, `above_your_permissions`, `validation_failed`, or as the condition says.
   */
  async reset(name: string, password: string, actor: Principal, condition?: VersionCondition): Promise<void> {
    const user = await this.users.getByName(name);
    await this.escalation.precheck(user.id, actor);
    refuseService(user, '/password');
    this.policy.check(password, user);
    const passwordHash = await this.passwords.hash(password);

    await this.writes.transaction(
      async (tx) => {
        await this.escalation.check(user.id, actor, tx);
        checkVersion(condition, (await this.users.getById(user.id, tx)).version);
        await this.users.endTokens([user.id], this.clock.now(), tx);
        await this.replace('authn_password_reset', user, passwordHash, actor, tx);
      },
      [user.id],
    );
  }

  /**
   * Sets the password of the caller, who has shown that they know the one before.
   *
   * @param user the caller, as they were when that was.
   * @param endOthers ends all their tokens but the presented one, in the transaction.
   * @throws ApplicationError `conflict` if somebody else just did the same, as the condition says, or what `endOthers` throws.
   */
  async change(
    user: User,
    password: string,
    actor: Principal,
    endOthers: (tx: WriteTransaction) => Promise<void>,
    condition?: VersionCondition,
  ): Promise<void> {
    const passwordHash = await this.passwords.hash(password);

    await this.writes.transaction(
      async (tx) => {
        const present = await this.users.lock(user.id, tx);
        if (present?.tokensEndedBefore !== user.tokensEndedBefore) {
          throw new ApplicationError('conflict', {
            detail: 'Your password was changed, or your tokens were ended, meanwhile; try again.',
          });
        }
        checkVersion(condition, present.version);
        await endOthers(tx);
        await this.replace('authn_password_change', user, passwordHash, actor, tx);
      },
      [user.id],
    );
  }

  private async replace(
    action: AuditAction,
    { id, name }: User,
    passwordHash: string,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    if (!(await this.repository.setPassword(id, passwordHash, tx))) {
      throw new ApplicationError('not_found', { detail: 'The user was deleted meanwhile.' });
    }
    await this.changes.record(
      { action, actor, origin: actor.origin, subject: { kind: 'user', id, name } },
      tx,
    );
  }
}
