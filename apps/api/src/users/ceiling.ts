import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/principal.js';
import { type WriteTransaction } from '../database/writes.js';
import { GrantsReader } from '../roles/grants.js';
import { narrow } from '../roles/narrow.js';
import { PermissionRegistry } from '../roles/permission-registry.js';
import { permissionsAbove } from '../roles/permissions-above.js';
import { Actors } from './actors.js';
import { UserRolesRepository } from './user-roles.repository.js';

/** Nobody acts on who holds more than they do: else a password or a token of theirs would be a way up. */
@Injectable()
export class Ceiling {
  constructor(
    private readonly actors: Actors,
    private readonly userRoles: UserRolesRepository,
    private readonly grants: GrantsReader,
    private readonly registry: PermissionRegistry,
  ) {}

  /**
   * Checks that the actor holds by now every permission the user holds, and keeps that so until the transaction ends.
   *
   * @returns the actor with what they hold by now.
   * @throws ApplicationError `above_your_permissions`, or what {@link Actors} throws.
   */
  async check(userId: string, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    const present = await this.actors.lockFor(actor, tx);
    await this.checkPresent(userId, present, tx);
    return present;
  }

  /**
   * Checks the same of an actor who has been read in the transaction.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async checkPresent(userId: string, present: Principal, tx: WriteTransaction): Promise<void> {
    this.refuse(await this.findAbove([userId], present, tx));
  }

  /**
   * Checks the same as of now, before something costly; it must be checked again in the transaction.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async foresee(userId: string, actor: Principal): Promise<void> {
    this.refuse(await this.findAbove([userId], actor));
  }

  /** Which of some users hold permissions that the actor does not, and which those are. */
  async findAbove(
    userIds: readonly string[],
    actor: Principal,
    tx?: WriteTransaction,
  ): Promise<Map<string, string[]>> {
    const above = new Map<string, string[]>();
    for (const [id, grants] of await this.userRoles.grantsOf(userIds, tx)) {
      const permissions = permissionsAbove(actor, this.grants.read(grants).permissions);
      if (permissions.length > 0) {
        above.set(id, permissions);
      }
    }
    return above;
  }

  /**
   * What bounds for good a credential of a user's whose secret somebody gets to know, as a token stores it: what they may
   * hand on by now. Else whatever the user is given later would be theirs, too. `null` = nothing bounds it.
   *
   * @param present whoever it is, as read in the transaction.
   */
  handedOn(userId: string, present: Principal): string | null {
    const { token, permissions } = present;
    return userId === present.id || permissionsAbove(present, this.registry.names()).length === 0
      ? (token?.limit ?? null)
      : [...permissions].sort().join(' ');
  }

  /** Whether a user holds more than a credential of theirs was bounded by. */
  async holdsMore(userId: string, limit: string | null, tx?: WriteTransaction): Promise<boolean> {
    if (limit === null) {
      return false;
    }
    const grants = (await this.userRoles.grantsOf([userId], tx)).get(userId) ?? null;
    const { permissions } = this.grants.read(grants);
    return narrow(permissions, limit).size < permissions.size;
  }

  private refuse(above: Map<string, string[]>): void {
    for (const permissions of above.values()) {
      throw new ApplicationError('above_your_permissions', {
        detail: `They hold ${permissions.join(', ')} and you do not; ask somebody who does.`,
      });
    }
  }
}
