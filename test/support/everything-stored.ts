import { type TestDatabase } from './test-database.js';

const TABLES = ['users', 'user_roles', 'roles', 'tokens', 'login_days', 'audit_chain'];

/** Every row that requests change, but for when tokens were last used, which no request waits for; the same order each time. */
export async function everythingStored(database: TestDatabase): Promise<string[]> {
  const rows = await Promise.all(
    TABLES.map((table) => database.query<Record<string, unknown>>(`SELECT * FROM ${table}`)),
  );
  return rows
    .flat()
    .map((row) => Object.entries(row).filter(([column]) => !/Usage|Uses/.test(column)))
    .map((columns) => JSON.stringify(columns))
    .sort();
}
