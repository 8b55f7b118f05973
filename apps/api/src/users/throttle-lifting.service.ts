import { Injectable } from '@nestjs/common';
import { canonicalUserName } from '@latchkey/auth-models';
import { AuditService } from '../audit/trail/audit.service.js';
import { type Principal } from '../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../common/request/version-condition.js';
import { Writes } from '../platform/database/writes.service.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { EscalationPolicy } from '../permissions/escalation-policy.service.js';
import { UsersRepository } from './model/users.repository.js';

/** Lifts the delay that consecutive failed logins cause for a name. */
@Injectable()
export class ThrottleLiftingService {
  constructor(
    private readonly users: UsersRepository,
    private readonly throttle: ThrottleService,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Lifts the delay of a name in any spelling. Unknown names are throttled too. For a user, the actor needs
   * the same privileges as for setting a password, because each lift allows more guesses.
   *
   * @throws ApplicationError `above_your_permissions`, or an error of the condition, which always fails for
   *   unknown names.
   */
  async lift(given: string, actor: Principal, condition?: VersionCondition): Promise<void> {
    const name = canonicalUserName(given) ?? given;
    await this.writes.transaction(async (tx) => {
      const refreshed = await this.escalation.lockAndRefresh(actor, tx);
      const user = await this.users.findByName(name, tx);
      if (user) {
        await this.escalation.checkRefreshed(user.id, refreshed, tx);
      }
      checkVersion(condition, user?.version);
      await this.throttle.lift(name, tx);
      await this.audit.record(
        {
          action: 'authn_throttle_lifted',
          actor,
          subject: { kind: 'user', id: user?.id ?? null, name },
        },
        tx,
      );
    }, 'none');
  }
}
