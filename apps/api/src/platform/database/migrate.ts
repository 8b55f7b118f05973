import { type DataSource } from 'typeorm';
import { ConfigurationError } from '../../common/application-error.js';
import { isWithoutTable } from './driver-errors.js';
import { MIGRATIONS } from './migrations/index.js';
import { type Peek } from './peek.js';

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

/** State of the tables relative to this build. `empty`: the database has no tables of Latchkey. */
export type SchemaState = 'empty' | 'older' | 'current' | 'newer';

/** Lists the migrations that a database has run. */
export const APPLIED_MIGRATIONS_SQL = 'SELECT "name" FROM "migrations"';

/** Compares the migrations that a database has run with those of this build. */
export function schemaState(applied: readonly { name: string }[]): SchemaState {
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  if (applied.length === 0) {
    return 'empty';
  }
  if (applied.some(({ name }) => !known.has(name))) {
    return 'newer';
  }
  return applied.length < known.size ? 'older' : 'current';
}

/** Returns the state of the tables in the configured database. */
export async function readSchemaState(peek: Peek): Promise<SchemaState> {
  return schemaState((await peek<{ name: string }>(APPLIED_MIGRATIONS_SQL)) ?? []);
}

/** @throws ConfigurationError if a newer build created the tables, which this build would misread. */
export function rejectNewer(state: SchemaState): asserts state is Exclude<SchemaState, 'newer'> {
  if (state === 'newer') {
    throw new ConfigurationError(
      'DATABASE_URL: the database is from a newer build; start that build, or restore a backup from before the upgrade',
    );
  }
}
