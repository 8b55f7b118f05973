import { type Config } from '../platform/config/config.js';
import { checkAddress } from '../platform/config/start-failure.js';
import { checkAccount } from './database-file.js';
import { checkStart, type FoundTables } from './check-start.js';

/** Timeout of the request that detects a running server. */
const ANSWER_MILLISECONDS = 2_000;

/** Summary of a valid configuration. */
export interface CheckedConfig {
  database: 'sqlite' | 'postgres';
  /** The file, or the host and database without the password. */
  location: string;
  tables: FoundTables;
  dataDirectory: string;
}

/**
 * Checks that a server would start with this configuration, and changes nothing.
 *
 * @throws ConfigurationError or CommandError that describes the first error in one line.
 */
export async function checkConfig(config: Config): Promise<CheckedConfig> {
  const { database, dataDirectory } = config;
  const isRunning = await isLatchkeyListening(config);
  const tables = await checkStart(config);
  if (database.kind === 'sqlite') {
    checkAccount(database.file);
  }
  // Last, because systemd holds the address while the server cannot start for one of the reasons above.
  if (!isRunning) {
    await checkAddress(config);
  }
  return { database: database.kind, location: locationOf(config), tables, dataDirectory };
}

/** Whether a Latchkey server listens on the address. That is not an error: a running server's configuration can be checked. */
export async function isLatchkeyListening({ host, port }: Config): Promise<boolean> {
  try {
    const { headers } = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/auth/verify`, {
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    return headers.get('www-authenticate')?.includes('realm="latchkey"') ?? false;
  } catch {
    return false;
  }
}

function locationOf({ database }: Config): string {
  if (database.kind === 'sqlite') {
    return database.file;
  }
  const { host, pathname } = new URL(database.url);
  return `${host}${pathname}`;
}
