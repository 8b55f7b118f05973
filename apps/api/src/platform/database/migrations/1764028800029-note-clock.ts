import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint } from '../columns.js';

/** Notes the latest time that a server believed, so that a clock that jumps far ahead is noticed. */
export class NoteClock1764028800029 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('audit_chain', new TableColumn(bigint('clockSeenTime', { default: 0 })));
    await runner.query('UPDATE "audit_chain" SET "clockSeenTime" = "latestTime"');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('audit_chain', 'clockSeenTime');
  }
}
