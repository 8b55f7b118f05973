import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, boolean, integer, longText, text } from '../columns.js';

/** The built-in roles. `*` stands for all permissions, `*:read` for all read permissions. */
const BUILT_IN = [
  {
    name: 'admin',
    description: 'Full access, including everything that feature modules add.',
    permissions: '*',
  },
  { name: 'auditor', description: 'Read-only access to everything.', permissions: '*:read' },
  { name: 'user', description: 'Own account and tokens only.', permissions: '' },
];

/** Creates the roles, including the built-in ones. */
export class CreateRoles1764028800001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'roles',
        columns: [
          text('name', 64, { isPrimary: true, primaryKeyConstraintName: 'PK_roles' }),
          text('description', 200),
          longText('permissions'),
          boolean('isBuiltIn', { default: false }),
          bigint('creationTime'),
          integer('version', { default: 0 }),
        ],
      }),
    );
    for (const role of BUILT_IN) {
      await runner.manager
        .createQueryBuilder()
        .insert()
        .into('roles')
        .values({ ...role, isBuiltIn: true, creationTime: Date.now(), version: 0 })
        .execute();
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('roles');
  }
}
