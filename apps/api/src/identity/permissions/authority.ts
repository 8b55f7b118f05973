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

/** Judges changes of what users may do: nobody reaches above themselves, and one administrator always stays. */
@Injectable()
export class Authority {
  constructor(
    private readonly actors: ActorReader,
    private readonly escalation: EscalationPolicy,
    private readonly userRoles: UserRolesRepository,
    private readonly roles: RolesService,
  ) {}

  /**
   * Whoever changes authority, as they are by now; until the transaction ends, nobody else changes it. Called before
   * anything is read.
   *
   * @throws ApplicationError what {@link ActorReader} throws.
   */
  lockAndRefresh(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    return this.actors.lockAndRefresh(actor, tx);
  }

  /**
   * Checks that somebody may change what a user may do, and may give the roles that are to be held.
   *
   * @param present whoever does it, as {@link lockAndRefresh} has read them.
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
   * Checks that somebody may give roles, and that there are such roles.
   *
   * @throws ApplicationError `above_your_permissions`, or `validation_failed` at `/roles`.
   */
  async checkGrants(roles: readonly string[], actor: Principal, tx: WriteTransaction): Promise<void> {
    await this.roles.checkGrantable(roles, await this.lockAndRefresh(actor, tx), tx);
  }

  /**
   * Checks that an administrator stays, and one who can sign in, when a user is changed or deleted.
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

  /** The administrators there are as of a transaction. */
  async administrators(tx: WriteTransaction): Promise<Administrators> {
    return new Administrators(await this.userRoles.findEnabledHumans(ADMINISTRATOR_ROLE, tx));
  }
}
