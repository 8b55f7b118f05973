import { Table, TableForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, boolean, id, integer, longText, text } from '../columns.js';

/** Creates the users and their roles. */
export class CreateUsers1764028800002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'users',
        columns: [
          id('id', { isPrimary: true, primaryKeyConstraintName: 'PK_users' }),
          text('name', 256),
          text('displayName', 400, { isNullable: true }),
          text('email', 254, { isNullable: true }),
          text('kind', 16),
          boolean('enabled', { default: true }),
          longText('passwordHash', { isNullable: true }),
          bigint('tokensEndedBefore', { default: 0 }),
          bigint('creationTime'),
          bigint('lastLoginTime', { isNullable: true }),
          text('setUpDigest', 43, { isNullable: true }),
          bigint('setUpExpirationTime', { isNullable: true }),
          integer('version', { default: 0 }),
          longText('setUpLimit', { isNullable: true }),
          text('skeleton', 1_024, { isNullable: true }),
        ],
        indices: [
          { name: 'IDX_users_name', columnNames: ['name'], isUnique: true },
          { name: 'IDX_users_skeleton', columnNames: ['skeleton'], isUnique: true },
          { name: 'IDX_users_setUpDigest', columnNames: ['setUpDigest'], isUnique: true },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'user_roles',
        columns: [
          id('userId', { isPrimary: true, primaryKeyConstraintName: 'PK_user_roles' }),
          text('roleName', 64, { isPrimary: true, primaryKeyConstraintName: 'PK_user_roles' }),
        ],
        indices: [{ name: 'IDX_user_roles_roleName', columnNames: ['roleName'] }],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_user_roles_userId',
            columnNames: ['userId'],
            referencedTableName: 'users',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          }),
          new TableForeignKey({
            name: 'FK_user_roles_roleName',
            columnNames: ['roleName'],
            referencedTableName: 'roles',
            referencedColumnNames: ['name'],
          }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('user_roles');
    await runner.dropTable('users');
  }
}
