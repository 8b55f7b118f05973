import { type Config } from '../../platform/config/config.js';
import { peekInto } from '../../platform/database/peek.js';
import { readSchemaState, type SchemaState } from '../../platform/database/schema-state.js';
import { DatabaseInUseError } from '../../platform/database/sqlite/sqlite-lock.js';
import { CommandError } from '../command-failure.js';
import { type Invoker } from '../command-session.js';
import { type OpenApplication } from './application.js';
import { checkAccount } from '../check-account.js';
import { OwnSession } from './own-session.js';

/** Error messages for tables of another build. */
const ADVICE: Record<Exclude<SchemaState, 'current'>, string> = {
  empty: 'DATABASE_URL: there are no tables of Latchkey; start the server once, which makes them.',
  older:
    'The database is of an older build: start the server of this build once, which brings it up to date.',
  newer: 'The database is of a newer build: use the program that belongs to its server.',
};

/**
 * Opens the database in this process. Returns `undefined` if another process uses it.
 *
 * @throws CommandError or ConfigurationError if it cannot be opened.
 */
export async function openOwnSession(
  config: Config,
  openApplication: OpenApplication,
  invoker: Invoker,
): Promise<OwnSession | undefined> {
  if (config.database.kind === 'sqlite') {
    checkAccount(config.database.file);
  }
  const state = await peekInto(config, readSchemaState);
  if (state !== 'current') {
    throw CommandError.of(ADVICE[state]);
  }
  try {
    return new OwnSession(await openApplication(config), invoker);
  } catch (error) {
    if (error instanceof DatabaseInUseError) {
      return undefined;
    }
    throw error;
  }
}
