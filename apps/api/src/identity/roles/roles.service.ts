import { Injectable } from '@nestjs/common';
import { type ProblemErrorDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { GrantsReader } from '../permissions/grants.js';
import { grantsAbove, permissionsAbove } from '../permissions/grants-above.js';
import { PermissionRegistry } from '../permissions/permission-registry.js';
import { type Role } from './role.entity.js';
import { RolesRepository } from './roles.repository.js';

/** Rules about roles: nobody grants a role, or a permission by one, that is above them. */
@Injectable()
export class RolesService {
  constructor(
    private readonly repository: RolesRepository,
    private readonly grants: GrantsReader,
    private readonly registry: PermissionRegistry,
  ) {}

  /**
   * Checks that roles exist, and that none is above the actor: see {@link grantsAbove}.
   *
   * @param tx where they are granted, which holds the lock on authority: until it ends, no role grows or goes.
   * @throws ApplicationError `validation_failed` naming unknown roles, or `above_your_permissions`.
   */
  async checkGrantable(names: readonly string[], actor: Principal, tx?: WriteTransaction): Promise<void> {
    const roles = await this.repository.findByNames(names, tx);
    const known = new Set(roles.map(({ name }) => name));
    refuse(
      names.flatMap((name, index) =>
        known.has(name)
          ? []
          : [{ pointer: `/roles/${index}`, code: 'unknown_role', message: `there is no role ${name}` }],
      ),
    );
    refuseGrant(grantsAbove(actor, this.grants.readRoles(roles)));
  }

  /**
   * Checks that permissions exist and that whoever puts them into a role holds them.
   *
   * @throws ApplicationError `validation_failed` naming unknown permissions, or `above_your_permissions`.
   */
  checkPermissions(names: readonly string[], actor: Principal): void {
    refuse(
      names.flatMap((name, index) => {
        const message = `there is no permission ${name}; GET /permissions has all there are`;
        return this.registry.has(name)
          ? []
          : [{ pointer: `/permissions/${index}`, code: 'unknown_permission', message }];
      }),
    );
    refuseGrant(permissionsAbove(actor, names));
  }

  /**
   * Checks that an actor may change or delete a role: it is not above them, and not built in.
   *
   * @throws ApplicationError `above_your_permissions` or `role_built_in`.
   */
  checkEditable(role: Role, actor: Principal): void {
    const above = grantsAbove(actor, this.grants.readRoles([role]));
    if (above.length > 0) {
      throw new ApplicationError('above_your_permissions', {
        detail: `The role ${role.name} gives ${above.join(', ')} and you do not hold that; ask somebody who does.`,
      });
    }
    if (role.isBuiltIn) {
      throw new ApplicationError('role_built_in', {
        detail: `The role ${role.name} is built in and stays as it is; make one of your own.`,
      });
    }
  }
}

function refuse(errors: ProblemErrorDto[]): void {
  if (errors.length > 0) {
    throw new ApplicationError('validation_failed', { errors });
  }
}

function refuseGrant(above: readonly string[]): void {
  if (above.length > 0) {
    throw new ApplicationError('above_your_permissions', {
      detail: `You cannot grant ${above.join(', ')}: you do not hold it yourself.`,
    });
  }
}
