import { type DataSource } from 'typeorm';
import { isWithoutTable } from './driver-errors.js';
import { APPLIED_MIGRATIONS_SQL, rejectNewer, schemaState } from './schema-state.js';

/** Key of the advisory lock that makes replicas migrate one after another; an arbitrary number. */
const MIGRATION_LOCK = 7_251_844_120;

/**
 * Runs pending migrations, each in its own transaction. On PostgreSQL it waits for another replica's migrations without a
 * limit, so the data source must have no timeouts, and needs a second connection.
 *
 * @throws ConfigurationError if a newer build created the tables, which this build would misread.
 */
export async function migrate(source: DataSource): Promise<void> {
  await refuseNewer(source);
  if (source.options.type !== 'postgres') {
    await source.runMigrations({ transaction: 'each' });
    return;
  }
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations({ transaction: 'each' });
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  } finally {
    await runner.release();
  }
}

async function refuseNewer(source: DataSource): Promise<void> {
  const applied = await source.query<{ name: string }[]>(APPLIED_MIGRATIONS_SQL).catch((error: unknown) => {
    if (isWithoutTable(error)) {
      return [];
    }
    throw error;
  });
  rejectNewer(schemaState(applied));
}
