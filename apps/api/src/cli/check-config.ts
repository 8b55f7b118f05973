import { type Config } from '../platform/config/config.js';
import { checkListening } from './client/running-server.js';
import { checkAccount } from './database-file.js';
import { checkStart, type FoundTables } from './check-start.js';

/** Summary of a valid configuration. */
interface CheckedConfig {
  database: 'sqlite' | 'postgres';
  /** The file, or the host and database without the password. */
  location: string;
  tables: FoundTables;
  dataDirectory: string;
}

/** Checks that a server would start with this configuration. Changes nothing. */
export async function checkConfig(config: Config): Promise<CheckedConfig> {
  const { database, dataDirectory } = config;
  const tables = await checkStart(config);
  if (database.kind === 'sqlite') {
    checkAccount(database.file);
  }
  // Last, because systemd holds the address while the server cannot start for one of the reasons above.
  await checkListening(config);
  return { database: database.kind, location: locationOf(config), tables, dataDirectory };
}

function locationOf({ database }: Config): string {
  if (database.kind === 'sqlite') {
    return database.file;
  }
  const { host, pathname } = new URL(database.url);
  return `${host}${pathname}`;
}
