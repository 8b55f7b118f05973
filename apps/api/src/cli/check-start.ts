import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AuditKeys } from '../audit/keys/audit-keys.service.js';
import { checkTrailKey, TRAIL_KEY_SQL } from '../audit/keys/trail-key.js';
import { type Config } from '../platform/config/config.js';
import { ConfigurationError } from '../common/application-error.js';
import { peekInto, type Peek } from '../platform/database/peek.js';
import { readApplied, rejectNewer, type SchemaState } from '../platform/database/schema-state.js';
import { checkSqliteDriver } from '../platform/database/sqlite/sqlite-data-source.js';
import { createLogger } from '../platform/logging/logger.js';
import { asAccount } from './as-account.js';
import { existingParent } from './database-file.js';
import { CommonPasswords } from '../users/passwords/blocklist/common-passwords.js';
import { PasswordPolicy } from '../users/passwords/password-policy.service.js';

/** State of the tables; `absent` means that there is no database yet. */
export type FoundTables = Exclude<SchemaState, 'newer'> | 'absent';

/** Stands for a database that does not exist yet, and therefore has no rows. */
const NO_DATABASE: Peek = () => Promise.resolve(undefined);
const MAY_CREATE_TABLES_SQL = `SELECT has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate"`;

/**
 * Checks everything that would make a start fail. Changes nothing. The server runs it before it creates any
 * file, so that a failed start leaves nothing behind. `config check` runs it too.
 */
export async function checkStart(config: Config): Promise<FoundTables> {
  const { database } = config;
  const keys = new AuditKeys(config, createLogger('silent'));
  if (database.kind === 'sqlite') {
    checkSqliteDriver();
    checkFolder('DATABASE_URL', dirname(database.file));
    if (!existsSync(database.file)) {
      await checkContent(config, keys, NO_DATABASE);
      return 'absent';
    }
    checkAccess('DATABASE_URL', database.file, constants.R_OK | constants.W_OK);
  }
  return peekInto(config, async (peek) => {
    const tables = rejectNewer(await readApplied(peek));
    if (database.kind === 'postgres' && tables === 'empty') {
      await checkMayCreateTables(peek);
    }
    await checkContent(config, keys, peek);
    return tables;
  });
}

async function checkContent(config: Config, keys: AuditKeys, peek: Peek): Promise<void> {
  const [chain] = (await peek<{ keyId: string }>(TRAIL_KEY_SQL)) ?? [];
  if (chain) {
    checkTrailKey(chain.keyId, keys);
  }
  const hasUsers = await hasRows(peek, 'SELECT "id" FROM "users" LIMIT 1');
  if (!hasUsers && config.adminPassword !== undefined) {
    new PasswordPolicy(config, await CommonPasswords.load()).checkConfigured();
  }
  const hasPassword =
    (!hasUsers && config.adminPassword !== undefined) ||
    (await hasRows(peek, 'SELECT "id" FROM "users" WHERE "passwordHash" IS NOT NULL LIMIT 1'));
  // A container may have no writable folder. It needs one only to store a generated key or a set-up link.
  if (keys.own === undefined || !hasPassword) {
    checkFolder('LATCHKEY_DATA_DIR', config.dataDirectory);
  }
}

async function hasRows(peek: Peek, sql: string): Promise<boolean> {
  return ((await peek(sql)) ?? []).length > 0;
}

async function checkMayCreateTables(peek: Peek): Promise<void> {
  const [row] = (await peek<{ mayCreate: boolean | null }>(MAY_CREATE_TABLES_SQL)) ?? [];
  if (!row?.mayCreate) {
    throw new ConfigurationError(
      'DATABASE_URL: this role is not allowed to create tables in the database; make it the owner of the database, or grant it CREATE on the schema',
    );
  }
}

/** Checks the folder, or its nearest existing parent, in which the server would create it. */
function checkFolder(variable: string, folder: string): void {
  const place = existingParent(folder);
  if (!statSync(place).isDirectory()) {
    throw new ConfigurationError(`${variable}: ${place} is not a folder`);
  }
  checkAccess(variable, place, constants.R_OK | constants.W_OK | constants.X_OK);
}

function checkAccess(variable: string, path: string, mode: number): void {
  try {
    accessSync(path, mode);
  } catch (cause) {
    const { uid } = statSync(path);
    const advice =
      uid === process.getuid?.()
        ? 'Change its mode, or choose another path'
        : `It belongs to another account. Run Latchkey as that account (${asAccount(uid)}), or change its owner, or choose another path`;
    throw new ConfigurationError(
      `${variable}: this account may not read and write ${path} (${(cause as NodeJS.ErrnoException).code}). ${advice}`,
      { cause },
    );
  }
}
