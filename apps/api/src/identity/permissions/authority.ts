import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { ADMINISTRATOR_ROLE } from './grants-above.js';
import { RolesService } from '../roles/roles.service.js';
import { ActorReader } from './actor-reader.js';
import { EscalationPolicy } from './escalation-policy.js';
import { Administrators, leavesAdministrators } from './administrator.js';
import { UserRolesRepository } from '../users/model/user-roles.repository.js';
import { type UserWithRoles } from '../users/model/user-with-roles.js';

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
