import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Adds the index for exports and lists in order of creation. It sorts ids by code points. */
export class IndexTokensByCreation1764028800017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const collation = runner.dataSource.options.type === 'postgres' ? ' COLLATE "C"' : '';
    await runner.query(
      `CREATE INDEX "IDX_tokens_creationTime" ON "tokens" ("creationTime", "id"${collation})`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "IDX_tokens_creationTime"');
  }
}
