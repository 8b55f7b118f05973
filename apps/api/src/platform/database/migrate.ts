import { Table, type DataSource } from 'typeorm';
import { text } from './columns.js';
import { type Peek } from './peek.js';
import {
  pendingRecords,
  readApplied,
  rejectNewer,
  RELEASES_TABLE,
  schemaState,
  type AppliedMigration,
  type SchemaState,
} from './schema-state.js';

/** Key of the advisory lock that makes replicas migrate one after another; an arbitrary number. */
const MIGRATION_LOCK = 7_251_844_120;

/**
 * Runs pending migrations, each in its own transaction. On PostgreSQL it waits for another replica's
 * migrations without a limit, so the data source must have no timeouts, and needs a second connection.
 */
export async function migrate(source: DataSource): Promise<void> {
  if (source.options.type !== 'postgres') {
    await runPending(source);
    return;
  }
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runPending(source);
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  } finally {
    await runner.release();
  }
}

async function runPending(source: DataSource): Promise<void> {
  const applied = await readApplied((sql) => source.query(sql));
  rejectNewer(applied);
  const pending = pendingRecords(applied);
  if (pending.length > 0) {
    // First, so that an older server finds the record of every migration that has run.
    await record(source, pending);
    await source.runMigrations({ transaction: 'each' });
  }
}

/**
 * Stores the releases of migrations. The table is not a migration itself, because a record precedes its
 * migration.
 */
async function record(source: DataSource, records: readonly Required<AppliedMigration>[]): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    await runner.createTable(
      new Table({
        name: RELEASES_TABLE,
        columns: [text('name', 255, { isPrimary: true }), text('release', 32), text('requires', 255)],
      }),
      true,
    );
    // Names and versions of this build, so they need no escaping.
    const values = records.map(({ name, release, requires }) => `('${name}', '${release}', '${requires}')`);
    await runner.query(
      `INSERT INTO "${RELEASES_TABLE}" ("name", "release", "requires") VALUES ${values.join(', ')}
       ON CONFLICT ("name") DO UPDATE SET "release" = EXCLUDED."release", "requires" = EXCLUDED."requires"`,
    );
  } finally {
    await runner.release();
  }
}

/** Returns the state of the tables in the configured database. */
export async function readSchemaState(peek: Peek): Promise<SchemaState> {
  return schemaState(await readApplied(peek));
}
