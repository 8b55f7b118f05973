import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Last successful backup of an SQLite database. */
export interface LastBackup {
  time: string;
  file: string;
}

/** Returns the path of the record of the last backup. */
export function lastBackupFile(database: string): string {
  return `${database}.backup.json`;
}

/**
 * Records a backup for `latchkey doctor`. Not in the database: the record would be missing in the backup itself, whose audit
 * trail would then lack the last entry.
 */
export function recordBackup(database: string, backup: LastBackup): void {
  const record = lastBackupFile(database);
  const partial = `${record}.${process.pid}.partial`;
  try {
    // Root may run the backup, and the account of the server reads the record.
    writeFileSync(partial, `${JSON.stringify(backup)}\n`, { mode: 0o644, flag: 'wx' });
    renameSync(partial, record);
  } finally {
    rmSync(partial, { force: true });
  }
}
