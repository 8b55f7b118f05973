import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Last successful backup of an SQLite database. */
export interface LastBackup {
  time: string;
  file: string;
}

/** Returns the record of the last backup, or `undefined` if there is none. */
export function lastBackup(database: string): LastBackup | undefined {
  try {
    return JSON.parse(readFileSync(recordOf(database), 'utf8')) as LastBackup;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/**
 * Records a backup for `latchkey doctor` and the metrics. Not in the database: the record would be missing in the backup itself, whose audit
 * trail would then lack the last entry.
 */
export function recordBackup(database: string, backup: LastBackup): void {
  const record = recordOf(database);
  const partial = `${record}.${process.pid}.partial`;
  try {
    // Root may run the backup, and the account of the server reads the record.
    writeFileSync(partial, `${JSON.stringify(backup)}\n`, { mode: 0o644, flag: 'wx' });
    renameSync(partial, record);
  } finally {
    rmSync(partial, { force: true });
  }
}

function recordOf(database: string): string {
  return `${database}.backup.json`;
}
