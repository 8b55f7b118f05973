import { Table, TableForeignKey, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, id, integer, text } from '../columns.js';

/** Creates the secrets that rotations replaced, by which leak reports find their tokens. */
export class CreateRotatedSecrets1764028800020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'rotated_secrets',
        columns: [
          text('digest', 43, { isPrimary: true, primaryKeyConstraintName: 'PK_rotated_secrets' }),
          id('tokenId'),
          integer('version'),
          bigint('rotationTime'),
          text('nextDigest', 43),
          text('rotatorDigest', 43, { isNullable: true }),
          id('rotatorTokenId', { isNullable: true }),
          bigint('leakReportTime', { isNullable: true }),
        ],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_rotated_secrets_tokenId',
            columnNames: ['tokenId'],
            referencedTableName: 'tokens',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          }),
        ],
        indices: [
          new TableIndex({ name: 'IDX_rotated_secrets_tokenId', columnNames: ['tokenId', 'version'] }),
          new TableIndex({ name: 'IDX_rotated_secrets_nextDigest', columnNames: ['nextDigest'] }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('rotated_secrets');
  }
}
