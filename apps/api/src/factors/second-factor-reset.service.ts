import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/trail/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../common/request/version-condition.js';
import { Writes } from '../platform/database/writes.service.js';
import { EscalationPolicy } from '../permissions/escalation-policy.service.js';
import { UsersService } from '../users/users.service.js';
import { SecondFactorsRepository } from './second-factors.repository.js';

/** Removes the second factors of users who have lost them. */
@Injectable()
export class SecondFactorResetService {
  constructor(
    private readonly users: UsersService,
    private readonly repository: SecondFactorsRepository,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Removes all second factors and recovery codes of a user, and revokes all their tokens. The actor needs
   * the same privileges as for setting the password.
   *
   * @throws ApplicationError `not_found`, `above_your_permissions`, `forbidden` for the actor's own user,
   *   `conflict` if the user has no second factor, or an error of the condition.
   */
  async reset(name: string, actor: Principal, condition?: VersionCondition): Promise<void> {
    const user = await this.users.getByName(name);
    if (user.id === actor.id) {
      throw new ApplicationError('forbidden', {
        detail: 'Remove your own second factors with DELETE /me/second-factors/{id}.',
      });
    }
    await this.writes.transaction(
      async (tx) => {
        await this.escalation.check(user.id, actor, tx);
        const current = await this.users.lock(user.id, tx);
        if (!current) {
          throw new ApplicationError('not_found', { detail: 'The user was deleted in the meantime.' });
        }
        checkVersion(condition, current.version);
        const secondFactors = await this.repository.removeAll(user.id, tx);
        if (secondFactors === 0) {
          throw new ApplicationError('conflict', {
            detail: `The user ${user.name} has no second factor. Nothing was changed.`,
          });
        }
        await this.users.revokeTokens([user.id], tx);
        await this.audit.record(
          {
            action: 'authn_second_factors_reset',
            actor,
            subject: { kind: 'user', id: user.id, name: user.name },
            before: { secondFactors },
          },
          tx,
        );
      },
      [user.id],
    );
  }
}
