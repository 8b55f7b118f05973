import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type DataSource, type ObjectLiteral, type Repository, type SelectQueryBuilder } from 'typeorm';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { FACTOR_MARK } from './grants.service.js';
import { UserRole } from './roles/user-role.entity.js';
import { type Scope } from './scope.js';

/**
 * Returns SQL for a user's roles with their permissions as one text; `user` is the alias of the row in
 * `users`. Role names and permissions contain no commas or single quotes, so nothing needs quoting.
 */
export function grantsSql(user: string): string {
  return (
    `(SELECT string_agg(r."name" || CASE WHEN r."requiresSecondFactor" THEN ' ${FACTOR_MARK}' ELSE '' END || ' ' || r."permissions", ',') FROM "user_roles" g ` +
    `JOIN "roles" r ON r."name" = g."roleName" WHERE g."userId" = ${user}."id")`
  );
}

/** Parameters of {@link GRANTING_ROLES_SQL}, as many as a permission has granting words. */
const GRANTING_WORDS = ['grantingWord0', 'grantingWord1', 'grantingWord2'];

/** SQL query for the names of the roles that grant a permission. Its text is always the same. */
export const GRANTING_ROLES_SQL = `SELECT granting."name" FROM "roles" granting WHERE ${GRANTING_WORDS.map(
  (word) => `' ' || granting."permissions" || ' ' LIKE :${word}`,
).join(' OR ')}`;

/** Returns the parameters of {@link GRANTING_ROLES_SQL} from `GrantsReader.wordsGranting`. */
export function grantingParameters(words: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    GRANTING_WORDS.map((name, index) => {
      const word = words[index];
      return [name, word === undefined ? null : `% ${word} %`];
    }),
  );
}

/**
 * SQL query for the ids of the users with a role that grants a permission. With a join, SQLite would scan the
 * roles of all users.
 */
export const HOLDERS_SQL = `SELECT held."userId" FROM "user_roles" held WHERE held."roleName" IN (${GRANTING_ROLES_SQL})`;

/**
 * Returns the SQL condition that a column is one of the roles in {@link roleParameters}.
 */
export function amongRoles(column: string, { options }: DataSource): string {
  return options.type === 'postgres'
    ? `${column} = ANY(:roleNames)`
    : `${column} IN (SELECT "value" FROM json_each(:roleNames))`;
}

/**
 * Returns the parameters of {@link amongRoles}. The names are one parameter, because databases limit the
 * number of parameters but not of roles.
 */
export function roleParameters(
  roleNames: readonly string[],
  { options }: DataSource,
): Record<string, unknown> {
  return { roleNames: options.type === 'postgres' ? roleNames : JSON.stringify(roleNames) };
}

/**
 * Selects the users with at least one of the given roles, and which of these they have, as one sorted text.
 */
export function selectHolders<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  roleNames: readonly string[],
): SelectQueryBuilder<UserRole> {
  const { dataSource } = query;
  return query
    .select('held.userId', 'userId')
    .addSelect(`string_agg(held.roleName, ' ' ORDER BY held.roleName)`, 'roles')
    .from(UserRole, 'held')
    .where(amongRoles('held.roleName', dataSource), roleParameters(roleNames, dataSource))
    .groupBy('held.userId');
}

/** Queries on the permissions that users hold by their roles. */
@Injectable()
export class UserGrantsRepository {
  constructor(@InjectRepository(UserRole) private readonly userRoles: Repository<UserRole>) {}

  /** Returns the roles of users with their permissions, in the form that `GrantsReader` reads. */
  async grantsOf(userIds: readonly string[], tx?: WriteTransaction): Promise<Map<string, string | null>> {
    // PostgreSQL rejects an empty list.
    if (userIds.length === 0) {
      return new Map();
    }
    const rows = await (tx ?? this.userRoles.manager)
      .createQueryBuilder()
      .select('u."id"', 'id')
      .from('users', 'u')
      .addSelect(grantsSql('u'), 'grants')
      .where('u."id" IN (:...userIds)', { userIds: [...userIds] })
      .getRawMany<{ id: string; grants: string | null }>();
    return new Map(rows.map(({ id, grants }) => [id, grants]));
  }

  /**
   * Returns whether a user is enabled, their grants, and the scope of one of their tokens. Returns
   * `undefined` if the user or the token was deleted.
   */
  async standingOf(
    userId: string,
    tokenId: string | undefined,
    tx: WriteTransaction,
  ): Promise<{ enabled: boolean; grants: string | null; scope: Scope } | undefined> {
    const row = await tx
      .createQueryBuilder()
      .select('u."enabled"', 'enabled')
      .from('users', 'u')
      .addSelect(grantsSql('u'), 'grants')
      .addSelect('t."scope"', 'scope')
      .addSelect('t."id"', 'tokenId')
      .leftJoin('tokens', 't', 't."id" = :tokenId AND t."userId" = u."id"', { tokenId: tokenId ?? '' })
      .where('u."id" = :userId', { userId })
      .getRawOne<{
        enabled: boolean | number;
        grants: string | null;
        scope: Scope;
        tokenId: string | null;
      }>();
    // Without its row, a limited token would look like one without limits.
    if (!row || (tokenId !== undefined && row.tokenId === null)) {
      return undefined;
    }
    // SQLite returns booleans as 0 and 1.
    return { enabled: Boolean(row.enabled), grants: row.grants, scope: row.scope };
  }

  /**
   * Returns the other roles of a role's holders who also hold one of `others`. Each combination of names is
   * returned once, without the role itself.
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
