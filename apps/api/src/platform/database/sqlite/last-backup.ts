import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Last successful backup of an SQLite database. */
interface LastBackup {
  time: string;
  file: string;
  /** Size in bytes; records of older versions have none. */
  bytes?: number;
}

/**
 * Returns the record of the last backup, or `undefined` if there is none. Never throws: the metrics must not
 * depend on it.
 */
export function lastBackup(database: string): LastBackup | 'unreadable' | undefined {
  try {
    const { time, file, bytes } = JSON.parse(readFileSync(recordOf(database), 'utf8')) as LastBackup;
    return Number.isNaN(Date.parse(time))
      ? 'unreadable'
      : { time, file, ...(bytes !== undefined && { bytes }) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable';
  }
}

/**
 * Returns the time of the last backup in seconds since 1970; 0 without a readable record, so that the alert
 * on old backups fires.
 */
export function lastBackupSeconds(database: string): number {
  const last = lastBackup(database);
  return typeof last === 'object' ? Date.parse(last.time) / 1_000 : 0;
}

/**
 * Records a backup for `latchkey doctor` and the metrics. Not in the database: the record would be missing in
 * the backup itself, whose audit trail would then lack the last entry.
 */
export function recordBackup(database: string, backup: LastBackup): void {
  const record = recordOf(database);
  const partial = `${record}.${process.pid}.partial`;
  try {
    writeFileSync(partial, `${JSON.stringify(backup)}\n`, { flag: 'wx' });
    // Root may run the backup, and the account of the server reads the record. The command line sets a umask,
    // so `mode` is not enough.
    chmodSync(partial, 0o644);
    renameSync(partial, record);
  } finally {
    rmSync(partial, { force: true });
  }
}

export function recordOf(database: string): string {
  return `${database}.backup.json`;
}
