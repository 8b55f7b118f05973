import { Injectable } from '@nestjs/common';
import { type CreateSetUpLinkDto } from '@latchkey/auth-models';
import { type AuditRecord, AuditService, SERVER_ACTOR } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Config } from '../../platform/config/config.js';
import { setUpLetter } from '../../platform/mail/letters.js';
import { createSetUpSecret, digestOf } from '../../platform/crypto/secrets.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { rejectServicePassword } from '../passwords/password-policy.service.js';
import { type SendResult, UserMail } from '../mail/user-mail.service.js';
import { type User } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';

/** Lifetime of a set-up link. */
const LINK_MILLISECONDS = 86_400_000;

/** Lifetime of a link that the user asked for. */
const LOST_PASSWORD_LINK_MILLISECONDS = 3_600_000;

/** One-time link that lets a user set a password. */
interface SetUpLink {
  link: string;
  /** Expiry in epoch milliseconds. */
  expirationTime: EpochMilliseconds;
}

/**
 * Issues set-up links for actors who may set the user's password. The secret is in the fragment, which is
 * never logged.
 */
@Injectable()
export class SetUpService {
  constructor(
    private readonly repository: UsersRepository,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly mail: UserMail,
  ) {}

  /**
   * Issues a link for the user with this name, and sends it if the request asks for that.
   *
   * @throws ApplicationError `not_found`, `above_your_permissions`, `validation_failed` for a service or a
   *   user without an address, or an error of the condition.
   */
  async issueFor(
    name: string,
    { send, language = 'en' }: CreateSetUpLinkDto,
    actor: Principal,
    condition?: VersionCondition,
  ): Promise<SetUpLink & SendResult> {
    const user = await this.repository.getByName(name);
    const address = send ? await this.mail.addressOf(user) : undefined;
    const issued = await this.issue(user, actor, condition);
    const letter = { ...issued, user: user.name, sender: actor.name };
    return { ...issued, ...(address && (await this.mail.send(address, language, setUpLetter, letter))) };
  }

  /**
   * Issues a link for a user. It invalidates an older link; the password stays valid until the link is used.
   * The link is rejected if the user is later granted more than the issuer could delegate.
   *
   * @param actor the issuer; absent = the server itself, on its first start.
   * @throws ApplicationError `not_found`, `above_your_permissions`, or `validation_failed` for a service.
   */
  async issue(
    user: Pick<User, 'id' | 'name' | 'kind'>,
    actor?: Principal,
    condition?: VersionCondition,
  ): Promise<SetUpLink> {
    return this.store(user, LINK_MILLISECONDS, { actor: actor ?? SERVER_ACTOR }, async (tx) => {
      const issuer = actor && (await this.escalation.check(user.id, actor, tx));
      checkVersion(condition, (await this.repository.getById(user.id, tx)).version);
      rejectServicePassword(user, '');
      return { setUpLimit: issuer ? await this.escalation.delegableScope(user.id, issuer, tx) : null };
    });
  }

  /**
   * Issues a link for a user who has lost the password. Nobody granted it, so it has no limit.
   *
   * @throws ApplicationError `not_found`.
   */
  issueForLostPassword(user: Pick<User, 'id' | 'name'>, origin: RequestOrigin): Promise<SetUpLink> {
    const entry = { actor: SERVER_ACTOR, origin, after: { reason: 'lost_password' } };
    return this.store(user, LOST_PASSWORD_LINK_MILLISECONDS, entry, () =>
      Promise.resolve({ setUpLimit: null }),
    );
  }

  /** @param check checks the request in the transaction, and returns the limit of the link. */
  private async store(
    user: Pick<User, 'id' | 'name'>,
    milliseconds: number,
    entry: Pick<AuditRecord, 'actor' | 'origin' | 'after'>,
    check: (tx: WriteTransaction) => Promise<Pick<User, 'setUpLimit'>>,
  ): Promise<SetUpLink> {
    const secret = createSetUpSecret();
    const expirationTime = this.clock.now() + milliseconds;

    await this.writes.transaction(async (tx) => {
      const change = {
        setUpDigest: digestOf(secret),
        setUpExpirationTime: expirationTime,
        ...(await check(tx)),
      };
      if (!(await this.repository.update(user.id, change, tx))) {
        throw new ApplicationError('not_found', { detail: 'The user was deleted in the meantime.' });
      }
      await this.audit.record(
        {
          action: 'user_set_up_link_created',
          ...entry,
          subject: { kind: 'user', id: user.id, name: user.name },
        },
        tx,
      );
    }, 'none');
    // Password managers store the name. The secret is in the fragment, which browsers do not send.
    const page = `${this.config.publicUrl}/admin/set-up?name=${encodeURIComponent(user.name)}`;
    return { link: `${page}#${secret}`, expirationTime };
  }
}
