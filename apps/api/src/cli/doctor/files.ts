import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LATCHKEY } from '../../common/program-name.js';
import { type Config } from '../../platform/config/config.js';
import { valueFiles } from '../../platform/config/environment.js';
import { asAccount } from '../as-account.js';
import { existingParent } from '../database-file.js';
import { ok, problem, warning, type Result } from './finding.js';

/** Permissions with which other accounts can read a file, or any account but the owner can change it. */
const OPEN = 0o027;
const GROUP_READ = 0o040;
/** Permissions with which other accounts could replace the files of a folder. */
const WRITABLE = 0o022;

/** Files in the data folder that hold a secret. */
const SECRETS = /^((audit|seal)\.key.*|first-sign-in\.txt)$/;

/** Free space below which the server may soon stop working, and below which an administrator should know. */
const FREE_MIN = 100 * 2 ** 20;
const FREE_LOW = 1024 * 2 ** 20;

/**
 * Checks the permissions of the data folder, the database, the keys, the settings file and the files that
 * variables such as `LATCHKEY_AUDIT_KEY_FILE` name.
 */
export function checkFiles(config: Config, environmentFile: string, environment: NodeJS.ProcessEnv): Result {
  if (process.getuid === undefined) {
    return ok('This system has no file modes to check.');
  }
  const folders = new Set([config.dataDirectory, databaseFolder(config)]);
  const files = new Set([
    ...databaseFiles(config),
    ...secretFiles(config.dataDirectory),
    ...valueFiles(environment),
    environmentFile,
  ]);
  const found = [
    ...[...folders].map((path) => verdictOf(path, WRITABLE, OPEN | GROUP_READ)),
    ...[...files].map((path) => verdictOf(path, OPEN, GROUP_READ)),
  ].filter((each) => typeof each === 'object');
  const list = (names: typeof found) => names.map(({ path, mode }) => `${path} (${mode})`).join(', ');
  const paths = (names: typeof found) => names.map(({ path }) => inShell(path)).join(' ');
  const open = found.filter(({ isProblem }) => isProblem);
  if (open.length > 0) {
    return problem(`Other accounts can read or change ${list(open)}.`, `Run: chmod go-rwx ${paths(open)}`);
  }
  if (found.length > 0) {
    return warning(
      `Other accounts can read ${list(found)}.`,
      `Unless that is intended, run: chmod go-rwx ${paths(found)}`,
    );
  }
  return ok('Only the owner can read the data folder, the database, the keys and the settings.');
}

/**
 * Returns why this account cannot open the folder of the database or of the keys, if that belongs to another
 * account.
 */
export function closedFolder(config: Config): { message: string; advice: string } | undefined {
  for (const folder of [databaseFolder(config), config.dataDirectory]) {
    const place = existingParent(folder);
    const { uid } = statSync(place);
    if (uid !== process.getuid?.() && !mayOpen(place, folder)) {
      return {
        message: `${place} belongs to another account, and this account may not open it.`,
        advice: `Run ${LATCHKEY} doctor as that account: ${asAccount(uid)}`,
      };
    }
  }
  return undefined;
}

/**
 * Whether this account may open the place of a folder: the folder itself, or a parent, which need not be
 * readable.
 */
function mayOpen(place: string, folder: string): boolean {
  try {
    statSync(`${place}/.`);
    if (place === folder) {
      readdirSync(place);
    }
    return true;
  } catch {
    return false;
  }
}

/** Checks the free space for the database, or for the data folder with PostgreSQL. */
export function checkDisk(config: Config, format: (bytes: number) => string): Result {
  const folder = existingParent(databaseFolder(config));
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  const free = bavail * bsize;
  const message = `Free space in ${folder}: ${format(free)}.`;
  // Some file systems have no limit on files, and report none.
  if (free < FREE_MIN || (files > 0 && ffree === 0)) {
    return problem(message, 'Free up space. On a full disk, the server rejects all changes and logins.');
  }
  const [file] = databaseFiles(config);
  const needed = Math.max(FREE_LOW, file && existsSync(file) ? 2 * statSync(file).size : 0);
  return free < needed
    ? warning(
        message,
        `Free up space. Keep at least ${format(needed)} free for growth, upgrades and backups.`,
      )
    : ok(message);
}

function databaseFolder({ database, dataDirectory }: Config): string {
  return database.kind === 'sqlite' ? dirname(database.file) : dataDirectory;
}

/** Returns the SQLite file and those beside it. */
function databaseFiles({ database }: Config): string[] {
  return database.kind === 'sqlite'
    ? ['', '-wal', '-shm', '-journal', '.lock', '.sock'].map((suffix) => `${database.file}${suffix}`)
    : [];
}

function secretFiles(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => SECRETS.test(basename(name)))
        .map((name) => join(folder, name))
    : [];
}

function verdictOf(path: string, problems: number, warnings: number) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || (stats.mode & (problems | warnings)) === 0) {
    return undefined;
  }
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  return { path, mode, isProblem: (stats.mode & problems) !== 0 };
}

/** Quotes a path for a POSIX shell if necessary. */
function inShell(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
