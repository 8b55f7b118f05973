import { ConfigurationError } from '../config/configuration-error.js';
import { MIGRATIONS } from './migrations/index.js';
import { type Peek } from './peek.js';

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

/** How the tables of the configured database stand. */
export async function readSchemaState(peek: Peek): Promise<SchemaState> {
  return schemaState((await peek<{ name: string }>(APPLIED_MIGRATIONS_SQL)) ?? []);
}

/** @throws ConfigurationError if the database is of a newer build, whose tables this one would read and write wrongly. */
export function rejectNewer(state: SchemaState): asserts state is Exclude<SchemaState, 'newer'> {
  if (state === 'newer') {
    throw new ConfigurationError(
      'DATABASE_URL: the database is of a newer build; start that build, or restore a backup from before the upgrade',
    );
  }
}
