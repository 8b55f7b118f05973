import { Injectable } from '@nestjs/common';
import { AuditService, SERVER_ACTOR } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Config } from '../../platform/config/config.js';
import { createSetUpSecret, digestOf } from '../../platform/crypto/secrets.js';
import { Writes } from '../../platform/database/writes.js';
import { EscalationPolicy } from '../permissions/escalation-policy.js';
import { refuseService } from '../users/refuse-service.js';
import { type User } from '../users/model/user.entity.js';
import { UsersRepository } from '../users/model/users.repository.js';

/** How long a set-up link can be used. */
const LINK_MILLISECONDS = 86_400_000;

/** A link with which somebody chooses their password, once. */
export interface SetUpLink {
  link: string;
  /** Its end, epoch milliseconds. */
  expirationTime: EpochMilliseconds;
}

/** Makes set-up links, for whoever may set a password. The secret is in the fragment, which reaches no log. */
@Injectable()
export class SetUpService {
  constructor(
    private readonly repository: UsersRepository,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a link for a user of this name.
   *
   * @throws ApplicationError `not_found`, `above_your_permissions`, `validation_failed` for a service, or as the condition says.
   */
  async issueFor(name: string, actor: Principal, condition?: VersionCondition): Promise<SetUpLink> {
    return this.issue(await this.repository.getByName(name), actor, condition);
  }

  /**
   * Makes a link for a user. An older one stops working; the password does not, until the link is used. If the user is
   * given more than its maker could hand on, it lets nobody in.
   *
   * @param actor who makes it; absent = the server itself, on its first start.
   * @throws ApplicationError `not_found`, `above_your_permissions`, or `validation_failed` for a service.
   */
  async issue(
    user: Pick<User, 'id' | 'name' | 'kind'>,
    actor?: Principal,
    condition?: VersionCondition,
  ): Promise<SetUpLink> {
    const secret = createSetUpSecret();
    const expirationTime = this.clock.now() + LINK_MILLISECONDS;

    await this.writes.transaction(async (tx) => {
      const maker = actor && (await this.escalation.check(user.id, actor, tx));
      checkVersion(condition, (await this.repository.getById(user.id, tx)).version);
      refuseService(user, '');
      const change = {
        setUpDigest: digestOf(secret),
        setUpExpirationTime: expirationTime,
        setUpLimit: maker ? this.escalation.delegableScope(user.id, maker) : null,
      };
      if (!(await this.repository.update(user.id, change, tx))) {
        throw new ApplicationError('not_found', { detail: 'The user was deleted meanwhile.' });
      }
      await this.audit.record(
        {
          action: 'user_set_up_link_created',
          actor: actor ?? SERVER_ACTOR,
          origin: actor?.origin,
          subject: { kind: 'user', id: user.id, name: user.name },
        },
        tx,
      );
    }, 'none');
    return { link: `${this.config.publicUrl}/admin/set-up#${secret}`, expirationTime };
  }
}
