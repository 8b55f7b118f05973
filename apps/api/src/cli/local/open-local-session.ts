import { type Config } from '../../platform/config/config.js';
import { peekInto } from '../../platform/database/peek.js';
import { readSchemaState, type SchemaState } from '../../platform/database/schema-state.js';
import { DatabaseInUseError } from '../../platform/database/sqlite/sqlite-lock.js';
import { CommandError } from '../command-failure.js';
import { type Invoker } from '../command-session.js';
import { type OpenApplication } from './application.js';
import { checkAccount } from '../check-account.js';
import { LocalSession } from './local-session.js';

/** Error messages for tables of another build. */
const ADVICE: Record<Exclude<SchemaState, 'current'>, string> = {
  empty: 'DATABASE_URL: there are no tables of Latchkey; start the server once to create them.',
  older: 'The database is older than this build. Start the server of this build once to migrate it.',
  newer: 'The database is newer than this build. Use the command line that belongs to the server.',
};

/**
 * Opens the database in this process. Returns `undefined` if another process uses it.
 *
 * @throws CommandError or ConfigurationError if it cannot be opened.
 */
export async function openLocalSession(
  config: Config,
  openApplication: OpenApplication,
  invoker: Invoker,
): Promise<LocalSession | undefined> {
  if (config.database.kind === 'sqlite') {
    checkAccount(config.database.file);
  }
  const state = await peekInto(config, readSchemaState);
  if (state !== 'current') {
    throw CommandError.of(ADVICE[state]);
  }
  try {
    return new LocalSession(await openApplication(config), invoker);
  } catch (error) {
    if (error instanceof DatabaseInUseError) {
      return undefined;
    }
    throw error;
  }
}
