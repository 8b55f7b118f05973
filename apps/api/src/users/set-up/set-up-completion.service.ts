import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { Passwords } from '../../platform/crypto/passwords.service.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { PasswordChanges } from '../passwords/user-passwords.service.js';
import { PasswordPolicy } from '../passwords/password-policy.service.js';
import { UserPasswordsRepository } from '../passwords/user-passwords.repository.js';
import { type User } from '../model/user.entity.js';

/** Sets passwords by set-up links. */
@Injectable()
export class SetUpCompletionService {
  constructor(
    private readonly repository: UserPasswordsRepository,
    private readonly escalation: EscalationPolicy,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly changes: PasswordChanges,
    private readonly writes: Writes,
  ) {}

  /**
   * Consumes a link: sets the password and revokes every token of the user.
   *
   * @throws ApplicationError `validation_failed`, or `set_up_refused` for used, expired and unknown links,
   *   for disabled users, and for users who now hold more than the issuer of the link could delegate.
   */
  async complete(secret: string, password: string, origin: RequestOrigin): Promise<void> {
    const digest = digestOf(secret);
    const user = await this.repository.findBySetUpDigest(digest);
    if (!user) {
      throw new ApplicationError('set_up_refused');
    }
    await this.checkLimit(user);
    this.policy.check(password, user);
    const passwordHash = await this.passwords.hash(password);

    await this.writes.transaction(
      async (tx) => {
        // Prevents grants between the check and the change of the password.
        await this.escalation.lockAuthority(tx);
        await this.checkLimit(user, tx);
        if (!(await this.repository.consumeSetUp(digest, passwordHash, tx))) {
          throw new ApplicationError('set_up_refused');
        }
        const self = { id: user.id, name: user.name };
        await this.changes.record(
          { action: 'authn_password_set', actor: self, subject: { kind: 'user', ...self }, origin },
          tx,
        );
      },
      [user.id],
    );
  }

  private async checkLimit({ id, setUpLimit }: User, tx?: WriteTransaction): Promise<void> {
    if (await this.escalation.holdsMore(id, setUpLimit, tx)) {
      throw new ApplicationError('set_up_refused');
    }
  }
}
