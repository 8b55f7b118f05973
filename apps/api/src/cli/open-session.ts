import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { type Config } from '../platform/config/config.js';
import { CommandError } from './command-failure.js';
import { operatingSystemUser } from './command-line-principal.js';
import { type CommandSession, type Invoker } from './command-session.js';
import { checkFileExists } from './database-file.js';
import { type OpenApplication } from './local/application.js';
import { socketPathOf } from './socket/socket-path.js';
import { SocketSession } from './socket/socket-session.js';

/** Maximum wait for a server that starts or stops, or for another command. */
const MAX_WAIT_MILLISECONDS = 5_000;
const PAUSE_MILLISECONDS = 200;

/**
 * Opens a session for commands. On SQLite they run in the running server, or in this process if there is none, with
 * exclusive access to the database. On PostgreSQL they run in this process, and servers see the changes in the database.
 *
 * @throws CommandError or ConfigurationError if no session can be opened.
 */
export async function openSession(config: Config, openApplication: OpenApplication): Promise<CommandSession> {
  const invoker: Invoker = { user: operatingSystemUser(), traceId: uuid() };
  const { database } = config;
  if (database.kind === 'sqlite') {
    checkFileExists(database.file);
  }
  const deadline = Date.now() + MAX_WAIT_MILLISECONDS;
  for (;;) {
    const session =
      database.kind === 'sqlite'
        ? await SocketSession.connect(socketPathOf(database.file), invoker)
        : undefined;
    if (session) {
      return session;
    }
    // Loaded only if needed: a running server has usually responded before Node has read this code.
    const { openLocalSession } = await import('./local/open-local-session.js');
    const local = await openLocalSession(config, openApplication, invoker);
    if (local) {
      return local;
    }
    if (Date.now() >= deadline) {
      throw CommandError.of(
        'Another Latchkey process uses the database and accepts no commands: a server that starts or stops, or another command. Run the command again in a moment.',
      );
    }
    await pause(PAUSE_MILLISECONDS);
  }
}
