import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AuditKeys } from '../audit/audit-keys.js';
import { checkTrailKey, TRAIL_KEY_SQL } from '../audit/trail-key.js';
import { type Config } from '../config/config.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { peek } from '../database/peek.js';
import { readSchemaState, type SchemaState } from '../database/schema-state.js';
import { createLogger } from '../logging/logger.js';
import { checkAccount } from './check-account.js';

/** What a server would find. */
export interface CheckedConfig {
  database: 'sqlite' | 'postgres';
  /** The file, or the server and database; without a password. */
  location: string;
  /** `absent` = there is no database yet. */
  tables: Exclude<SchemaState, 'newer'> | 'absent';
  dataDirectory: string;
}

/**
 * Checks beyond the variables themselves that a server would start: its folder and its database. Changes nothing.
 *
 * @throws ConfigurationError or CommandError with the one line that is wrong.
 */
export async function checkConfig(config: Config): Promise<CheckedConfig> {
  const { database, dataDirectory } = config;
  if (database.kind === 'sqlite') {
    // First: unless it is configured, the data folder follows from it.
    checkFile(database.file);
  }
  checkFolder('LATCHKEY_DATA_DIR', dataDirectory);
  const isAbsent = database.kind === 'sqlite' && !existsSync(database.file);
  const tables = isAbsent ? 'absent' : await readSchemaState(config);
  if (tables === 'newer') {
    throw new ConfigurationError('DATABASE_URL: the database is of a newer build than this one');
  }
  if (tables !== 'absent') {
    await checkAuditKey(config);
  }
  return { database: database.kind, location: locationOf(config), tables, dataDirectory };
}

async function checkAuditKey(config: Config): Promise<void> {
  const [chain] = (await peek<{ keyId: string }>(config, TRAIL_KEY_SQL)) ?? [];
  if (chain) {
    checkTrailKey(chain.keyId, new AuditKeys(config, createLogger('silent')));
  }
}

function checkFile(file: string): void {
  checkFolder('DATABASE_URL', dirname(file));
  checkAccount(file);
  if (existsSync(file)) {
    checkAccess('DATABASE_URL', file, constants.R_OK | constants.W_OK);
  }
}

/** A folder that is not there is made by the server, in the nearest one above that is. */
function checkFolder(variable: string, folder: string): void {
  let place = folder;
  while (!existsSync(place)) {
    place = dirname(place);
  }
  if (!statSync(place).isDirectory()) {
    throw new ConfigurationError(`${variable}: ${place} is no folder`);
  }
  checkAccess(variable, place, constants.R_OK | constants.W_OK | constants.X_OK);
}

function checkAccess(variable: string, path: string, mode: number): void {
  try {
    accessSync(path, mode);
  } catch (cause) {
    throw new ConfigurationError(`${variable}: this account may not read and write ${path}`, { cause });
  }
}

function locationOf({ database }: Config): string {
  if (database.kind === 'sqlite') {
    return database.file;
  }
  const { host, pathname } = new URL(database.url);
  return `${host}${pathname}`;
}
