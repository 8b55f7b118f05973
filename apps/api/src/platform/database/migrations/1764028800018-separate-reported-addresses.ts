import { Table, TableColumn, TableForeignKey, TableIndex, type QueryRunner } from 'typeorm';
import { type SchemaMigration } from './release.js';
import { bigint, id, integer, text } from '../columns.js';

/** Counts of a day, which reports of verifiers can grow beyond 32 bits. */
const COUNTS = ['uses', 'supersededUses'];

/** Largest integer of 32 bits. A revert stores it instead of larger counts. */
const INTEGER_MAX = 2_147_483_647;

/** Services that reported the last uses, by table. */
const REPORTERS = [
  ['tokens', 'lastUsageReporter'],
  ['tokens', 'previousLastUsageReporter'],
  ['token_usage', 'lastUsageReporter'],
] as const;

const INDEX = new TableIndex({ name: 'IDX_verifiers_userId', columnNames: ['userId', 'reportTime'] });

/**
 * Creates the addresses that services have reported, apart from those that the server saw, and the reporters of last uses. Counts of uses get
 * 64 bits.
 */
export class SeparateReportedAddresses1764028800018 implements SchemaMigration {
  /** A server that expects 32 bits gets texts from the driver of PostgreSQL. */
  readonly contracts = COUNTS.map((name) => `token_usage.${name}`);

  async up(runner: QueryRunner): Promise<void> {
    const primary = { isPrimary: true, primaryKeyConstraintName: 'PK_token_reported_addresses' };
    await runner.createTable(
      new Table({
        name: 'token_reported_addresses',
        columns: [
          id('tokenId', primary),
          id('reporterId', primary),
          text('address', 45, primary),
          text('reporter', 160),
          integer('day'),
        ],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_token_reported_addresses_tokenId',
            columnNames: ['tokenId'],
            referencedTableName: 'tokens',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          }),
        ],
      }),
    );
    await runner.createIndex('verifiers', INDEX);
    for (const [table, column] of REPORTERS) {
      // TypeORM would rebuild the table on SQLite.
      await runner.query(`ALTER TABLE "${table}" ADD COLUMN "${column}" varchar(160)`);
    }
    await changeCounts(runner, bigint, Number.MAX_SAFE_INTEGER);
  }

  async down(runner: QueryRunner): Promise<void> {
    await changeCounts(runner, integer, INTEGER_MAX);
    for (const [table, column] of REPORTERS) {
      await runner.query(`ALTER TABLE "${table}" DROP COLUMN "${column}"`);
    }
    await runner.dropIndex('verifiers', INDEX);
    await runner.dropTable('token_reported_addresses');
  }
}

async function changeCounts(runner: QueryRunner, column: typeof bigint, max: number): Promise<void> {
  if (runner.dataSource.options.type === 'postgres') {
    const changes = COUNTS.map(
      (name) => `ALTER COLUMN "${name}" TYPE ${column(name).type} USING LEAST("${name}", ${max})`,
    );
    await runner.query(`ALTER TABLE "token_usage" ${changes.join(', ')}`);
    return;
  }
  // Integers of SQLite have 64 bits anyway. The type only has to match the entity.
  const table = await runner.getTable('token_usage');
  const changes = COUNTS.flatMap((name) => {
    const oldColumn = table?.findColumnByName(name);
    return oldColumn ? { oldColumn, newColumn: new TableColumn(column(name)) } : [];
  });
  await runner.changeColumns('token_usage', changes);
}
