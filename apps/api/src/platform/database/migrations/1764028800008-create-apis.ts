import { Table, TableForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, id, integer, longText, text } from '../columns.js';

/** Creates the APIs, the table of the tokens that name their permissions, and the widest scope of each token. */
export class CreateApis1764028800008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'apis',
        columns: [
          text('name', 64, { isPrimary: true, primaryKeyConstraintName: 'PK_apis' }),
          text('description', 200),
          longText('permissions'),
          bigint('creationTime'),
          integer('version', { default: 0 }),
        ],
      }),
    );
    const primary = { isPrimary: true, primaryKeyConstraintName: 'PK_token_apis' };
    await runner.createTable(
      new Table({
        name: 'token_apis',
        columns: [id('tokenId', primary), text('api', 64, primary)],
        indices: [{ name: 'IDX_token_apis_api', columnNames: ['api'] }],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_token_apis_tokenId',
            columnNames: ['tokenId'],
            referencedTableName: 'tokens',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          }),
        ],
      }),
    );
    // TypeORM would create the table anew on SQLite, and delete the rows that refer to it.
    await runner.query('ALTER TABLE "tokens" ADD COLUMN "maxScope" text');
    await runner.query('UPDATE "tokens" SET "maxScope" = "permissions" WHERE "permissions" IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "tokens" DROP COLUMN "maxScope"');
    await runner.dropTable('token_apis');
    await runner.dropTable('apis');
  }
}
