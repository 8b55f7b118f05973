import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Drops PostgreSQL's index of the usual order of lists of tokens. A list is counted as well, for which every row is read;
 * to sort the same rows then takes less than to look each up in the order of an index.
 */
export class DropPostgresTokenListIndex1764028800017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type === 'postgres') {
      await runner.query('DROP INDEX "IDX_tokens_list"');
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type === 'postgres') {
      await runner.query(
        'CREATE INDEX "IDX_tokens_list" ON "tokens" ("creationTime" NULLS FIRST, "id" NULLS FIRST)',
      );
    }
  }
}
