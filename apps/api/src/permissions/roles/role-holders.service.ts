import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { NAMED_USERS_MAX, type AffectedUsers } from '../../platform/database/affected-users.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type Grants, grantsAbove, GrantsReader } from '../grants.service.js';
import { UserGrantsRepository } from '../user-grants.repository.js';
import { type Role } from './role.entity.js';
import { RolesRepository } from './roles.repository.js';

/** Holders of a role, and the effects of its changes on them. */
@Injectable()
export class RoleHolders {
  constructor(
    private readonly users: UserGrantsRepository,
    private readonly roles: RolesRepository,
    private readonly grants: GrantsReader,
  ) {}

  /** Returns the users whose tokens a change of the role affects. The transaction must hold the authority lock. */
  async affectedBy({ name }: Role, tx: WriteTransaction): Promise<AffectedUsers> {
    const ids = await this.users.findHolderIds(name, NAMED_USERS_MAX + 1, tx);
    return ids.length > NAMED_USERS_MAX ? 'all' : ids;
  }

  /** @throws ApplicationError `role_in_use` if the role has holders. */
  async checkNone({ name }: Role, tx: WriteTransaction): Promise<void> {
    const count = (await this.users.countHolders([name], tx)).get(name) ?? 0;
    if (count > 0) {
      throw new ApplicationError('role_in_use', {
        detail: `${count} ${count === 1 ? 'user holds' : 'users hold'} the role ${name}. Remove it from them first.`,
      });
    }
  }

  /**
   * Rejects a role change that would alter the permissions of a holder more powerful than the actor. Otherwise a role
   * would be a way to act on such users. Ignores holders whose permissions stay the same, such as an administrator who
   * holds every permission by another role.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async checkChange(
    role: Role,
    permissions: readonly string[],
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    const before = this.grants.readRoles([role]).permissions;
    const after = new Set(permissions);
    const changed = [
      ...[...before].filter((permission) => !after.has(permission)),
      ...[...after].filter((permission) => !before.has(permission)),
    ];
    if (changed.length === 0) {
      return;
    }
    for (const otherGrants of await this.otherGrantsOfHoldersAbove(role, actor, tx)) {
      if (changed.some((permission) => !otherGrants.permissions.has(permission))) {
        const above = grantsAbove(actor, otherGrants).join(', ');
        throw new ApplicationError('above_your_permissions', {
          detail: `A user with the role ${role.name} also holds ${above}, which you do not hold. Ask an administrator who does.`,
        });
      }
    }
  }

  /** Returns the grants from other roles of holders more powerful than the actor, each combination once. */
  private async otherGrantsOfHoldersAbove(
    role: Role,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<Grants[]> {
    const roles = new Map((await this.roles.findAll(tx)).map((other) => [other.name, other]));
    const above = [...roles.values()].filter(
      (other) => grantsAbove(actor, this.grants.readRoles([other])).length > 0,
    );
    const combinations =
      above.length === 0
        ? []
        : await this.users.otherRoleCombinations(
            role.name,
            above.map(({ name }) => name),
            tx,
          );
    return combinations.map((names) => this.grants.readRoles(names.flatMap((name) => roles.get(name) ?? [])));
  }
}
