import { Injectable } from '@nestjs/common';
import { type BuiltInPermission, type ErrorCode, type UserBulkRequestDto } from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type Administrators, leavesAdministrators } from '../administrators.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { RolesService } from '../../permissions/roles/roles.service.js';
import { type NamedUser } from '../list/user-list.service.js';
import { UserRolesRepository } from '../model/user-roles.repository.js';
import { type UserWithRoles } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';
import { type BulkChunk, type BulkEffect, type BulkOperation, type BulkPlan } from './bulk-engine.service.js';
import { UserBulkActions, type UserBulkStrategy } from './user-bulk-actions.service.js';

/** Bulk requests on users as operations of the bulk engine, with one audit entry for each transaction. */
@Injectable()
export class UserBulkOperations {
  constructor(
    private readonly users: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly escalation: EscalationPolicy,
    private readonly roles: RolesService,
    private readonly actions: UserBulkActions,
    private readonly audit: AuditService,
  ) {}

  /**
   * Checks that the actor may send this request, whichever users it matches. The route requires `users:write`.
   *
   * @param tx transaction that makes the change and holds the lock on authority.
   * @throws ApplicationError `forbidden`, `above_your_permissions`, or `validation_failed` for an unknown role.
   */
  async checkRequest(
    { action, role, filter }: UserBulkRequestDto,
    actor: Principal,
    tx?: WriteTransaction,
  ): Promise<void> {
    // The number of matches would reveal an e-mail address letter by letter, and roles and logins as well.
    if (Object.values(filter ?? {}).some((value) => value !== undefined)) {
      checkPermission('users:read', actor);
    }
    if (action === 'revokeTokens') {
      checkPermission('tokens:write', actor);
    }
    if (role === undefined) {
      return;
    }
    await this.roles.checkExists(role, actor, tx);
    if (action === 'addRole') {
      await this.roles.checkGrantable([role], actor, tx);
    }
  }

  of(bulk: UserBulkRequestDto, actor: Principal): BulkOperation<NamedUser, UserWithRoles> {
    const action = this.actions.of(bulk);
    return {
      status: action.status,
      idOf: ({ name }) => name,
      open: (targets, tx) => this.open(targets, action, bulk, actor, tx),
    };
  }

  private async open(
    targets: readonly NamedUser[],
    action: UserBulkStrategy,
    bulk: UserBulkRequestDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<BulkChunk<NamedUser, UserWithRoles>> {
    const present = await this.escalation.lockAndRefresh(actor, tx);
    await this.checkRequest(bulk, present, tx);
    const ids = targets.flatMap(({ id }) => id ?? []);
    const roles = await this.userRoles.rolesOf(ids, tx);
    const users = await this.users.findByIds(ids, tx);
    const byId = new Map(users.map((user) => [user.id, { user, roles: roles.get(user.id) ?? [] }]));
    const above = action.checksEscalation
      ? await this.escalation.findMorePowerful(ids, present, tx)
      : new Map<string, unknown>();
    const administrators = await this.userRoles.findAdministrators(tx);
    return {
      plan: ({ id = '' }) => planOf(byId.get(id), action, above.has(id), administrators),
      apply: (changed) => this.apply(changed, action, bulk, actor, tx),
    };
  }

  private async apply(
    changed: readonly UserWithRoles[],
    action: UserBulkStrategy,
    bulk: UserBulkRequestDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<BulkEffect<UserWithRoles>> {
    const { suspended, affected } = await action.apply(
      changed.map(({ user }) => user),
      actor,
      tx,
    );
    const pending = new Set(changed.filter(({ user }) => suspended.has(user.id)));
    const finished = changed.filter((user) => !pending.has(user));
    if (finished.length > 0) {
      await this.record(finished, action, bulk, actor, tx);
    }
    return { affected: [...changed.map(({ user }) => user.id), ...affected], pending };
  }

  private record(
    users: readonly UserWithRoles[],
    { auditAction, auditedState }: UserBulkStrategy,
    { action, role }: UserBulkRequestDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    const names = users.map(({ user: { id, name } }) => ({ id, name }));
    return this.audit.record(
      {
        action: auditAction,
        actor,
        origin: actor.origin,
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

function checkPermission(permission: BuiltInPermission, actor: Principal): void {
  if (!actor.permissions.has(permission)) {
    throw new ApplicationError('forbidden', { detail: `This requires ${permission}.` });
  }
}

/** Returns the plan for one user. Removes users who stop being administrators from `administrators`. */
function planOf(
  before: UserWithRoles | undefined,
  action: UserBulkStrategy,
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
