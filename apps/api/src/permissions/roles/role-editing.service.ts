import { Injectable } from '@nestjs/common';
import { type CreateRoleDto, type UpdateRoleDto } from '@latchkey/auth-models';
import { AuditService, changedMembers } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { NAMED_USERS_MAX, type AffectedUsers } from '../../platform/database/affected-users.js';
import { isForeignKeyViolation } from '../../platform/database/driver-errors.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { type Role } from './role.entity.js';
import { RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';
import { API_MARK } from '../grants.service.js';
import { removeRoleFromScopes } from '../stored-scopes.js';
import { EscalationPolicy } from '../escalation-policy.service.js';

/** Creates, changes and deletes roles. Changes apply from the holders' next request. */
@Injectable()
export class RoleEditingService {
  constructor(
    private readonly repository: RolesRepository,
    private readonly roles: RolesService,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /** @throws ApplicationError `validation_failed`, `above_your_permissions` or `name_taken`. */
  async create(
    { name, description, permissions = [], requiresSecondFactor = false }: CreateRoleDto,
    actor: Principal,
  ): Promise<Role> {
    return this.writes.transaction(async (tx) => {
      await this.roles.checkPermissions(permissions, await this.escalation.lockAndRefresh(actor, tx), tx);
      const members = {
        name,
        description: description ?? '',
        permissions: this.roles.toStored(permissions),
        isBuiltIn: false,
        requiresSecondFactor,
      };
      const role = await this.repository.insert(members, tx);
      await this.audit.recordNamed('role_created', 'role', name, actor, { after: auditedRole(role) }, tx);
      return role;
    }, 'none');
  }

  /**
   * Changes a role. Rejects changes of the permissions, or of the need for a second factor, of holders more
   * powerful than the actor.
   * A patch without changes keeps the version and leaves no audit entry.
   *
   * @throws ApplicationError `validation_failed`, `not_found`, `above_your_permissions`, `role_built_in`,
   *   or an error of the condition.
   */
  async update(
    name: string,
    { description, permissions, requiresSecondFactor }: UpdateRoleDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<Role> {
    const edit = {
      ...(description !== undefined && { description: description ?? '' }),
      ...(permissions && { permissions: this.roles.toStored(permissions) }),
      ...(requiresSecondFactor !== undefined && { requiresSecondFactor }),
    };

    const { role: changed } = await this.writes.transaction(
      async (tx) => {
        const refreshed = await this.escalation.lockAndRefresh(actor, tx);
        await this.roles.checkPermissions(permissions ?? [], refreshed, tx);
        const role = await this.getEditable(name, refreshed, tx);
        if (permissions) {
          await this.escalation.checkRoleChange(role, permissions, refreshed, tx);
        }
        if (requiresSecondFactor !== undefined && requiresSecondFactor !== role.requiresSecondFactor) {
          await this.escalation.checkHolders(role, refreshed, tx);
        }
        checkVersion(condition, role.version);
        const changes = changedMembers(auditedRole(role), auditedRole({ ...role, ...edit }));
        if (!changes) {
          return { role, affected: [] };
        }
        const updated = await this.repository.update(role, edit, condition, tx);
        await this.audit.recordNamed('role_updated', 'role', name, actor, changes, tx);
        return {
          role: updated,
          affected: concernsHolders(changes.after) ? await this.affectedBy(role, tx) : [],
        };
      },
      ({ affected }) => affected,
    );
    return changed;
  }

  /**
   * Deletes a role without holders.
   *
   * @throws ApplicationError `not_found`, `above_your_permissions`, `role_built_in`, `role_in_use`, or an
   *   error of the condition.
   */
  async delete(name: string, condition: VersionCondition | undefined, actor: Principal): Promise<void> {
    try {
      await this.writes.transaction(async (tx) => {
        const role = await this.getEditable(name, await this.escalation.lockAndRefresh(actor, tx), tx);
        checkVersion(condition, role.version);
        await this.checkUnused(role, tx);
        await this.repository.delete(role, condition, tx);
        await removeRoleFromScopes(name, tx);
        await this.audit.recordNamed('role_deleted', 'role', name, actor, { before: auditedRole(role) }, tx);
      }, 'none');
    } catch (error) {
      // The role was granted after its holders were counted.
      throw isForeignKeyViolation(error) ? new ApplicationError('role_in_use') : error;
    }
  }

  /**
   * Returns the users whose tokens a change of the role affects. The transaction must hold the authority
   * lock.
   */
  private async affectedBy({ name }: Role, tx: WriteTransaction): Promise<AffectedUsers> {
    const ids = await this.repository.findHolderIds(name, NAMED_USERS_MAX + 1, tx);
    return ids.length > NAMED_USERS_MAX ? 'all' : ids;
  }

  /** @throws ApplicationError `role_in_use` if the role has holders. */
  private async checkUnused({ name }: Role, tx: WriteTransaction): Promise<void> {
    const count = (await this.repository.countHolders([name], tx)).get(name) ?? 0;
    if (count > 0) {
      throw new ApplicationError('role_in_use', {
        detail: `${count} ${count === 1 ? 'user holds' : 'users hold'} the role ${name}. Remove it from them first.`,
      });
    }
  }

  /** Returns a role if the actor may edit it. */
  private async getEditable(name: string, actor: Principal, tx: WriteTransaction): Promise<Role> {
    const role = await this.repository.getByName(name, tx);
    this.roles.checkEditable(role, actor);
    return role;
  }
}

/** Whether a change has an effect on the holders. */
function concernsHolders(after: Partial<ReturnType<typeof auditedRole>>): boolean {
  return after.permissions !== undefined || after.requiresSecondFactor !== undefined;
}

/** Returns the members of a role that the audit trail records. */
export function auditedRole({
  description,
  permissions,
  requiresSecondFactor,
}: Pick<Role, 'description' | 'permissions' | 'requiresSecondFactor'>) {
  const names = permissions.split(' ').filter(Boolean);
  return {
    description,
    permissions: names.map((name) => name.replace(API_MARK, '')),
    requiresSecondFactor,
  };
}
