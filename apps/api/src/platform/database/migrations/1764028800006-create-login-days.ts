import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, integer } from '../columns.js';

/** Creates the daily counts of logins. */
export class CreateLoginDays1764028800006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'login_days',
        columns: [
          integer('day', { isPrimary: true, primaryKeyConstraintName: 'PK_login_days' }),
          bigint('successes', { default: 0 }),
          bigint('failures', { default: 0 }),
          bigint('unknownNameFailures', { default: 0 }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('login_days');
  }
}
