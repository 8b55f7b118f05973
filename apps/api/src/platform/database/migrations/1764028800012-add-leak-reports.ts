import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Adds the time of leak reports to tokens, with an index, because few tokens have one. */
export class AddLeakReports1764028800012 implements MigrationInterface {
  // TypeORM would create the table anew on SQLite, and delete the rows that refer to it.
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "tokens" ADD COLUMN "leakReportTime" bigint');
    await runner.query(
      'CREATE INDEX "IDX_tokens_leaked" ON "tokens" ("leakReportTime") WHERE "leakReportTime" IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "IDX_tokens_leaked"');
    await runner.query('ALTER TABLE "tokens" DROP COLUMN "leakReportTime"');
  }
}
