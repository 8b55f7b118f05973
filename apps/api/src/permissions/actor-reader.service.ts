import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { GrantsReader, permissionsAbove } from './grants.service.js';
import { RolesRepository } from './roles/roles.repository.js';
import { UserGrantsRepository } from './user-grants.repository.js';

/** Reads the current grants of users. Those of the actor can have changed since the request began. */
@Injectable()
export class ActorReader {
  constructor(
    private readonly users: UserGrantsRepository,
    private readonly roles: RolesRepository,
    private readonly grants: GrantsReader,
  ) {}

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
   * Returns the actor with its current grants, limited by the current scope of its token. They stay current only under the lock on
   * authority.
   *
   * @throws ApplicationError `unauthenticated` if the user or the token was deleted, `user_disabled`, or `forbidden` if the user no
   *   longer holds the permissions of the route.
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
    const present = { ...actor, roles, permissions, ...token };
    const missing = permissionsAbove(present, actor.requiredPermissions ?? []);
    if (missing.length > 0) {
      throw new ApplicationError('forbidden', {
        detail: `This requires ${missing.join(', ')}.`,
        missingPermissions: missing,
      });
    }
    return present;
  }

  /** Returns the roles of users with their permissions, in the form that {@link GrantsReader} reads. */
  grantsOf(userIds: readonly string[], tx?: WriteTransaction): Promise<Map<string, string | null>> {
    return this.users.grantsOf(userIds, tx);
  }
}
