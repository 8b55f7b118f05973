import { Table, TableForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';
import { id, integer, text } from '../columns.js';

/** Creates the last uses of the permissions of each token, and of the addresses that it was used from. */
export class CreateTokenLastUses1764028800010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const primary = { isPrimary: true, primaryKeyConstraintName: 'PK_token_last_uses' };
    await runner.createTable(
      new Table({
        name: 'token_last_uses',
        columns: [
          id('tokenId', primary),
          text('kind', 16, primary),
          text('value', 160, primary),
          integer('day'),
        ],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_token_last_uses_tokenId',
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
    await runner.dropTable('token_last_uses');
  }
}
