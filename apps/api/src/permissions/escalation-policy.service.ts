import { Injectable } from '@nestjs/common';
import { DEFAULT_ROLE } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import {
  type Grants,
  grantsAbove,
  GrantsReader,
  isAdministrator,
  permissionsAbove,
} from './grants.service.js';
import { type Role } from './roles/role.entity.js';
import { RolesRepository } from './roles/roles.repository.js';
import { toScope, type Scope } from './scope.js';
import { UserGrantsRepository } from './user-grants.repository.js';

/**
 * Prevents privilege escalation: an actor may only act on users who hold no permissions or roles beyond the
 * actor's own, by the rules of {@link grantsAbove}. Otherwise their password or token would give the actor
 * more permissions.
 */
@Injectable()
export class EscalationPolicy {
  constructor(
    private readonly users: UserGrantsRepository,
    private readonly roles: RolesRepository,
    private readonly grants: GrantsReader,
  ) {}

  /** Locks authority until the transaction ends, so that no role, permission or grant changes. */
  lockAuthority(tx: WriteTransaction): Promise<void> {
    return this.roles.lockAuthority(tx);
  }

  /**
   * Locks authority until the transaction ends, and refreshes the actor. Call it before any other read.
   *
   * @throws ApplicationError the errors of {@link refresh}.
   */
  async lockAndRefresh(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    await this.roles.lockAuthority(tx);
    return this.refresh(actor, tx);
  }

  /**
   * Returns the actor with its current grants, limited by the current scope of its token. They stay current
   * only under the lock on authority.
   *
   * @throws ApplicationError `unauthenticated` if the user or the token was deleted, `user_disabled`, or
   *   `forbidden` if the user no longer holds the permissions of the route.
   */
  async refresh(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    if (actor.scheme === 'command-line') {
      return actor;
    }
    const standing = await this.users.standingOf(actor.id, actor.token?.id, tx);
    if (!standing) {
      throw new ApplicationError('unauthenticated');
    }
    if (!standing.enabled) {
      throw new ApplicationError('user_disabled');
    }
    const { roles, permissions } = this.grants.read(standing.grants, standing.scope);
    const token = actor.token && { token: { ...actor.token, scope: standing.scope } };
    const refreshed = { ...actor, roles, permissions, ...token };
    const missing = permissionsAbove(refreshed, actor.requiredPermissions ?? []);
    if (missing.length > 0) {
      throw new ApplicationError('forbidden', {
        detail: `This requires ${missing.join(', ')}.`,
        missingPermissions: missing,
      });
    }
    return refreshed;
  }

  /** Returns the roles of users with their permissions, in the form that {@link GrantsReader} reads. */
  grantsOf(userIds: readonly string[], tx?: WriteTransaction): Promise<Map<string, string | null>> {
    return this.users.grantsOf(userIds, tx);
  }

  /**
   * Locks authority and checks that the user holds no permissions or roles beyond the actor's own.
   *
   * @returns the refreshed actor.
   * @throws ApplicationError `above_your_permissions`, or the errors of {@link refresh}.
   */
  async check(userId: string, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    const refreshed = await this.lockAndRefresh(actor, tx);
    await this.checkRefreshed(userId, refreshed, tx);
    return refreshed;
  }

  /**
   * Does the same check for an actor that is already refreshed.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async checkRefreshed(userId: string, refreshed: Principal, tx: WriteTransaction): Promise<void> {
    this.rejectIfAny(await this.findMorePowerful([userId], refreshed, tx));
  }

  /**
   * Does the same check before an expensive step, without a lock. It must be repeated in the transaction.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async precheck(userId: string, actor: Principal): Promise<void> {
    this.rejectIfAny(await this.findMorePowerful([userId], actor));
  }

  /** Returns the users among these who hold something above the actor, each with a list of it. */
  async findMorePowerful(
    userIds: readonly string[],
    actor: Principal,
    tx?: WriteTransaction,
  ): Promise<Map<string, string[]>> {
    const above = new Map<string, string[]>();
    for (const [id, grants] of await this.users.grantsOf(userIds, tx)) {
      const aboveActor = grantsAbove(actor, this.grants.read(grants));
      if (aboveActor.length > 0) {
        above.set(id, aboveActor);
      }
    }
    return above;
  }

  /**
   * Returns the permanent limit of a user's credential whose secret the actor learns: the permissions and
   * roles that the actor can grant to the user now. Without it, the actor would gain every permission that
   * the user is granted later.
   *
   * @param refreshed the actor, as read in the transaction.
   * @returns the limit as a token stores it; `null` = none, for administrators and for one's own
   *   credentials.
   */
  async delegableScope(userId: string, refreshed: Principal, tx: WriteTransaction): Promise<Scope> {
    const limit = refreshed.token?.scope ?? null;
    if (userId === refreshed.id || isAdministrator(refreshed)) {
      return limit;
    }
    if (limit !== null) {
      return toScope({ permissions: refreshed.permissions, roles: refreshed.roles });
    }
    // The check of the user has shown that the actor may grant what the user holds.
    const held = this.grants.read((await this.users.grantsOf([userId], tx)).get(userId) ?? null);
    const grantsApis = refreshed.permissions.has('apis:write');
    const grantsRoles = refreshed.permissions.has('roles:write');
    return toScope({
      permissions: new Set([...refreshed.permissions, ...(grantsApis ? held.apiPermissions : [])]),
      roles: new Set([DEFAULT_ROLE, ...refreshed.roles, ...(grantsRoles ? held.roles : [])]),
    });
  }

  /** Whether a user holds more than the limit of a credential. */
  async holdsMore(userId: string, limit: Scope, tx?: WriteTransaction): Promise<boolean> {
    if (limit === null) {
      return false;
    }
    const text = (await this.users.grantsOf([userId], tx)).get(userId) ?? null;
    const [all, limited] = [this.grants.read(text), this.grants.read(text, limit)];
    return (
      limited.permissions.size < all.permissions.size ||
      limited.roles.length < all.roles.length ||
      all.unknownPermissions.length > 0
    );
  }

  /**
   * Rejects a role change that would alter the permissions of a holder more powerful than the actor.
   * Otherwise a role would be a way to act on such users. Ignores holders whose permissions stay the same,
   * such as an administrator who holds every permission by another role.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async checkRoleChange(
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
        throw holderAbove(role, actor, otherGrants);
      }
    }
  }

  /**
   * Rejects a change of what a role requires of its holders, if one of them is more powerful than the actor.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async checkHolders(role: Role, actor: Principal, tx: WriteTransaction): Promise<void> {
    for (const otherGrants of await this.otherGrantsOfHoldersAbove(role, actor, tx)) {
      throw holderAbove(role, actor, otherGrants);
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

  private rejectIfAny(above: Map<string, string[]>): void {
    for (const held of above.values()) {
      throw new ApplicationError('above_your_permissions', {
        detail: `The user holds ${held.join(', ')}, which you do not hold. Ask an administrator.`,
      });
    }
  }
}

function holderAbove({ name }: Role, actor: Principal, otherGrants: Grants): ApplicationError {
  const above = grantsAbove(actor, otherGrants).join(', ');
  return new ApplicationError('above_your_permissions', {
    detail: `A user with the role ${name} also holds ${above}, which you do not hold. Ask an administrator who does.`,
  });
}
