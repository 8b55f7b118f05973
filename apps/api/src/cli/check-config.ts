import { type Config } from '../platform/config/config.js';
import { checkAddress } from '../platform/config/listen-address.js';
import { checkAccount } from './check-account.js';
import { checkStart, type FoundTables } from './check-start.js';

/** Time within which a running server has to answer. */
const ANSWER_MILLISECONDS = 2_000;

/** What a server would find. */
export interface CheckedConfig {
  database: 'sqlite' | 'postgres';
  /** The file, or the server and database; without a password. */
  location: string;
  tables: FoundTables;
  dataDirectory: string;
}

/**
 * Checks that a server would start, beyond the variables themselves, and changes nothing.
 *
 * @throws ConfigurationError or CommandError with the one line that is wrong.
 */
export async function checkConfig(config: Config): Promise<CheckedConfig> {
  const { database, dataDirectory } = config;
  if (!(await isLatchkeyListening(config))) {
    await checkAddress(config);
  }
  const tables = await checkStart(config);
  if (database.kind === 'sqlite') {
    checkAccount(database.file);
  }
  return { database: database.kind, location: locationOf(config), tables, dataDirectory };
}

/** Whether the address is taken by a running Latchkey, whose configuration may be checked at any time. */
async function isLatchkeyListening({ host, port }: Config): Promise<boolean> {
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
