import { ConfigurationError } from '../config/configuration-error.js';
import { MIGRATIONS } from './migrations/index.js';
import { type Peek } from './peek.js';

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
      'DATABASE_URL: the database is of a newer build; start that build, or restore a backup from before the upgrade',
    );
  }
}
