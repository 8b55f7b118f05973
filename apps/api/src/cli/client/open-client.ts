import { setTimeout as pause } from 'node:timers/promises';
import { type Config } from '../../platform/config/config.js';
import { CommandError } from '../command-error.js';
import { checkFileExists } from '../database-file.js';
import { type ServerLoader } from '../server-loader.js';
import { OperatorClient } from './operator-client.js';
import { callServer, isServerListening } from './running-server.js';

/** Maximum wait for a server that starts or stops, or for another command. */
const MAX_WAIT_MILLISECONDS = 30_000;
const PAUSE_MILLISECONDS = 200;

/**
 * Calls `use` with a client of the API. On SQLite it calls the running server, or the application in this
 * process if there is none, with exclusive access to the database. On PostgreSQL it always calls the
 * application in this process, and servers see the changes in the database.
 *
 * @throws CommandError or ConfigurationError if neither can be called.
 */
export async function withClient<T>(
  config: Config,
  loader: ServerLoader,
  use: (client: OperatorClient) => Promise<T>,
  maxWaitMilliseconds = MAX_WAIT_MILLISECONDS,
): Promise<T> {
  const { database } = config;
  if (database.kind === 'sqlite') {
    checkFileExists(database.file);
  }
  const deadline = Date.now() + maxWaitMilliseconds;
  for (;;) {
    if (database.kind === 'sqlite' && (await isServerListening(database.file))) {
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
