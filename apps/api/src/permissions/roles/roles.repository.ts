import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type RoleListQueryDto } from '@latchkey/auth-models';
import { Like, type Repository, type SelectQueryBuilder } from 'typeorm';
import { COMPARED_MAX } from '../../common/most-similar.js';
import { Clock } from '../../common/clock.service.js';
import { NamedRepository } from '../../platform/database/named.repository.js';
import { containing, type Counts, inTimeRange } from '../../platform/database/queries/list-queries.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { GRANTING_ROLES_SQL, grantingParameters, selectHolders } from '../user-grants.repository.js';
import { Role } from './role.entity.js';
import { UserRole } from './user-role.entity.js';

/** Filters of a list of roles, with the words of the requested permission: `GrantsReader.wordsGranting`. */
export type RoleFilter = Omit<RoleListQueryDto, 'permission'> & {
  readonly grantingWords?: readonly string[];
};

/** Queries on roles and their holders. */
@Injectable()
export class RolesRepository extends NamedRepository<Role> {
  constructor(@InjectRepository(Role) roles: Repository<Role>, clock: Clock) {
    super(
      roles,
      {
        notFound: 'There is no role with this name. GET /roles lists all roles.',
        nameTaken: (name) => `A role named ${name} already exists.`,
      },
      clock,
    );
  }

  /**
   * Serializes transactions that change authority. The permissions of the actor and of the target, read after
   * this call, stay the same until the transaction ends, and at least one administrator remains.
   */
  async lockAuthority(tx: WriteTransaction): Promise<void> {
    // The update locks the row on PostgreSQL, and makes this a write transaction on SQLite.
    await tx.update(Role, { name: 'admin' }, { isBuiltIn: true });
  }

  /**
   * Returns a few names of roles that may be the correct spelling of a name, because they start with the same
   * letter.
   */
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

  /**
   * Returns the roles that may grant permissions of some APIs, sorted by name. Matches text only, so the
   * caller must filter the result.
   */
  findNaming(apis: readonly string[], tx?: WriteTransaction): Promise<Role[]> {
    const patterns = ['*%', ...apis.map((api) => `%${api}:%`)];
    return this.seenBy(tx).find({
      where: patterns.map((pattern) => ({ permissions: Like(pattern) })),
      order: { name: 'ASC' },
    });
  }

  /** Returns the names of the roles that grant a permission: see `GrantsReader.wordsGranting`. */
  async findNamesGranting(grantingWords: readonly string[]): Promise<string[]> {
    const roles = await this.matching({ grantingWords }).select('role.name').getMany();
    return roles.map(({ name }) => name);
  }

  /** Builds the query for the matching roles. */
  matching({ q, grantingWords, createdFrom, createdTo }: RoleFilter): SelectQueryBuilder<Role> {
    const query = this.entities.createQueryBuilder('role').where('1 = 1');
    if (q) {
      query.andWhere(
        `(LOWER(role.name) LIKE :q ESCAPE '\\' OR LOWER(role.description) LIKE :q ESCAPE '\\')`,
        {
          q: containing(q),
        },
      );
    }
    if (grantingWords) {
      query.andWhere(`role.name IN (${GRANTING_ROLES_SQL})`, grantingParameters(grantingWords));
    }
    inTimeRange(query, 'role.creationTime', { from: createdFrom, to: createdTo });
    return query;
  }

  /** Returns the number of holders of each role. Roles without holders are absent. */
  async countHolders(roleNames: readonly string[], tx?: WriteTransaction): Promise<Map<string, number>> {
    if (roleNames.length === 0) {
      return new Map();
    }
    const rows = await (tx ?? this.entities.manager)
      .createQueryBuilder(UserRole, 'held')
      .select('held.roleName', 'roleName')
      .addSelect('COUNT(*)', 'count')
      .where('held.roleName IN (:...roleNames)', { roleNames })
      .groupBy('held.roleName')
      .getRawMany<{ roleName: string; count: number | string }>();
    return new Map(rows.map(({ roleName, count }) => [roleName, Number(count)]));
  }

  /** Returns the numbers of users by those of some roles that they have, as one sorted text. */
  async countByRoles(roleNames: readonly string[]): Promise<{ roles: string; count: number }[]> {
    if (roleNames.length === 0) {
      return [];
    }
    const rows = await this.entities.manager
      .createQueryBuilder()
      .select('holder.roles', 'roles')
      .addSelect('COUNT(*)', 'count')
      .from((query) => selectHolders(query, roleNames), 'holder')
      .groupBy('holder.roles')
      .getRawMany<{ roles: string; count: number | string }>();
    return rows.map(({ roles, count }) => ({ roles, count: Number(count) }));
  }

  /** Returns the ids of up to `max` holders of a role. */
  async findHolderIds(roleName: string, max: number, tx: WriteTransaction): Promise<string[]> {
    const held = await tx.find(UserRole, { where: { roleName }, select: { userId: true }, take: max });
    return held.map(({ userId }) => userId);
  }

  /** Builds the query for the number of holders per role, for lists of roles. */
  holderCounts(): Counts {
    return (query) =>
      query
        .select('held.roleName', 'key')
        .addSelect('COUNT(*)', 'count')
        .from(UserRole, 'held')
        .groupBy('held.roleName');
  }
}
