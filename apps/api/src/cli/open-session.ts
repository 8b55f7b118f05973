import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { type Config } from '../platform/config/config.js';
import { CommandError } from './command-failure.js';
import { operatingSystemUser } from './command-line-principal.js';
import { type CommandSession, type Invoker } from './command-session.js';
import { checkFileExists } from './database-file.js';
import { type OpenApplication } from './own/application.js';
import { socketPathOf } from './socket/socket-path.js';
import { SocketSession } from './socket/socket-session.js';

/** How long a server that is just starting or stopping, or another command, is waited for. */
const PATIENCE_MILLISECONDS = 5_000;
const PAUSE_MILLISECONDS = 200;

/**
 * Opens the way for commands: through the running server on SQLite; else in this process, which then has the database to
 * itself. On PostgreSQL always in this process: the servers are told by way of the database.
 *
 * @throws CommandError or ConfigurationError if there is no way.
 */
export async function openSession(config: Config, openApplication: OpenApplication): Promise<CommandSession> {
  const invoker: Invoker = { user: operatingSystemUser(), traceId: uuid() };
  const { database } = config;
  if (database.kind === 'sqlite') {
    checkFileExists(database.file);
  }
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const session =
      database.kind === 'sqlite'
        ? await SocketSession.connect(socketPathOf(database.file), invoker)
        : undefined;
    if (session) {
      return session;
    }
    // Loaded only now: a command to a running server has its answer before all that is read.
    const { openOwnSession } = await import('./own/open-own-session.js');
    const own = await openOwnSession(config, openApplication, invoker);
    if (own) {
      return own;
    }
    if (Date.now() >= deadline) {
      throw CommandError.of(
        'Another Latchkey process uses the database and takes no commands: a server that starts or stops, or another command. Try again in a moment.',
      );
    }
    await pause(PAUSE_MILLISECONDS);
  }
}
