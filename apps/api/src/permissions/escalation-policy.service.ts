import { Injectable } from '@nestjs/common';
import { DEFAULT_ROLE } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { grantsAbove, GrantsReader, isAdministrator } from './grants.service.js';
import { toScope, type Scope } from './scope.js';
import { ActorReader } from './actor-reader.service.js';
import { UserGrantsRepository } from './user-grants.repository.js';

/**
 * Prevents privilege escalation: an actor may only act on users who hold no permissions or roles beyond the actor's own,
 * by the rules of {@link grantsAbove}. Otherwise their password or token would give the actor more permissions.
 */
@Injectable()
export class EscalationPolicy {
  constructor(
    private readonly actors: ActorReader,
    private readonly users: UserGrantsRepository,
    private readonly grants: GrantsReader,
  ) {}

  /**
   * Locks authority and checks that the user holds no permissions or roles beyond the actor's own.
   *
   * @returns the refreshed actor.
   * @throws ApplicationError `above_your_permissions`, or the errors of {@link ActorReader}.
   */
  async check(userId: string, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    const present = await this.actors.lockAndRefresh(actor, tx);
    await this.checkPresent(userId, present, tx);
    return present;
  }

  /** Returns the actor with its current grants, for changes of its own account. @throws ApplicationError those of {@link ActorReader}. */
  refresh(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    return this.actors.refresh(actor, tx);
  }

  /**
   * Does the same check for an actor that is already refreshed.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async checkPresent(userId: string, present: Principal, tx: WriteTransaction): Promise<void> {
    this.rejectIfAny(await this.findAbove([userId], present, tx));
  }

  /**
   * Does the same check before an expensive step, without a lock. It must be repeated in the transaction.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async precheck(userId: string, actor: Principal): Promise<void> {
    this.rejectIfAny(await this.findAbove([userId], actor));
  }

  /** Returns the users among these who hold something above the actor, each with a list of it. */
  async findAbove(
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
   * Returns the permanent limit of a user's credential whose secret the actor learns: the permissions and roles that the
   * actor can grant to the user now. Without it, the actor would gain every permission that the user is granted later.
   *
   * @param present the actor, as read in the transaction.
   * @returns the limit as a token stores it; `null` = none, for administrators and for one's own credentials.
   */
  async delegableScope(userId: string, present: Principal, tx: WriteTransaction): Promise<Scope> {
    const limit = present.token?.scope ?? null;
    if (userId === present.id || isAdministrator(present)) {
      return limit;
    }
    if (limit !== null) {
      return toScope({ permissions: present.permissions, roles: present.roles });
    }
    // The check of the user has shown that the actor may grant what the user holds.
    const held = this.grants.read((await this.users.grantsOf([userId], tx)).get(userId) ?? null);
    const grantsApis = present.permissions.has('apis:write');
    const grantsRoles = present.permissions.has('roles:write');
    return toScope({
      permissions: new Set([...present.permissions, ...(grantsApis ? held.apiPermissions : [])]),
      roles: new Set([DEFAULT_ROLE, ...present.roles, ...(grantsRoles ? held.roles : [])]),
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

  private rejectIfAny(above: Map<string, string[]>): void {
    for (const held of above.values()) {
      throw new ApplicationError('above_your_permissions', {
        detail: `The user holds ${held.join(', ')}, which you do not hold. Ask an administrator.`,
      });
    }
  }
}
