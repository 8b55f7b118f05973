import { Table, TableForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, boolean, id, integer, longText, text } from '../columns.js';

/** Creates the table of tokens: rows people manage, found by the digest of their secret. */
export class CreateTokens1764028800003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'tokens',
        columns: [
          id('id', { isPrimary: true, primaryKeyConstraintName: 'PK_tokens' }),
          id('userId'),
          text('kind', 16),
          text('note', 200, { isNullable: true }),
          text('preview', 16),
          text('digest', 43),
          longText('permissions', { isNullable: true }),
          id('parentTokenId', { isNullable: true }),
          boolean('enabled', { default: true }),
          bigint('creationTime'),
          bigint('stampTime'),
          bigint('expirationTime', { isNullable: true }),
          bigint('idleExpirationTime', { isNullable: true }),
          text('endReason', 16, { isNullable: true }),
          bigint('revocationTime', { isNullable: true }),
          bigint('lastUsageTime', { isNullable: true }),
          text('lastUsageAddress', 64, { isNullable: true }),
          text('lastUsageAgent', 200, { isNullable: true }),
          text('previousDigest', 43, { isNullable: true }),
          bigint('previousEndTime', { isNullable: true }),
          integer('previousUses', { default: 0 }),
          bigint('previousLastUsageTime', { isNullable: true }),
          text('previousLastUsageAddress', 64, { isNullable: true }),
          text('previousLastUsageAgent', 200, { isNullable: true }),
          integer('version', { default: 0 }),
        ],
        indices: [
          { name: 'IDX_tokens_digest', columnNames: ['digest'], isUnique: true },
          { name: 'IDX_tokens_previousDigest', columnNames: ['previousDigest'], isUnique: true },
          { name: 'IDX_tokens_userId', columnNames: ['userId', 'creationTime'] },
          { name: 'IDX_tokens_parentTokenId', columnNames: ['parentTokenId'] },
          { name: 'IDX_tokens_expirationTime', columnNames: ['expirationTime'] },
        ],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_tokens_userId',
            columnNames: ['userId'],
            referencedTableName: 'users',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tokens');
  }
}
