import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/principal.js';
import { type WriteTransaction } from '../database/writes.js';
import { GrantsReader } from '../roles/grants.js';
import { RolesRepository } from '../roles/roles.repository.js';
import { UsersRepository } from './users.repository.js';

/** Nobody acts on who holds more than they do: else a password or a token of theirs would be a way up. */
@Injectable()
export class Ceiling {
  constructor(
    private readonly users: UsersRepository,
    private readonly roles: RolesRepository,
    private readonly grants: GrantsReader,
  ) {}

  /**
   * Checks that the actor holds every permission the user holds, and keeps that so until the transaction ends.
   *
   * @throws ApplicationError `above_your_permissions`.
   */
  async check(userId: string, actor: Principal, tx: WriteTransaction): Promise<void> {
    await this.roles.lockAuthority(tx);
    const { permissions } = this.grants.read(await this.users.grantsOf(userId, tx));
    const above = [...permissions].filter((permission) => !actor.permissions.has(permission));
    if (above.length > 0) {
      throw new ApplicationError('above_your_permissions', {
        detail: `They hold ${above.join(', ')} and you do not; ask somebody who does.`,
      });
    }
  }
}
