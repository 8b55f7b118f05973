import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { type Config } from '../../platform/config/config.js';
import { CommandError } from '../command-error.js';
import { socketPathOf, withShortPath } from '../socket-path.js';
import { OperatorClient } from './operator-client.js';

/** Error codes when no server listens. A killed server leaves its socket behind. */
const NOT_LISTENING = new Set(['ENOENT', 'ECONNREFUSED']);

/** Whether a server runs on the configured SQLite file, as far as this account can find out. */
export async function isServerRunning({ database }: Config): Promise<boolean> {
  return (
    database.kind === 'sqlite' &&
    existsSync(database.file) &&
    isServerListening(database.file).catch(() => false)
  );
}

/** Calls `use` with a client of the server that runs on an SQLite file. */
export function callServer<T>(file: string, use: (client: OperatorClient) => Promise<T>): Promise<T> {
  return withShortPath(socketPathOf(file), (path) => use(new OperatorClient(path)));
}

/**
 * Whether a server that runs on an SQLite file accepts commands.
 *
 * @throws CommandError if this account may not connect.
 */
export async function isServerListening(file: string): Promise<boolean> {
  const path = socketPathOf(file);
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
