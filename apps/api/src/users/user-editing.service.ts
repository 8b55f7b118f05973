import { Injectable } from '@nestjs/common';
import { type UpdateUserDto } from '@latchkey/auth-models';
import { AuditService, changedMembers, type ChangedMembers } from '../audit/trail/audit.service.js';
import { type Principal } from '../common/request/principal.js';
import { checkVersion, stale, type VersionCondition } from '../common/request/version-condition.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { EscalationPolicy } from '../permissions/escalation-policy.service.js';
import { RolesService } from '../permissions/roles/roles.service.js';
import { ResponsiblePersons } from './mail/responsible-persons.service.js';
import { leavesAdministrators } from './administrators.js';
import { UserRolesRepository } from './model/user-roles.repository.js';
import { storeResponsible, User, type UserWithRoles } from './model/user.entity.js';
import { UsersRepository } from './model/users.repository.js';

/** Editable members of a user; `null` = absent. */
interface EditableMembers {
  displayName?: string | null;
  email?: string | null;
  responsible?: string | null;
  enabled?: boolean;
  roles?: readonly string[];
}

/** Members that an edit changes. */
type UserEdit = ChangedMembers<EditableMembers>;

/** Returns the members that a merge patch changes, or `undefined` if there are none. */
export function userEdit({ user, roles }: UserWithRoles, patch: UpdateUserDto): UserEdit | undefined {
  const { displayName, email, responsible, enabled } = user;
  const before = { displayName, email, responsible, enabled, roles };
  return changedMembers<EditableMembers>(before, {
    ...patch,
    ...(patch.roles && { roles: [...patch.roles].sort() }),
    ...(patch.responsible !== undefined && { responsible: storeResponsible(patch.responsible) }),
  });
}

/** Edits users. */
@Injectable()
export class UserEditingService {
  constructor(
    private readonly repository: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly escalation: EscalationPolicy,
    private readonly roles: RolesService,
    private readonly responsible: ResponsiblePersons,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Changes a user. A patch without changes keeps the version and leaves no audit entry.
   *
   * @throws ApplicationError `not_found`, `above_your_permissions`, `validation_failed`,
   *   `precondition_required`, `precondition_failed`, `conflict` or `last_administrator`.
   */
  async update(
    name: string,
    patch: UpdateUserDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<UserWithRoles> {
    const { result } = await this.writes.transaction(
      async (tx) => {
        const refreshed = await this.escalation.lockAndRefresh(actor, tx);
        const before = await this.find(name, tx);
        const edit = userEdit(before, patch);
        const isAuthority = edit?.after.roles !== undefined || edit?.after.enabled !== undefined;
        // The server sends links to these addresses, so their change can give access to the account.
        const isAddress = edit?.after.email !== undefined || edit?.after.responsible !== undefined;
        if (isAuthority || isAddress) {
          await this.escalation.checkRefreshed(before.user.id, refreshed, tx);
          await this.roles.checkGrantable(patch.roles ?? [], refreshed, tx);
        }
        await this.responsible.check(before.user.kind, edit?.after.responsible, tx);
        checkVersion(condition, before.user.version);
        if (!edit) {
          return { result: before, affected: [] };
        }
        const after = edited(before, edit);
        if (leavesAdministrators(before, after)) {
          (await this.userRoles.findAdministrators(tx)).checkNotLast(before.user);
        }
        if (!(await this.store(before, after, edit, tx))) {
          throw stale(condition);
        }
        await this.audit.record(
          {
            action: 'user_updated',
            actor,
            subject: { kind: 'user', id: after.user.id, name: after.user.name },
            ...edit,
          },
          tx,
        );
        // Cached tokens contain no display name or e-mail address, so other edits affect none.
        return { result: after, affected: isAuthority ? [after.user.id] : [] };
      },
      ({ affected }) => affected,
    );
    return result;
  }

  private async find(name: string, tx: WriteTransaction): Promise<UserWithRoles> {
    const user = await this.repository.getByName(name, tx);
    const roles = await this.userRoles.rolesOf([user.id], tx);
    return { user, roles: roles.get(user.id) ?? [] };
  }

  private async store(
    before: UserWithRoles,
    after: UserWithRoles,
    edit: UserEdit,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { roles: _, ...columns } = edit.after;
    const id = before.user.id;
    if (!(await this.repository.edit(before.user, columns, tx))) {
      return false;
    }
    await this.userRoles.remove([id], missingIn(after.roles, before.roles), tx);
    await this.userRoles.add([id], missingIn(before.roles, after.roles), tx);
    return true;
  }
}

/** Returns a user after an edit. */
function edited({ user, roles }: UserWithRoles, { after }: UserEdit): UserWithRoles {
  const { roles: requested, ...columns } = after;
  return {
    user: Object.assign(new User(), user, columns, { version: user.version + 1 }),
    roles: requested ?? roles,
  };
}

/** Returns the names in the second list that are not in the first. */
function missingIn(names: readonly string[], others: readonly string[]): string[] {
  return others.filter((name) => !names.includes(name));
}
