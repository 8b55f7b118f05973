import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Index of all columns that lists of tokens filter and sort by. It has half the size of the table. On SQLite, other requests wait
 * while the only thread reads a list. PostgreSQL has no such index: it reads 100,000 rows in 20 ms, and would update the index
 * at each use of a token.
 */
const LIST_INDEX =
  'CREATE INDEX "IDX_tokens_list" ON "tokens" ("userId", "endReason", "stampTime", "expirationTime", ' +
  '"idleExpirationTime", "enabled", "kind", "creationTime", "lastUsageTime", "previousEndTime", "note", ' +
  '"preview", "id", "notBefore")';

const COLUMNS = {
  guardRails: 'text',
  notBefore: 'bigint',
  usesLeft: 'integer',
  rateWindow: 'bigint',
  rateUses: 'integer',
};

/** Adds the guard rails of tokens, the counts for their limits, and the index of lists, which needs `notBefore` for the state. */
export class AddGuardRails1764028800009 implements MigrationInterface {
  // TypeORM would create the table anew on SQLite, and delete the rows that refer to it.
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, type] of Object.entries(COLUMNS)) {
      await runner.query(`ALTER TABLE "tokens" ADD COLUMN "${name}" ${type}`);
    }
    if (runner.dataSource.options.type === 'better-sqlite3') {
      await runner.query(LIST_INDEX);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS "IDX_tokens_list"');
    for (const name of Object.keys(COLUMNS)) {
      await runner.query(`ALTER TABLE "tokens" DROP COLUMN "${name}"`);
    }
  }
}
