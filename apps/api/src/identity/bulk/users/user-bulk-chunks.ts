import { Injectable } from '@nestjs/common';
import { type BulkItemResultDto, type UserBulkRequestDto } from '@latchkey/auth-models';
import { AuditService } from '../../../audit/trail/audit.service.js';
import { type Principal } from '../../../common/request/principal.js';
import { type BulkChunk } from '../bulk-writes.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { rejectedItem } from '../bulk-items.js';
import { leavesAdministrators, type Administrators } from '../../permissions/administrator.js';
import { Authority } from '../../permissions/authority.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.js';
import { UserRolesRepository } from '../../users/model/user-roles.repository.js';
import { type UserWithRoles } from '../../users/model/user-with-roles.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersRepository } from '../../users/model/users.repository.js';
import { UserBulkActions, type UserBulkChange } from './user-bulk-actions.js';
import { UserBulkDemands } from './user-bulk-demands.js';
import { type BulkTarget } from './user-bulk-selection.js';

/** The status of somebody who is only shut out yet, and to be deleted after the transaction; see {@link UserDeletion}. */
export const SHUT_OUT = 202;

/** What decides about each user of a chunk, as of its transaction. */
interface Standing {
  users: Map<string, UserWithRoles>;
  /** Ids of users who hold more than the actor. */
  above: { has(id: string): boolean };
  /** Administrators there are, less those whom the chunk takes away. */
  administrators: Administrators;
}

/** Does a bulk request to a few users, in one transaction with one entry in the audit trail. */
@Injectable()
export class UserBulkChunks {
  constructor(
    private readonly users: UsersRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly authority: Authority,
    private readonly escalation: EscalationPolicy,
    private readonly demands: UserBulkDemands,
    private readonly actions: UserBulkActions,
    private readonly audit: AuditService,
  ) {}

  /**
   * @throws ApplicationError what {@link UserBulkDemands} throws, or {@link Authority.lockAndRefresh}, if the caller may not go on.
   */
  async run(
    targets: readonly BulkTarget[],
    bulk: UserBulkRequestDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<BulkChunk> {
    const change = this.actions.of(bulk);
    const present = await this.authority.lockAndRefresh(actor, tx);
    await this.demands.check(bulk, present, tx);
    const standing = await this.standingOf(targets, change, present, tx);
    const changed: User[] = [];
    const items = targets.map((target) => judge(target, change, standing, changed));
    if (changed.length === 0) {
      return { items, affected: [] };
    }
    const { shutOut, affected } = await change.apply(changed, actor, tx);
    const finished = changed.filter(({ id }) => !shutOut.has(id));
    if (finished.length > 0) {
      await this.record(finished, standing, change, bulk, actor, tx);
    }
    return {
      items: items.map((item, index) =>
        shutOut.has(targets[index]?.id ?? '') ? { ...item, status: SHUT_OUT } : item,
      ),
      affected: [...changed.map(({ id }) => id), ...affected],
    };
  }

  private record(
    users: readonly User[],
    standing: Standing,
    { auditAction, told }: UserBulkChange,
    { action, role }: UserBulkRequestDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    const held = users.flatMap(({ id }) => standing.users.get(id) ?? []);
    return this.audit.record(
      {
        action: auditAction,
        actor,
        origin: actor.origin,
        subject: { kind: 'user', id: null, name: 'bulk' },
        about: users.map(({ id, name }) => ({ id, name })),
        ...(told && { before: { users: held.map((before) => ({ id: before.user.id, ...told(before) })) } }),
        after: {
          action,
          ...(role !== undefined && { role }),
          users: users.map(({ id, name }) => ({ id, name })),
        },
      },
      tx,
    );
  }

  private async standingOf(
    targets: readonly BulkTarget[],
    { checksEscalation }: UserBulkChange,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<Standing> {
    const ids = targets.flatMap(({ id }) => id ?? []);
    const roles = await this.userRoles.rolesOf(ids, tx);
    const users = await this.users.findByIds(ids, tx);
    return {
      users: new Map(users.map((user) => [user.id, { user, roles: roles.get(user.id) ?? [] }])),
      above: checksEscalation ? await this.escalation.findAbove(ids, actor, tx) : new Set(),
      administrators: await this.authority.administrators(tx),
    };
  }
}

/** The result for one user; who is to be changed is added to `changed`. */
function judge(
  { id = '', name }: BulkTarget,
  change: UserBulkChange,
  standing: Standing,
  changed: User[],
): BulkItemResultDto {
  const before = standing.users.get(id);
  if (!before) {
    return rejectedItem(name, 'not_found');
  }
  const after = change.after(before);
  if (after === before) {
    return { id: name, status: change.status };
  }
  if (standing.above.has(id)) {
    return rejectedItem(name, 'above_your_permissions');
  }
  if (typeof after === 'string') {
    return rejectedItem(name, after);
  }
  if (leavesAdministrators(before, after)) {
    if (standing.administrators.isLast(id)) {
      return rejectedItem(name, 'last_administrator');
    }
    standing.administrators.remove(id);
  }
  changed.push(before.user);
  return { id: name, status: change.status };
}
