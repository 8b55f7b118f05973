import { Table, TableForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, boolean, id, integer, longText, text } from '../columns.js';

/**
 * Index of the API tokens that live for longer than two weeks, by expiry, for the metrics. It leaves out the tokens of programs
 * that create one for each task, of which there may be very many.
 */
const EXPIRING_INDEX =
  'CREATE INDEX "IDX_tokens_expiring" ON "tokens" ("expirationTime") ' +
  `WHERE "kind" = 'api' AND "endReason" IS NULL AND "expirationTime" - "lifeStartTime" > 1209600000`;

/** Creates the tokens, and their ancestors, which remain when the rows of the ancestors are deleted. */
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
          bigint('lifeStartTime', { default: 0 }),
          bigint('maxExpirationTime', { isNullable: true }),
        ],
        indices: [
          { name: 'IDX_tokens_digest', columnNames: ['digest'], isUnique: true },
          { name: 'IDX_tokens_previousDigest', columnNames: ['previousDigest'], isUnique: true },
          { name: 'IDX_tokens_userId', columnNames: ['userId', 'creationTime'] },
          { name: 'IDX_tokens_parentTokenId', columnNames: ['parentTokenId'] },
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
    await runner.query(EXPIRING_INDEX);
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
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('token_ancestors');
    await runner.dropTable('tokens');
  }
}
