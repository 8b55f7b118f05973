import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../common/clock.js';
import { type Principal } from '../common/principal.js';
import { type RequestOrigin } from '../common/request-origin.js';
import { Config } from '../config/config.js';
import { Passwords } from '../crypto/passwords.js';
import { createSetUpSecret, digestOf } from '../crypto/secrets.js';
import { Writes } from '../database/writes.js';
import { PasswordPolicy } from './password-policy.js';
import { UsersRepository } from './users.repository.js';

/** How long a set-up link can be used. */
const LINK_MILLISECONDS = 86_400_000;

/** A link with which somebody chooses their password, once. */
export interface SetUpLink {
  link: string;
  /** Its end, epoch milliseconds. */
  expirationTime: EpochMilliseconds;
}

/** Set-up links: made by whoever may set a password, used up by whoever chooses it. */
@Injectable()
export class SetUpService {
  constructor(
    private readonly repository: UsersRepository,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a link for a user; an older one stops working. The secret is in the fragment, which reaches no log.
   *
   * @param actor who makes it; absent = the server itself, on its first start.
   */
  async issue(user: { id: string; name: string }, actor?: Principal): Promise<SetUpLink> {
    const secret = createSetUpSecret();
    const expirationTime = this.clock.now() + LINK_MILLISECONDS;
    const change = { setUpDigest: digestOf(secret), setUpExpirationTime: expirationTime };

    await this.writes.transaction(async (tx) => {
      await this.repository.update(user.id, change, tx);
      await this.audit.record(
        {
          action: 'user_set_up_link_created',
          ...(actor && { actor, origin: actor.origin }),
          subject: { kind: 'user', id: user.id, name: user.name },
        },
        tx,
      );
    });
    return { link: `${this.config.publicUrl}/admin/set-up#${secret}`, expirationTime };
  }

  /**
   * Uses a link up: sets the password and ends every token of the user.
   *
   * @throws ApplicationError `set_up_refused`, alike for used, old, unknown and disabled, or `validation_failed`.
   */
  async complete(secret: string, password: string, origin: RequestOrigin): Promise<void> {
    const digest = digestOf(secret);
    const user = await this.repository.findBySetUpDigest(digest, this.clock.now());
    if (!user) {
      throw new ApplicationError('set_up_refused');
    }
    this.policy.check(password, user);
    const passwordHash = await this.passwords.hash(password);

    await this.writes.transaction(async (tx) => {
      if (!(await this.repository.consumeSetUp(digest, passwordHash, this.clock.now(), tx))) {
        throw new ApplicationError('set_up_refused');
      }
      const self = { id: user.id, name: user.name };
      await this.audit.record(
        { action: 'authn_password_set', actor: self, subject: { kind: 'user', ...self }, origin },
        tx,
      );
    });
  }
}
