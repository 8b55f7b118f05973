import { type Config } from '../config/config.js';
import { codeOf } from './driver-errors.js';
import { MIGRATIONS } from './migrations/index.js';
import { openPostgres } from './postgres-data-source.js';
import { openSqliteReader } from './sqlite-data-source.js';

/** How the tables of a database stand to this build: `empty` = there are none of ours. */
export type SchemaState = 'empty' | 'older' | 'current' | 'newer';

/** Lists the migrations that a database has seen. */
export const APPLIED_MIGRATIONS_SQL = 'SELECT "name" FROM "migrations"';

/** Compares the migrations that a database has seen with those of this build. */
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

/**
 * Looks at the configured database, which must be there, and changes nothing.
 *
 * @throws ConfigurationError if it cannot be opened.
 */
export async function readSchemaState(config: Config): Promise<SchemaState> {
  const { database } = config;
  const source =
    database.kind === 'postgres'
      ? await openPostgres(database.url, config, [])
      : await openSqliteReader(database.file, []);
  try {
    return schemaState(await source.query<{ name: string }[]>(APPLIED_MIGRATIONS_SQL));
  } catch (error) {
    if (isWithoutTable(error)) {
      return 'empty';
    }
    throw error;
  } finally {
    await source.destroy();
  }
}

/** Whether a query failed because there is no such table. */
export function isWithoutTable(error: unknown): boolean {
  return codeOf(error) === '42P01' || (error instanceof Error && error.message.includes('no such table'));
}
