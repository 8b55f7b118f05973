import { Injectable } from '@nestjs/common';
import { type BuiltInPermission, type UserBulkRequestDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../../common/application-error.js';
import { type Principal } from '../../../common/request/principal.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { RolesRepository } from '../../roles/roles.repository.js';
import { RolesService } from '../../roles/roles.service.js';

/** Requirements of bulk requests on users, besides `users:write` and those on each user. */
@Injectable()
export class UserBulkRequirements {
  constructor(
    private readonly roles: RolesService,
    private readonly repository: RolesRepository,
  ) {}

  /**
   * Checks that the actor may send this request, whichever users it matches.
   *
   * @param tx transaction that makes the change and holds the lock on authority.
   * @throws ApplicationError `forbidden`, `above_your_permissions`, or `validation_failed` for an unknown role.
   */
  async check(
    { action, role, filter }: UserBulkRequestDto,
    actor: Principal,
    tx?: WriteTransaction,
  ): Promise<void> {
    // The number of matches would reveal an e-mail address letter by letter, and roles and logins as well.
    if (Object.values(filter ?? {}).some((value) => value !== undefined)) {
      checkPermission('users:read', actor);
    }
    if (action === 'revokeTokens') {
      checkPermission('tokens:write', actor);
    }
    if (role === undefined) {
      return;
    }
    if ((await this.repository.findByNames([role], tx)).length === 0) {
      throw new ApplicationError('validation_failed', {
        errors: [{ pointer: '/role', code: 'unknown_role', message: `there is no role ${role}` }],
      });
    }
    if (action === 'addRole') {
      await this.roles.checkGrantable([role], actor, tx);
    }
  }
}

function checkPermission(permission: BuiltInPermission, actor: Principal): void {
  if (!actor.permissions.has(permission)) {
    throw new ApplicationError('forbidden', { detail: `This needs ${permission}.` });
  }
}
