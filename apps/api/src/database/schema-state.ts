import { type Config } from '../config/config.js';
import { MIGRATIONS } from './migrations/index.js';
import { peek } from './peek.js';

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

/** How the tables of the configured database stand. @throws ConfigurationError if it cannot be opened. */
export async function readSchemaState(config: Config): Promise<SchemaState> {
  return schemaState((await peek<{ name: string }>(config, APPLIED_MIGRATIONS_SQL)) ?? []);
}
