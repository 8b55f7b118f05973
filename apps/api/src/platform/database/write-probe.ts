import { codeOf } from './driver-errors.js';
import { type Database } from './database.js';
import { type Writes } from './writes.js';

/**
 * Needs new pages of a file, as most writes do, and leaves nothing behind. Databases that lack the right to create temporary tables
 * report that only after they have checked whether they are read-only.
 */
const POSTGRES_SQL = `CREATE TEMPORARY TABLE "latchkey_write_probe" ON COMMIT DROP AS
  SELECT repeat('x', 1000) AS "text" FROM generate_series(1, 64)`;

/** PostgreSQL code of a missing right. */
const NOT_ALLOWED = '42501';

/** Row of 64 KiB, with a name that no account has. The next purge deletes it if the process ends in between. */
const INSERT_SQL = `INSERT OR IGNORE INTO "failure_counts" ("account", "network", "failures", "blockedUntil", "resetTime", "pacedUntil", "knownUntil", "forgetTime")
  VALUES ('write probe', printf('%.65536c', 'x'), 0, 0, 0, 0, 0, 0)`;
const DELETE_SQL = `DELETE FROM "failure_counts" WHERE "account" = 'write probe'`;

/**
 * Attempts a write that takes about as much space as a login.
 *
 * @throws the error of the database if it accepts no writes.
 */
export async function probeWrites(writes: Writes, { hasOneWriter }: Database): Promise<void> {
  if (hasOneWriter) {
    // Two transactions, because SQLite writes no page that is unused at the commit.
    await writes.transaction((tx) => tx.query(INSERT_SQL), 'none');
    await writes.transaction((tx) => tx.query(DELETE_SQL), 'none');
    return;
  }
  try {
    await writes.transaction((tx) => tx.query(POSTGRES_SQL), 'none');
  } catch (error) {
    if (codeOf(error) !== NOT_ALLOWED) {
      throw error;
    }
  }
}
