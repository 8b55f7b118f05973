import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/trail/audit.service.js';
import { type Principal } from '../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../common/request/version-condition.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { EscalationPolicy } from '../permissions/escalation-policy.service.js';
import { leavesAdministrators } from './administrators.js';
import { UserRolesRepository } from './model/user-roles.repository.js';
import { type User } from './model/user.entity.js';
import { UsersRepository } from './model/users.repository.js';
import { UserDeletion, type DeletionOptions, type DeletionStart } from './user-deletion.service.js';

const DONE: DeletionStart = { suspended: new Set(), affected: [] };

/** Deletes single users with their tokens. The name can be used again; the id cannot. */
@Injectable()
export class UserRemovalService {
  constructor(
    private readonly users: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly escalation: EscalationPolicy,
    private readonly deletion: UserDeletion,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Deletes a user. A user with many tokens is suspended first, and checked again when the tokens are
   * deleted.
   *
   * @throws ApplicationError `not_found`, `above_your_permissions`, `precondition_failed` or
   *   `last_administrator`.
   */
  async remove(
    name: string,
    condition: VersionCondition | undefined,
    options: DeletionOptions,
    actor: Principal,
  ): Promise<void> {
    const { id, suspended } = await this.writes.transaction(
      async (tx) => {
        const refreshed = await this.escalation.lockAndRefresh(actor, tx);
        const user = await this.users.getByName(name, tx);
        return { id: user.id, ...(await this.delete(user, condition, options, refreshed, tx)) };
      },
      (removed) => [removed.id, ...removed.affected],
    );
    if (suspended.has(id)) {
      await this.finish(id, options, actor);
    }
  }

  /**
   * Deletes a user who was suspended for deletion.
   *
   * @throws ApplicationError `above_your_permissions` or `last_administrator` if the user's roles changed
   *   in the meantime.
   */
  async finish(id: string, options: DeletionOptions, actor: Principal): Promise<void> {
    for (let isDeleted = false; !isDeleted;) {
      await this.deletion.removeTokens(id);
      const { suspended } = await this.writes.transaction(
        async (tx) => {
          const refreshed = await this.escalation.lockAndRefresh(actor, tx);
          const user = await this.users.findById(id, tx);
          // Another request may have finished the deletion.
          return user === null ? DONE : this.delete(user, undefined, options, refreshed, tx);
        },
        ({ affected }) => [id, ...affected],
      );
      isDeleted = !suspended.has(id);
    }
  }

  /** Deletes or suspends a user. */
  private async delete(
    user: User,
    condition: VersionCondition | undefined,
    options: DeletionOptions,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<DeletionStart> {
    const roles = (await this.userRoles.rolesOf([user.id], tx)).get(user.id) ?? [];
    await this.escalation.checkRefreshed(user.id, actor, tx);
    checkVersion(condition, user.version);
    if (leavesAdministrators({ user, roles }, undefined)) {
      (await this.userRoles.findAdministrators(tx)).checkNotLast(user);
    }
    const { id, kind, enabled } = user;
    const start = await this.deletion.begin([user], options, actor, tx);
    if (start.suspended.has(id)) {
      return start;
    }
    await this.audit.record(
      {
        action: 'user_deleted',
        actor,
        subject: { kind: 'user', id, name: user.name },
        before: { kind, enabled, roles },
        ...(options.keepDescendants && { after: { keepDescendants: true } }),
      },
      tx,
    );
    return start;
  }
}
