import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { type Counts } from '../../platform/database/queries/list-queries.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { UserRole } from '../../users/model/user-role.entity.js';

/** Queries on the holders of roles. */
@Injectable()
export class RoleHoldersRepository {
  constructor(@InjectRepository(UserRole) private readonly userRoles: Repository<UserRole>) {}

  /** Returns the number of holders of each role. Roles without holders are absent. */
  async count(roleNames: readonly string[], tx?: WriteTransaction): Promise<Map<string, number>> {
    if (roleNames.length === 0) {
      return new Map();
    }
    const rows = await (tx ? tx.getRepository(UserRole) : this.userRoles)
      .createQueryBuilder('held')
      .select('held.roleName', 'roleName')
      .addSelect('COUNT(*)', 'count')
      .where('held.roleName IN (:...roleNames)', { roleNames })
      .groupBy('held.roleName')
      .getRawMany<{ roleName: string; count: number | string }>();
    return new Map(rows.map(({ roleName, count }) => [roleName, Number(count)]));
  }

  /** Returns the ids of up to `max` holders of a role. */
  async findIds(roleName: string, max: number, tx: WriteTransaction): Promise<string[]> {
    const held = await tx.find(UserRole, { where: { roleName }, select: { userId: true }, take: max });
    return held.map(({ userId }) => userId);
  }

  /** Builds the query for the number of holders per role, for lists of roles. */
  counts(): Counts {
    return (query) =>
      query
        .select('held.roleName', 'key')
        .addSelect('COUNT(*)', 'count')
        .from(UserRole, 'held')
        .groupBy('held.roleName');
  }

  /**
   * Returns the other roles of a role's holders who also hold one of `others`. Each combination of names is returned
   * once, without the role itself.
   */
  async otherRoleCombinations(
    roleName: string,
    others: readonly string[],
    tx: WriteTransaction,
  ): Promise<string[][]> {
    const rows = await tx
      .createQueryBuilder()
      .select('holder.roles', 'roles')
      .distinct()
      .from(
        (holders) =>
          holders
            .select(`string_agg(beside.roleName, ' ' ORDER BY beside.roleName)`, 'roles')
            .from(UserRole, 'beside')
            .innerJoin(UserRole, 'held', 'held.userId = beside.userId AND held.roleName = :roleName')
            .where('beside.roleName <> :roleName')
            .groupBy('beside.userId')
            .having('MAX(CASE WHEN beside.roleName IN (:...others) THEN 1 ELSE 0 END) = 1'),
        'holder',
      )
      .setParameters({ roleName, others })
      .getRawMany<{ roles: string }>();
    return rows.map(({ roles }) => roles.split(' '));
  }
}
