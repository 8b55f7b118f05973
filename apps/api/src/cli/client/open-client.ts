import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Config } from '../../platform/config/config.js';
import { CommandError } from '../command-error.js';
import { checkFileExists } from '../database-file.js';
import { type ServerLoader } from '../server-loader.js';
import { socketPathOf, withShortPath } from '../socket-path.js';
import { OperatorClient } from './operator-client.js';

/** Maximum wait for a server that starts or stops, or for another command. */
const MAX_WAIT_MILLISECONDS = 5_000;
const PAUSE_MILLISECONDS = 200;

/** Error codes when no server listens. A killed server leaves its socket behind. */
const NOT_LISTENING = new Set(['ENOENT', 'ECONNREFUSED']);

/**
 * Calls `use` with a client of the API. On SQLite it calls the running server, or the application in this process if there
 * is none, with exclusive access to the database. On PostgreSQL it always calls the application in this process, and
 * servers see the changes in the database.
 *
 * @throws CommandError or ConfigurationError if neither can be called.
 */
export async function withClient<T>(
  config: Config,
  loader: ServerLoader,
  use: (client: OperatorClient) => Promise<T>,
): Promise<T> {
  const { database } = config;
  if (database.kind === 'sqlite') {
    checkFileExists(database.file);
  }
  const deadline = Date.now() + MAX_WAIT_MILLISECONDS;
  for (;;) {
    if (database.kind === 'sqlite' && (await isListening(socketPathOf(database.file)))) {
      return callServer(database.file, use);
    }
    // Loaded only if needed: a running server has usually responded before Node has read this code.
    const { openApplication } = await import('./open-application.js');
    const application = await openApplication(config, loader);
    if (application) {
      try {
        return await use(new OperatorClient(application.socketPath));
      } finally {
        await application.close();
      }
    }
    if (Date.now() >= deadline) {
      throw CommandError.of(
        'Another Latchkey process is using the database and accepts no commands: a server that is starting or stopping, or another command. Run the command again in a moment.',
      );
    }
    await pause(PAUSE_MILLISECONDS);
  }
}

/**
 * Calls `use` with a client of the server that runs on an SQLite file. Returns `undefined` if there is none.
 *
 * @throws CommandError if this account may not call it.
 */
export async function withRunningServer<T>(
  file: string,
  use: (client: OperatorClient) => Promise<T>,
): Promise<T | undefined> {
  return (await isListening(socketPathOf(file))) ? callServer(file, use) : undefined;
}

function callServer<T>(file: string, use: (client: OperatorClient) => Promise<T>): Promise<T> {
  return withShortPath(socketPathOf(file), (path) => use(new OperatorClient(path)));
}

/**
 * Whether a server listens on a socket.
 *
 * @throws CommandError if this account may not connect.
 */
async function isListening(path: string): Promise<boolean> {
  try {
    await withShortPath(path, async (short) => {
      const socket = connect(short);
      await once(socket, 'connect');
      socket.destroy();
    });
    return true;
  } catch (error) {
    if (error instanceof CommandError) {
      throw error;
    }
    const { code, message } = error as NodeJS.ErrnoException;
    if (NOT_LISTENING.has(code ?? '')) {
      return false;
    }
    throw CommandError.of(
      `${path} cannot be opened: ${message}. Run the command as the account of the server.`,
    );
  }
}
