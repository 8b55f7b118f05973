import { Injectable } from '@nestjs/common';
import { type ErrorCode, type UserBulkRequestDto } from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { type Administrators, leavesAdministrators } from '../administrators.js';
import { type NamedUser } from '../list/user-list.service.js';
import { UserRolesRepository } from '../model/user-roles.repository.js';
import { type User, type UserWithRoles } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';
import { UserDeletion, type DeletionStart } from '../user-deletion.service.js';
import { type BulkChunk, type BulkEffect, type BulkOperation, type BulkPlan } from './bulk-engine.service.js';
import { userBulkAction, type UserBulkAction } from './user-bulk-actions.js';

/** Bulk request with its action and its actor. */
interface UserBulk extends UserBulkAction {
  readonly request: UserBulkRequestDto;
  readonly actor: Principal;
}

/** Bulk requests on users as operations of the bulk engine, with one audit entry for each transaction. */
@Injectable()
export class UserBulkOperations {
  constructor(
    private readonly users: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly escalation: EscalationPolicy,
    private readonly deletion: UserDeletion,
    private readonly audit: AuditService,
  ) {}

  /** @param check checks in the transaction that the refreshed actor may send the request. */
  of(
    request: UserBulkRequestDto,
    actor: Principal,
    check: (refreshed: Principal, tx: WriteTransaction) => Promise<void>,
  ): BulkOperation<NamedUser, UserWithRoles> {
    const bulk = { ...userBulkAction(request), request, actor };
    return {
      status: bulk.status,
      idOf: ({ name }) => name,
      open: async (targets, tx) => {
        const refreshed = await this.escalation.lockAndRefresh(actor, tx);
        await check(refreshed, tx);
        return this.open(targets, bulk, refreshed, tx);
      },
    };
  }

  private async open(
    targets: readonly NamedUser[],
    bulk: UserBulk,
    refreshed: Principal,
    tx: WriteTransaction,
  ): Promise<BulkChunk<NamedUser, UserWithRoles>> {
    const ids = targets.flatMap(({ id }) => id ?? []);
    const roles = await this.userRoles.rolesOf(ids, tx);
    const users = await this.users.findByIds(ids, tx);
    const byId = new Map(users.map((user) => [user.id, { user, roles: roles.get(user.id) ?? [] }]));
    const above = bulk.checksEscalation
      ? await this.escalation.findMorePowerful(ids, refreshed, tx)
      : new Map<string, unknown>();
    const administrators = await this.userRoles.findAdministrators(tx);
    return {
      plan: ({ id = '' }) => planOf(byId.get(id), bulk, above.has(id), administrators),
      apply: (changed) => this.apply(changed, bulk, tx),
    };
  }

  private async apply(
    changed: readonly UserWithRoles[],
    bulk: UserBulk,
    tx: WriteTransaction,
  ): Promise<BulkEffect<UserWithRoles>> {
    const users = changed.map(({ user }) => user);
    const { suspended, affected } = await this.change(users, bulk, tx);
    const pending = new Set(changed.filter(({ user }) => suspended.has(user.id)));
    const finished = changed.filter((user) => !pending.has(user));
    if (finished.length > 0) {
      await this.record(finished, bulk, tx);
    }
    return { affected: [...users.map(({ id }) => id), ...affected], pending };
  }

  /** Changes the users. A deletion only suspends users with very many tokens: see {@link UserDeletion}. */
  private async change(
    users: readonly User[],
    { request: { action, role = '', keepDescendants }, actor }: UserBulk,
    tx: WriteTransaction,
  ): Promise<DeletionStart> {
    const ids = users.map(({ id }) => id);
    if (action === 'delete') {
      return this.deletion.begin(users, { keepDescendants }, actor, tx);
    }
    if (action === 'revokeTokens') {
      await this.users.revokeTokens(ids, tx);
    } else if (action === 'addRole') {
      await this.userRoles.add(ids, [role], tx);
      await this.users.editAll(ids, {}, tx);
    } else if (action === 'removeRole') {
      await this.userRoles.remove(ids, [role], tx);
      await this.users.editAll(ids, {}, tx);
    } else {
      await this.users.editAll(ids, { enabled: action === 'enable' }, tx);
    }
    return { suspended: new Set(), affected: [] };
  }

  private record(
    users: readonly UserWithRoles[],
    { auditAction, auditedState, request: { action, role }, actor }: UserBulk,
    tx: WriteTransaction,
  ): Promise<void> {
    const names = users.map(({ user: { id, name } }) => ({ id, name }));
    return this.audit.record(
      {
        action: auditAction,
        actor,
        subject: { kind: 'user', id: null, name: 'bulk' },
        about: names,
        ...(auditedState && {
          before: { users: users.map((before) => ({ id: before.user.id, ...auditedState(before) })) },
        }),
        after: { action, ...(role !== undefined && { role }), users: names },
      },
      tx,
    );
  }
}

/** Returns the plan for one user. Removes users who stop being administrators from `administrators`. */
function planOf(
  before: UserWithRoles | undefined,
  action: UserBulkAction,
  isAbove: boolean,
  administrators: Administrators,
): BulkPlan<UserWithRoles> | ErrorCode {
  if (!before) {
    return 'not_found';
  }
  const after = action.after(before);
  if (after === before) {
    return {};
  }
  if (isAbove) {
    return 'above_your_permissions';
  }
  if (typeof after === 'string') {
    return after;
  }
  if (leavesAdministrators(before, after)) {
    if (administrators.isLast(before.user.id)) {
      return 'last_administrator';
    }
    administrators.remove(before.user.id);
  }
  return { change: before };
}
