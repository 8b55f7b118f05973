import { TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Drops an index that nothing goes by, and that misled SQLite in lists sorted by the end of tokens. */
export class DropTokenExpirationIndex1764028800010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('tokens', 'IDX_tokens_expirationTime');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.createIndex(
      'tokens',
      new TableIndex({ name: 'IDX_tokens_expirationTime', columnNames: ['expirationTime'] }),
    );
  }
}
