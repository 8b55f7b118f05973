import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint } from '../columns.js';

/**
 * Notes, at the end of the audit trail's chain, the latest time and how far clocks were ever set back, so that a span of
 * time can be found as a span of the sequence.
 */
export class MeasureAuditClock1764028800013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('audit_chain', [
      new TableColumn(bigint('latestTime', { default: 0 })),
      new TableColumn(bigint('clockSetback', { default: 0 })),
    ]);
    await runner.query(
      `UPDATE "audit_chain" SET "latestTime" = COALESCE((SELECT MAX("time") FROM "audit_events"), 0),
         "clockSetback" = COALESCE((SELECT MAX("latest" - "time") FROM
           (SELECT "time", MAX("time") OVER (ORDER BY "sequence") AS "latest" FROM "audit_events") AS "clock"), 0)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('audit_chain', ['latestTime', 'clockSetback']);
  }
}
