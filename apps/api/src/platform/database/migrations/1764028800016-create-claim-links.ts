import { Table, TableForeignKey, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, id, longText, text } from '../columns.js';

/** Creates the claim links, with which recipients create API tokens. */
export class CreateClaimLinks1764028800016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'claim_links',
        columns: [
          id('id', { isPrimary: true, primaryKeyConstraintName: 'PK_claim_links' }),
          text('digest', 43),
          id('userId'),
          id('issuerId', { isNullable: true }),
          text('issuerName', 256),
          id('issuerTokenId', { isNullable: true }),
          text('note', 200, { isNullable: true }),
          longText('request'),
          longText('plan'),
          bigint('creationTime'),
          bigint('expirationTime'),
          bigint('claimTime', { isNullable: true }),
          id('tokenId', { isNullable: true }),
        ],
        foreignKeys: ['userId', 'issuerId'].map(
          (column) =>
            new TableForeignKey({
              name: `FK_claim_links_${column}`,
              columnNames: [column],
              referencedTableName: 'users',
              referencedColumnNames: ['id'],
              onDelete: 'CASCADE',
            }),
        ),
        indices: [
          new TableIndex({ name: 'IDX_claim_links_digest', columnNames: ['digest'], isUnique: true }),
          ...['userId', 'issuerId', 'issuerTokenId', 'expirationTime'].map(
            (column) => new TableIndex({ name: `IDX_claim_links_${column}`, columnNames: [column] }),
          ),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('claim_links');
  }
}
