import { Injectable } from '@nestjs/common';
import { DEFAULT_ROLE, type ProblemErrorDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { mostSimilar } from '../../common/most-similar.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { ResourceApiPermissions } from '../apis/resource-api-permissions.service.js';
import { API_MARK, grantsAbove, GrantsReader } from '../grants.service.js';
import { PermissionRegistry } from '../permission-registry.service.js';
import { type Role } from './role.entity.js';
import { RolesRepository } from './roles.repository.js';

const NONE: ReadonlySet<string> = new Set();

/** Rules for roles. An actor may only grant roles and permissions that it holds. */
@Injectable()
export class RolesService {
  constructor(
    private readonly repository: RolesRepository,
    private readonly grants: GrantsReader,
    private readonly permissions: ResourceApiPermissions,
    private readonly registry: PermissionRegistry,
  ) {}

  /**
   * Checks that roles exist, and that none exceeds the actor's: see {@link grantsAbove}.
   *
   * @param tx the transaction of the grant. It holds the authority lock, so no role changes until it ends.
   * @param kept roles that are not checked again.
   * @throws ApplicationError `validation_failed` naming unknown roles, or `above_your_permissions`.
   */
  async checkGrantable(
    names: readonly string[],
    actor: Principal,
    tx?: WriteTransaction,
    kept: ReadonlySet<string> = NONE,
  ): Promise<void> {
    const added = names.filter((name) => !kept.has(name));
    const roles = await this.repository.findByNames(added, tx);
    const known = new Set([...kept, ...roles.map(({ name }) => name)]);
    const first = names.find((name) => !known.has(name));
    if (first !== undefined) {
      const hint = await this.hintOn(first, actor, tx);
      rejectIfAny(
        names.flatMap((name, index) => {
          const message = `there is no role ${name}${name === first ? hint : ''}`;
          return known.has(name) ? [] : [{ pointer: `/roles/${index}`, code: 'unknown_role', message }];
        }),
      );
    }
    rejectGrant(grantsAbove(actor, this.grants.readRoles(roles)));
  }

  /** Returns the names of the roles that grant a permission. */
  findNamesGranting(permission: string): Promise<string[]> {
    return this.repository.findNamesGranting(this.grants.wordsGranting(permission));
  }

  /** Returns those of some names that are roles. */
  async findKnown(names: readonly string[]): Promise<Set<string>> {
    return new Set((await this.repository.findByNames(names)).map(({ name }) => name));
  }

  /**
   * Checks that the role of a bulk request exists.
   *
   * @throws ApplicationError `validation_failed`.
   */
  async checkExists(name: string, actor: Principal, tx?: WriteTransaction): Promise<void> {
    if ((await this.repository.findByNames([name], tx)).length === 0) {
      const message = `there is no role ${name}${await this.hintOn(name, actor, tx)}`;
      rejectIfAny([{ pointer: '/role', code: 'unknown_role', message }]);
    }
  }

  /**
   * Returns a hint about an unknown role: a similar one, which the actor has or may read, or how to list all
   * roles. It is empty if there is none, and the actor may not read roles.
   */
  private async hintOn(name: string, actor: Principal, tx: WriteTransaction | undefined): Promise<string> {
    const canRead = actor.permissions.has('roles:read');
    const meant = mostSimilar(name, canRead ? await this.repository.findNamesLike(name, tx) : actor.roles);
    if (meant !== undefined) {
      return `; did you mean ${meant}?`;
    }
    return canRead ? '; GET /roles lists all roles' : '';
  }

  /**
   * Checks that permissions exist and that the actor holds them.
   *
   * @param kept permissions that are not checked again.
   * @throws ApplicationError `validation_failed` naming unknown permissions, or `above_your_permissions`.
   */
  async checkPermissions(
    names: readonly string[],
    actor: Principal,
    tx?: WriteTransaction,
    kept: ReadonlySet<string> = NONE,
  ): Promise<void> {
    rejectIfAny(await this.permissions.errorsOf(names, kept, actor, tx));
    const added = names.filter((name) => !kept.has(name));
    rejectGrant(grantsAbove(actor, this.grants.read(`${DEFAULT_ROLE} ${this.toStored(added)}`)));
  }

  /** Returns the stored form of permissions. */
  toStored(names: readonly string[]): string {
    return [...names]
      .sort()
      .map((name) => (this.registry.has(name) ? name : API_MARK + name))
      .join(' ');
  }

  /**
   * Checks that the actor may change or delete a role: the actor holds its permissions, and it is not built
   * in.
   *
   * @throws ApplicationError `above_your_permissions` or `role_built_in`.
   */
  checkEditable(role: Role, actor: Principal): void {
    const above = grantsAbove(actor, this.grants.readRoles([role]));
    if (above.length > 0) {
      throw new ApplicationError('above_your_permissions', {
        detail: `The role ${role.name} grants ${above.join(', ')}, which you do not hold. Ask an administrator who does.`,
      });
    }
    if (role.isBuiltIn) {
      throw new ApplicationError('role_built_in', {
        detail: `The role ${role.name} is built in and cannot be changed. Create your own role instead.`,
      });
    }
  }
}

function rejectIfAny(errors: ProblemErrorDto[]): void {
  if (errors.length > 0) {
    throw new ApplicationError('validation_failed', { errors });
  }
}

function rejectGrant(above: readonly string[]): void {
  if (above.length > 0) {
    throw new ApplicationError('above_your_permissions', {
      detail: `You cannot grant ${above.join(', ')}, which you do not hold yourself.`,
    });
  }
}
