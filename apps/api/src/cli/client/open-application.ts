import { join } from 'node:path';
import { type Config } from '../../platform/config/config.js';
import { peekInto } from '../../platform/database/peek.js';
import { readSchemaState } from '../../platform/database/migrate.js';
import { type SchemaState } from '../../platform/database/schema-state.js';
import { DatabaseInUseError } from '../../platform/database/sqlite/sqlite-lock.js';
import { checkAccount } from '../database-file.js';
import { CommandError } from '../command-error.js';
import { type Application, type ServerLoader } from '../server-loader.js';
import { createSocketFolder } from '../socket-path.js';

/** Error messages for tables of another build. */
const ADVICE: Record<Exclude<SchemaState, 'current' | 'ahead'>, string> = {
  empty: 'DATABASE_URL: the database has no Latchkey tables; start the server once to create them.',
  older: 'The database is older than this build. Start the server of this build once to migrate it.',
  newer: 'The database is newer than this build. Use the command line that belongs to the server.',
};

const SOCKET = 'sock';

/** Application in this process, and the socket on which it serves the API. */
interface OpenedApplication extends Application {
  readonly socketPath: string;
}

/** Opens the database in this process. Returns `undefined` if another process uses it. */
export async function openApplication(
  config: Config,
  loader: ServerLoader,
): Promise<OpenedApplication | undefined> {
  if (config.database.kind === 'sqlite') {
    checkAccount(config.database.file);
  }
  const state = await peekInto(config, readSchemaState);
  if (state !== 'current' && state !== 'ahead') {
    throw CommandError.of(ADVICE[state]);
  }
  const folder = createSocketFolder(SOCKET);
  const socketPath = join(folder.path, SOCKET);
  try {
    const application = await loader.openApplication(config, socketPath);
    return { socketPath, close: () => application.close().finally(() => folder.remove()) };
  } catch (error) {
    folder.remove();
    if (error instanceof DatabaseInUseError) {
      return undefined;
    }
    throw error;
  }
}
