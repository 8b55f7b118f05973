import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Adds acknowledgements to tokens, with an index, because few tokens have one. */
export class AddAcknowledgements1764028800013 implements MigrationInterface {
  // TypeORM would create the table anew on SQLite, and delete the rows that refer to it.
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "tokens" ADD COLUMN "acknowledgedTime" bigint');
    await runner.query('ALTER TABLE "tokens" ADD COLUMN "snoozeEndTime" bigint');
    await runner.query(
      'CREATE INDEX "IDX_tokens_acknowledged" ON "tokens" ("acknowledgedTime") WHERE "acknowledgedTime" IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "IDX_tokens_acknowledged"');
    await runner.query('ALTER TABLE "tokens" DROP COLUMN "snoozeEndTime"');
    await runner.query('ALTER TABLE "tokens" DROP COLUMN "acknowledgedTime"');
  }
}
