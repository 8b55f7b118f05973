import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/principal.js';
import { type WriteTransaction } from '../database/writes.js';
import { GrantsReader } from './grants.js';
import { RolesRepository } from './roles.repository.js';

/** Rules about roles. */
@Injectable()
export class RolesService {
  constructor(
    private readonly repository: RolesRepository,
    private readonly grants: GrantsReader,
  ) {}

  /**
   * Checks that roles exist and that whoever grants them holds every permission they give.
   *
   * @param tx where they are granted, after `lockAuthority`, so that no role grows or goes in between.
   * @throws ApplicationError `validation_failed` naming unknown roles, or `above_your_permissions`.
   */
  async checkGrantable(names: readonly string[], actor: Principal, tx?: WriteTransaction): Promise<void> {
    const roles = await this.repository.findByNames(names, tx);
    const known = new Set(roles.map(({ name }) => name));
    const errors = names.flatMap((name, index) =>
      known.has(name)
        ? []
        : [{ pointer: `/roles/${index}`, code: 'unknown_role', message: `there is no role ${name}` }],
    );
    if (errors.length > 0) {
      throw new ApplicationError('validation_failed', { errors });
    }
    const { permissions } = this.grants.read(
      roles.map((role) => `${role.name} ${role.permissions}`).join(','),
    );
    const above = [...permissions].filter((permission) => !actor.permissions.has(permission));
    if (above.length > 0) {
      throw new ApplicationError('above_your_permissions', {
        detail: `You cannot grant ${above.join(', ')}: you do not hold it yourself.`,
      });
    }
  }
}
