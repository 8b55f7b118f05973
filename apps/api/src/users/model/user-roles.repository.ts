import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { UserRole } from '../../permissions/roles/user-role.entity.js';
import { ADMINISTRATOR_ROLE } from '../../permissions/grants.service.js';
import { Administrators } from '../administrators.js';
import { User } from './user.entity.js';

/**
 * Queries on the roles of users. {@link UserGrantsRepository} has those on the permissions of these roles.
 */
@Injectable()
export class UserRolesRepository {
  constructor(@InjectRepository(UserRole) private readonly userRoles: Repository<UserRole>) {}

  /** Returns the sorted roles of users, optionally in a transaction. Users without roles are absent. */
  async rolesOf(userIds: readonly string[], tx?: WriteTransaction): Promise<Map<string, string[]>> {
    const userRoles = tx ? tx.getRepository(UserRole) : this.userRoles;
    const rows = userIds.length === 0 ? [] : await userRoles.findBy({ userId: In([...userIds]) });
    const roles = new Map<string, string[]>();
    for (const { userId, roleName } of rows) {
      roles.set(userId, [...(roles.get(userId) ?? []), roleName].sort());
    }
    return roles;
  }

  /** Returns the current administrators. */
  async findAdministrators(tx: WriteTransaction): Promise<Administrators> {
    const rows = await tx
      .createQueryBuilder(User, 'user')
      .select('user.id', 'id')
      .addSelect('CASE WHEN user.passwordHash IS NULL THEN 0 ELSE 1 END', 'passwords')
      .innerJoin(UserRole, 'held', 'held.userId = user.id AND held.roleName = :roleName', {
        roleName: ADMINISTRATOR_ROLE,
      })
      .where('user.kind = :kind', { kind: 'human' })
      .andWhere('user.enabled = :enabled', { enabled: true })
      .getRawMany<{ id: string; passwords: unknown }>();
    return new Administrators(rows.map(({ id, passwords }) => ({ id, canSignIn: Number(passwords) === 1 })));
  }

  async add(userIds: readonly string[], roleNames: readonly string[], tx: WriteTransaction): Promise<void> {
    const rows = userIds.flatMap((userId) => roleNames.map((roleName) => ({ userId, roleName })));
    if (rows.length > 0) {
      await tx.insert(UserRole, rows);
    }
  }

  async remove(
    userIds: readonly string[],
    roleNames: readonly string[],
    tx: WriteTransaction,
  ): Promise<void> {
    if (userIds.length > 0 && roleNames.length > 0) {
      await tx.delete(UserRole, { userId: In([...userIds]), roleName: In([...roleNames]) });
    }
  }
}
