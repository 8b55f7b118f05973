import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { type Principal } from '../common/principal.js';
import { checkVersion, type VersionCondition } from '../common/version-condition.js';
import { Writes } from '../database/writes.js';
import { Authority } from '../users/authority.js';
import { UserRolesRepository } from '../users/user-roles.repository.js';
import { UsersRepository } from '../users/users.repository.js';
import { UserDeletion } from './user-deletion.js';

/** Deletes single users, with their tokens. The name is free then; the id is never used again. */
@Injectable()
export class UserRemovalService {
  constructor(
    private readonly users: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly authority: Authority,
    private readonly deletion: UserDeletion,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * @throws ApplicationError `not_found`, `above_your_permissions`, `precondition_failed` or `last_administrator`.
   */
  async remove(name: string, condition: VersionCondition | undefined, actor: Principal): Promise<void> {
    const unfinished = await this.writes.transaction(async (tx) => {
      await this.authority.lock(tx);
      const user = await this.users.getByName(name, tx);
      const roles = (await this.userRoles.rolesOf([user.id], tx)).get(user.id) ?? [];
      await this.authority.checkReach(user.id, undefined, actor, tx);
      checkVersion(condition, user.version);
      await this.authority.checkAdministratorStays({ user, roles }, undefined, tx);
      const { id, kind, enabled } = user;
      const unfinished = await this.deletion.begin([id], tx);
      await this.audit.record(
        {
          action: 'user_deleted',
          actor,
          origin: actor.origin,
          subject: { kind: 'user', id, name: user.name },
          before: { kind, enabled, roles },
        },
        tx,
      );
      return unfinished;
    });
    await this.deletion.finish(unfinished);
  }
}
