import { Table, TableForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';
import { id } from '../columns.js';

/** Every token with all tokens above it, as far as their rows are there. UNION ends circles. */
const ANCESTORS =
  'WITH RECURSIVE "chain" ("tokenId", "ancestorId") AS (' +
  'SELECT "id", "parentTokenId" FROM "tokens" WHERE "parentTokenId" IS NOT NULL ' +
  'UNION SELECT "chain"."tokenId", above."parentTokenId" FROM "chain" ' +
  'JOIN "tokens" above ON above."id" = "chain"."ancestorId" WHERE above."parentTokenId" IS NOT NULL) ' +
  'SELECT "chain"."tokenId", "chain"."ancestorId", ancestor."userId" FROM "chain" ' +
  'LEFT JOIN "tokens" ancestor ON ancestor."id" = "chain"."ancestorId"';

/** Creates the table of the ancestors of each token, which outlives the rows of the ancestors. */
export class CreateTokenAncestors1764028800020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const primary = { isPrimary: true, primaryKeyConstraintName: 'PK_token_ancestors' };
    await runner.createTable(
      new Table({
        name: 'token_ancestors',
        columns: [
          id('tokenId', primary),
          id('ancestorId', primary),
          id('ancestorUserId', { isNullable: true }),
        ],
        indices: [
          { name: 'IDX_token_ancestors_ancestorId', columnNames: ['ancestorId'] },
          { name: 'IDX_token_ancestors_ancestorUserId', columnNames: ['ancestorUserId'] },
        ],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_token_ancestors_tokenId',
            columnNames: ['tokenId'],
            referencedTableName: 'tokens',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          }),
        ],
      }),
    );
    await runner.query(
      `INSERT INTO "token_ancestors" ("tokenId", "ancestorId", "ancestorUserId") ${ANCESTORS}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('token_ancestors');
  }
}
