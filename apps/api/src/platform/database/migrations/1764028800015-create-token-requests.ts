import { Table, TableForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, id, integer, longText, text } from '../columns.js';

/** Creates the token templates and the token requests. */
export class CreateTokenRequests1764028800015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'token_templates',
        columns: [
          text('name', 64, { isPrimary: true, primaryKeyConstraintName: 'PK_token_templates' }),
          text('description', 200),
          longText('scope', { isNullable: true }),
          bigint('expiresIn'),
          text('note', 200, { isNullable: true }),
          bigint('creationTime'),
          integer('version', { default: 0 }),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'token_requests',
        columns: [
          id('id', { isPrimary: true, primaryKeyConstraintName: 'PK_token_requests' }),
          id('userId'),
          text('template', 64),
          longText('scope', { isNullable: true }),
          bigint('expiresIn'),
          text('note', 200, { isNullable: true }),
          text('reason', 200, { isNullable: true }),
          text('status', 16),
          bigint('creationTime'),
          bigint('endTime'),
          id('deciderId', { isNullable: true }),
          text('deciderName', 256, { isNullable: true }),
          id('deciderTokenId', { isNullable: true }),
          text('decisionReason', 200, { isNullable: true }),
          id('tokenId', { isNullable: true }),
        ],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_token_requests_userId',
            columnNames: ['userId'],
            referencedTableName: 'users',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          }),
        ],
        indices: [
          { name: 'IDX_token_requests_userId', columnNames: ['userId'] },
          { name: 'IDX_token_requests_endTime', columnNames: ['endTime'] },
          { name: 'IDX_token_requests_deciderTokenId', columnNames: ['deciderTokenId'] },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('token_requests');
    await runner.dropTable('token_templates');
  }
}
