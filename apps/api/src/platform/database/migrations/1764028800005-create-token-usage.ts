import { Table, TableForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';
import { id, integer, text } from '../columns.js';

/** Creates the daily usage counts of tokens. */
export class CreateTokenUsage1764028800005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'token_usage',
        columns: [
          id('tokenId', { isPrimary: true, primaryKeyConstraintName: 'PK_token_usage' }),
          integer('day', { isPrimary: true, primaryKeyConstraintName: 'PK_token_usage' }),
          integer('uses'),
          integer('supersededUses'),
          text('lastUsageAddress', 64, { isNullable: true }),
          text('lastUsageAgent', 200, { isNullable: true }),
        ],
        indices: [{ name: 'IDX_token_usage_day', columnNames: ['day'] }],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_token_usage_tokenId',
            columnNames: ['tokenId'],
            referencedTableName: 'tokens',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('token_usage');
  }
}
