import {
  createReadStream,
  createWriteStream,
  existsSync,
  linkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import Database from '#sqlite';
import { DatabaseFileError } from '../../../common/application-error.js';
import { schemaState, type SchemaState } from '../schema-state.js';
import { checkCopy, sync } from './sqlite-copy.js';
import { SqliteLock } from './sqlite-lock.js';

/** Suffixes of the files beside a database: write-ahead log and its index. */
const BESIDE = ['-wal', '-shm'];

interface RestoredDatabase {
  file: string;
  bytes: number;
  /**
   * `older`: the next start of the server migrates it. `ahead`: a later release has migrated it, and this
   * build can use it.
   */
  state: SchemaState;
  /** New location of the previous database; absent if there was none. */
  replaced?: string;
}

/**
 * Replaces an unused SQLite database with a backup. The backup is copied and checked first, so the file is
 * either the old or the new database at any moment. The old one is kept beside it.
 */
export async function restoreSqlite(backup: string, file: string, now: Date): Promise<RestoredDatabase> {
  if (!existsSync(backup)) {
    throw new DatabaseFileError(`There is no file ${backup}.`);
  }
  const lock = SqliteLock.acquireFor(file);
  const target = realpathSync(file);
  const copy = `${target}.restoring`;
  try {
    await copyTo(copy, backup);
    const state = await checkState(copy);
    sync(copy);
    const replaced = statSync(target).size > 0 ? setAside(target, now) : undefined;
    renameSync(copy, target);
    sync(dirname(target));
    lock.release();
    return { file: target, bytes: statSync(target).size, state, ...(replaced && { replaced }) };
  } catch (error) {
    remove(copy);
    lock.undo();
    throw error;
  }
}

async function copyTo(copy: string, backup: string): Promise<void> {
  remove(copy);
  // A copy made by other tools may have a log.
  for (const suffix of ['', '-wal'].filter((end) => existsSync(`${backup}${end}`))) {
    await pipeline(
      createReadStream(`${backup}${suffix}`),
      createWriteStream(`${copy}${suffix}`, { flags: 'wx', mode: 0o600 }),
    );
  }
}

async function checkState(copy: string): Promise<SchemaState> {
  const state = schemaState(await checkCopy(copy));
  if (state === 'empty') {
    throw new DatabaseFileError('It is not a Latchkey database.');
  }
  if (state === 'newer') {
    throw new DatabaseFileError(
      'The backup is from a newer build, whose tables this one cannot use. Restore it with that build.',
    );
  }
  return state;
}

/** Links a database under a dated name as well. */
function setAside(file: string, now: Date): string {
  const aside = `${file}.replaced-${now.toISOString().replace(/[-:.]/g, '')}`;
  foldLog(file);
  for (const suffix of BESIDE.filter((end) => existsSync(`${file}${end}`))) {
    renameSync(`${file}${suffix}`, `${aside}${suffix}`);
  }
  linkSync(file, aside);
  return aside;
}

/** Merges the log of a database into its file, as the last connection does when it closes. */
function foldLog(file: string): void {
  try {
    const database = new Database(file);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
  } catch {
    // It is damaged, which may be the reason for the restore. Its log is kept beside it.
  }
}

function remove(copy: string): void {
  ['', '-journal', ...BESIDE].forEach((suffix) => rmSync(`${copy}${suffix}`, { force: true }));
}
