import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type RoleListQueryDto } from '@latchkey/auth-models';
import { In, Like, type QueryDeepPartialEntity, type Repository, type SelectQueryBuilder } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { COMPARED_MAX } from '../../common/most-similar.js';
import { containing, inTimeRange } from '../../platform/database/queries/list-queries.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { Role } from './role.entity.js';

/** Filters of a list of roles. `names` are the roles that grant the requested permission. */
export type RoleFilter = Omit<RoleListQueryDto, 'permission'> & { readonly names?: readonly string[] };

/** Queries on roles. */
@Injectable()
export class RolesRepository {
  constructor(@InjectRepository(Role) private readonly roles: Repository<Role>) {}

  /**
   * Serializes transactions that change authority. The permissions of the actor and of the target, read after this call,
   * stay the same until the transaction ends, and at least one administrator remains.
   */
  async lockAuthority(tx: WriteTransaction): Promise<void> {
    // The update locks the row on PostgreSQL, and makes this a write transaction on SQLite.
    await tx.update(Role, { name: 'admin' }, { isBuiltIn: true });
  }

  /**
   * Returns a role by name, optionally in a transaction.
   *
   * @throws ApplicationError `not_found`.
   */
  async getByName(name: string, tx?: WriteTransaction): Promise<Role> {
    const role = await this.seenBy(tx).findOneBy({ name });
    if (!role) {
      throw new ApplicationError('not_found', {
        detail: 'There is no role with this name. GET /roles lists all roles.',
      });
    }
    return role;
  }

  /** Returns roles by name, optionally in a transaction. */
  findByNames(names: readonly string[], tx?: WriteTransaction): Promise<Role[]> {
    return names.length === 0 ? Promise.resolve([]) : this.seenBy(tx).findBy({ name: In([...names]) });
  }

  /** Returns a few names of roles that may be the correct spelling of a name, because they start with the same letter. */
  async findNamesLike(name: string, tx?: WriteTransaction): Promise<string[]> {
    const roles = await this.seenBy(tx)
      .createQueryBuilder('role')
      .select('role.name')
      .where('role.name LIKE :pattern', { pattern: `${name.charAt(0)}%` })
      .andWhere('LENGTH(role.name) BETWEEN :min AND :max', { min: name.length - 2, max: name.length + 2 })
      .orderBy('role.name')
      .limit(COMPARED_MAX)
      .getMany();
    return roles.map((role) => role.name);
  }

  /** Returns all roles, read in a transaction. */
  findAll(tx: WriteTransaction): Promise<Role[]> {
    return tx.find(Role);
  }

  /** Returns the roles whose stored text may grant a permission, or one of `api:`, sorted by name. Some of them may not. */
  findNaming(permission: string, tx?: WriteTransaction): Promise<Role[]> {
    return this.seenBy(tx).find({
      where: [{ permissions: Like(`%${permission}%`) }, { permissions: Like('*%') }],
      order: { name: 'ASC' },
    });
  }

  /** Builds the query for the matching roles. */
  matching({ q, names, createdFrom, createdTo }: RoleFilter): SelectQueryBuilder<Role> {
    const query = this.roles.createQueryBuilder('role').where('1 = 1');
    if (q) {
      query.andWhere(
        `(LOWER(role.name) LIKE :q ESCAPE '\\' OR LOWER(role.description) LIKE :q ESCAPE '\\')`,
        {
          q: containing(q),
        },
      );
    }
    if (names) {
      query.andWhere({ name: In([...names]) });
    }
    inTimeRange(query, 'role.creationTime', { from: createdFrom, to: createdTo });
    return query;
  }

  async insert(role: Role, tx: WriteTransaction): Promise<void> {
    await tx.insert(Role, role);
  }

  /** Updates a role and its version. Returns `false` if the version is stale. */
  async update(
    { name, version }: Role,
    change: QueryDeepPartialEntity<Role>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(Role, { name, version }, { ...change, version: version + 1 });
    return affected === 1;
  }

  /** Deletes a role. Returns `false` if the version is stale. Fails if the role has holders. */
  async delete({ name, version }: Role, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.delete(Role, { name, version });
    return affected === 1;
  }

  private seenBy(tx: WriteTransaction | undefined): Repository<Role> {
    return tx ? tx.getRepository(Role) : this.roles;
  }
}
