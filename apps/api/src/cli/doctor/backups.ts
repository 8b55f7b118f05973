import { existsSync } from 'node:fs';
import { LATCHKEY } from '../../common/program-name.js';
import { type Config } from '../../platform/config/config.js';
import { lastBackup, recordOf } from '../../platform/database/sqlite/last-backup.js';
import { ok, skipped, warning, type Result } from './finding.js';

/** Backups are due daily. A single one may fail or be late. */
const DUE_MILLISECONDS = 2 * 86_400_000;

const ADVICE = `Run ${LATCHKEY} backup FILE each day, for example with the systemd timer or cron.`;

/** Checks the time of the last backup. */
export function checkBackups({ database }: Config, now: Date): Result {
  if (database.kind === 'postgres') {
    return skipped(
      'Latchkey does not know about backups of PostgreSQL. Check that yours run, for example with pg_dump.',
    );
  }
  if (!existsSync(database.file)) {
    return skipped('There is no database yet.');
  }
  const last = lastBackup(database.file);
  if (last === undefined) {
    return warning('The database has never been backed up with latchkey backup.', ADVICE);
  }
  if (last === 'unreadable') {
    return warning(
      `The record of the last backup, ${recordOf(database.file)}, cannot be read.`,
      `Run ${LATCHKEY} backup FILE with the account of the server. It replaces the record.`,
    );
  }
  const message = `The last backup is from ${last.time}: ${last.file}`;
  return now.getTime() - Date.parse(last.time) > DUE_MILLISECONDS ? warning(message, ADVICE) : ok(message);
}
