import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { type Principal } from '../common/principal.js';
import { checkVersion, type VersionCondition } from '../common/version-condition.js';
import { Writes, type WriteTransaction } from '../database/writes.js';
import { Authority } from '../users/authority.js';
import { UserRolesRepository } from '../users/user-roles.repository.js';
import { type User } from '../users/user.entity.js';
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
   * Deletes somebody. Who has very many tokens is shut out first, and judged anew when they are gone.
   *
   * @throws ApplicationError `not_found`, `above_your_permissions`, `precondition_failed` or `last_administrator`.
   */
  async remove(name: string, condition: VersionCondition | undefined, actor: Principal): Promise<void> {
    const { id, isDeleted } = await this.writes.transaction(
      async (tx) => {
        const present = await this.authority.lockFor(actor, tx);
        const user = await this.users.getByName(name, tx);
        return { id: user.id, isDeleted: await this.delete(user, condition, present, tx) };
      },
      (removed) => [removed.id],
    );
    if (!isDeleted) {
      await this.finish(id, actor);
    }
  }

  /**
   * Deletes somebody who was shut out for it.
   *
   * @throws ApplicationError `above_your_permissions` or `last_administrator`, if they became somebody else meanwhile.
   */
  async finish(id: string, actor: Principal): Promise<void> {
    for (let isDeleted = false; !isDeleted;) {
      await this.deletion.removeTokens(id);
      isDeleted = await this.writes.transaction(
        async (tx) => {
          const present = await this.authority.lockFor(actor, tx);
          const user = await this.users.findById(id, tx);
          // Somebody else may have finished it.
          return user === null || (await this.delete(user, undefined, present, tx));
        },
        [id],
      );
    }
  }

  /** Deletes a user; or shuts them out, and returns `false`. */
  private async delete(
    user: User,
    condition: VersionCondition | undefined,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const roles = (await this.userRoles.rolesOf([user.id], tx)).get(user.id) ?? [];
    await this.authority.checkReach(user.id, undefined, actor, tx);
    checkVersion(condition, user.version);
    await this.authority.checkAdministratorStays({ user, roles }, undefined, tx);
    const { id, kind, enabled } = user;
    if ((await this.deletion.begin([user], actor, tx)).has(id)) {
      return false;
    }
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
    return true;
  }
}
