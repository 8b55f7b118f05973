import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { RolesService } from '../permissions/roles/roles.service.js';
import { UserRolesRepository } from './model/user-roles.repository.js';
import { type UserWithRoles } from './model/user.entity.js';
import { ActorReader } from '../permissions/actor-reader.service.js';
import { EscalationPolicy } from '../permissions/escalation-policy.service.js';
import { ADMINISTRATOR_ROLE } from '../permissions/grants.service.js';

/** Checks changes of grants: no actor exceeds its own permissions, and one administrator always remains. */
@Injectable()
export class Authority {
  constructor(
    private readonly actors: ActorReader,
    private readonly escalation: EscalationPolicy,
    private readonly userRoles: UserRolesRepository,
    private readonly roles: RolesService,
  ) {}

  /**
   * Locks authority until the transaction ends, and returns the refreshed actor. Call it before any other read.
   *
   * @throws ApplicationError the errors of {@link ActorReader}.
   */
  lockAndRefresh(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    return this.actors.lockAndRefresh(actor, tx);
  }

  /**
   * Checks that the actor may change the grants of a user, and may grant the roles.
   *
   * @param present actor, as {@link lockAndRefresh} returned it.
   * @throws ApplicationError `above_your_permissions`, or `validation_failed` at `/roles`.
   */
  async checkReach(
    userId: string,
    roles: readonly string[] | undefined,
    present: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    await this.escalation.checkPresent(userId, present, tx);
    if (roles) {
      await this.roles.checkGrantable(roles, present, tx);
    }
  }

  /**
   * Checks that the roles exist and that the actor may grant them.
   *
   * @throws ApplicationError `above_your_permissions`, or `validation_failed` at `/roles`.
   */
  async checkGrants(roles: readonly string[], actor: Principal, tx: WriteTransaction): Promise<void> {
    await this.roles.checkGrantable(roles, await this.lockAndRefresh(actor, tx), tx);
  }

  /**
   * Checks that a change or deletion leaves an administrator, and one who can sign in.
   *
   * @throws ApplicationError `last_administrator`.
   */
  async checkAdministratorStays(
    before: UserWithRoles,
    after: UserWithRoles | undefined,
    tx: WriteTransaction,
  ): Promise<void> {
    if (leavesAdministrators(before, after) && (await this.administrators(tx)).isLast(before.user.id)) {
      throw new ApplicationError('last_administrator', {
        detail: `${before.user.name} is the last administrator who can sign in. Grant the role ${ADMINISTRATOR_ROLE} to a user who has a password first.`,
      });
    }
  }

  /** Returns the current administrators. */
  async administrators(tx: WriteTransaction): Promise<Administrators> {
    return new Administrators(await this.userRoles.findEnabledHumans(ADMINISTRATOR_ROLE, tx));
  }
}

/**
 * Whether a change removes an administrator: an enabled human who holds the role.
 *
 * @param after changed user; `undefined` if deleted.
 */
export function leavesAdministrators(before: UserWithRoles, after: UserWithRoles | undefined): boolean {
  return isAdministrator(before) && !(after && isAdministrator(after));
}

function isAdministrator({ user, roles }: UserWithRoles): boolean {
  return user.kind === 'human' && user.enabled && roles.includes(ADMINISTRATOR_ROLE);
}

/**
 * All administrators, and those who can sign in. One of each must remain: a user who has only tokens, or has not used the set-up
 * link yet, cannot undo a mistake of the others.
 */
export class Administrators {
  private readonly all: Set<string>;
  private readonly canSignIn: Set<string>;

  constructor(rows: readonly { id: string; canSignIn: boolean }[]) {
    this.all = new Set(rows.map(({ id }) => id));
    this.canSignIn = new Set(rows.filter(({ canSignIn }) => canSignIn).map(({ id }) => id));
  }

  /** Whether a user is the last administrator, or the last who can sign in. */
  isLast(id: string): boolean {
    return [this.all, this.canSignIn].some((ids) => ids.size === 1 && ids.has(id));
  }

  remove(id: string): void {
    this.all.delete(id);
    this.canSignIn.delete(id);
  }
}
