import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { type StoredScope } from '../../permissions/scope.js';
import { UserRole } from './user-role.entity.js';
import { User } from './user.entity.js';

/**
 * Returns SQL for a user's roles with their permissions as one text; `user` is the alias of the row in `users`.
 * Role names and permissions contain no commas or single quotes, so nothing needs quoting.
 */
export function grantsSql(user: string): string {
  return (
    `(SELECT string_agg(r."name" || ' ' || r."permissions", ',') FROM "user_roles" g ` +
    `JOIN "roles" r ON r."name" = g."roleName" WHERE g."userId" = ${user}."id")`
  );
}

/** Queries on the roles of users. {@link RoleHoldersRepository} has the queries on the users of roles. */
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

  /** Returns the roles of users with their permissions, in the form that `GrantsReader` reads. */
  async grantsOf(userIds: readonly string[], tx?: WriteTransaction): Promise<Map<string, string | null>> {
    const rows = await (tx ?? this.userRoles.manager)
      .createQueryBuilder(User, 'u')
      .select('u.id', 'id')
      .addSelect(grantsSql('u'), 'grants')
      .where({ id: In([...userIds]) })
      .getRawMany<{ id: string; grants: string | null }>();
    return new Map(rows.map(({ id, grants }) => [id, grants]));
  }

  /**
   * Returns whether a user is enabled, their grants, and the scope of one of their tokens. Returns `undefined` if the user or the
   * token was deleted.
   */
  async standingOf(
    userId: string,
    tokenId: string | undefined,
    tx: WriteTransaction,
  ): Promise<{ enabled: boolean; grants: string | null; scope: StoredScope } | undefined> {
    const row = await tx
      .createQueryBuilder(User, 'u')
      .select('u.enabled', 'enabled')
      .addSelect(grantsSql('u'), 'grants')
      .addSelect('t."permissions"', 'scope')
      .addSelect('t."id"', 'tokenId')
      .leftJoin('tokens', 't', 't."id" = :tokenId AND t."userId" = u."id"', { tokenId: tokenId ?? '' })
      .where({ id: userId })
      .getRawOne<{
        enabled: boolean | number;
        grants: string | null;
        scope: StoredScope;
        tokenId: string | null;
      }>();
    // Without its row, a limited token would look like one without limits.
    if (!row || (tokenId !== undefined && row.tokenId === null)) {
      return undefined;
    }
    // SQLite returns booleans as 0 and 1.
    return { enabled: Boolean(row.enabled), grants: row.grants, scope: row.scope };
  }

  /** Returns the enabled humans with a role, and whether each has a password. */
  async findEnabledHumans(
    roleName: string,
    tx: WriteTransaction,
  ): Promise<{ id: string; canSignIn: boolean }[]> {
    const rows = await tx
      .createQueryBuilder(User, 'user')
      .select('user.id', 'id')
      .addSelect('CASE WHEN user.passwordHash IS NULL THEN 0 ELSE 1 END', 'passwords')
      .innerJoin(UserRole, 'held', 'held.userId = user.id AND held.roleName = :roleName', { roleName })
      .where('user.kind = :kind', { kind: 'human' })
      .andWhere('user.enabled = :enabled', { enabled: true })
      .getRawMany<{ id: string; passwords: unknown }>();
    return rows.map(({ id, passwords }) => ({ id, canSignIn: Number(passwords) === 1 }));
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
