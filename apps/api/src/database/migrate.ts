import { type DataSource } from 'typeorm';

/** Key of the advisory lock under which replicas migrate one after another; any fixed number. */
const MIGRATION_LOCK = 7_251_844_120;

/** Runs the migrations that the database has not seen yet, each in a transaction of its own. */
export async function migrate(source: DataSource): Promise<void> {
  if (source.options.type !== 'postgres') {
    await source.runMigrations({ transaction: 'each' });
    return;
  }
  const runner = source.createQueryRunner();
  try {
    // Waits for another replica's migrations however long they take.
    await runner.query('SET statement_timeout = 0');
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await runner.query('SELECT pg_advisory_unlock_all()');
    await runner.query('RESET statement_timeout');
    await runner.release();
  }
}
