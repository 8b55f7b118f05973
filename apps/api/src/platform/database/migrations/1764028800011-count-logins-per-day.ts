import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, integer } from '../columns.js';

/** Creates the table that counts log-ins a day, with what the audit trail has of them. */
export class CountLoginsPerDay1764028800011 implements MigrationInterface {
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
    await runner.query(
      `INSERT INTO "login_days" ("day", "successes", "failures")
         SELECT "time" / 86400000,
           SUM(CASE WHEN "action" = 'authn_login_success' THEN 1 ELSE 0 END),
           SUM(CASE WHEN "action" = 'authn_login_fail' THEN 1 ELSE 0 END)
         FROM "audit_events" WHERE "action" IN ('authn_login_success', 'authn_login_fail')
         GROUP BY "time" / 86400000`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('login_days');
  }
}
