import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { GrantsReader } from './grants.js';
import { intersectPermissions, intersectRoles } from './scope.js';
import { permissionsAbove } from './permissions-above.js';
import { RolesRepository } from '../roles/roles.repository.js';
import { UserRolesRepository } from '../users/model/user-roles.repository.js';

/** Who acts, as of a transaction: what they held when the request began may have been taken from them, or added to. */
@Injectable()
export class ActorReader {
  constructor(
    private readonly userRoles: UserRolesRepository,
    private readonly roles: RolesRepository,
    private readonly grants: GrantsReader,
  ) {}

  /**
   * Keeps all other changes of authority waiting until a transaction ends, and reads the actor; called before anything
   * else is read.
   *
   * @throws ApplicationError what {@link refresh} throws.
   */
  async lockAndRefresh(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    await this.roles.lockAuthority(tx);
    return this.refresh(actor, tx);
  }

  /**
   * The actor with what they hold in a transaction, which holds the lock on authority so that it stays so.
   *
   * @throws ApplicationError `unauthenticated` or `user_disabled` if they are gone or disabled by now, `forbidden` if they
   * no longer hold what the route demanded.
   */
  async refresh(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    if (actor.scheme === 'command-line') {
      return actor;
    }
    const standing = await this.userRoles.standingOf(actor.id, tx);
    if (!standing) {
      throw new ApplicationError('unauthenticated');
    }
    if (!standing.enabled) {
      throw new ApplicationError('user_disabled');
    }
    const { roles, permissions } = this.grants.read(standing.grants);
    const limit = actor.token?.limit ?? null;
    const present = {
      ...actor,
      roles: intersectRoles(roles, limit),
      permissions: intersectPermissions(permissions, limit),
    };
    const missing = permissionsAbove(present, actor.demanded ?? []);
    if (missing.length > 0) {
      throw new ApplicationError('forbidden', { detail: `This needs ${missing.join(', ')}.` });
    }
    return present;
  }
}
