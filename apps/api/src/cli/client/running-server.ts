import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { type Config, WILDCARDS } from '../../platform/config/config.js';
import { checkAddress } from '../../platform/config/start-failure.js';
import { peekInto } from '../../platform/database/peek.js';
import { serverMark } from '../../platform/database/postgres/server-mark.js';
import { CommandError } from '../command-error.js';
import { type ListeningAddress } from '../server/running-server.controller.js';
import { socketPathOf, withShortPath } from '../socket-path.js';
import { NOT_LISTENING, OperatorClient } from './operator-client.js';

/** Time within which a running server must return its address. */
const ANSWER_MILLISECONDS = 2_000;

/**
 * Returns the server that runs with this configuration, as far as this account can find out. On SQLite, its
 * socket is beside the database. On PostgreSQL, the names of its connections have its mark.
 */
export async function findRunningServer(config: Config): Promise<ListeningAddress | undefined> {
  const { database, port } = config;
  try {
    if (database.kind === 'sqlite') {
      return existsSync(database.file) && (await isServerListening(database.file))
        ? await addressOf(database.file)
        : undefined;
    }
    return (await isConnected(config)) ? { port } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks that a server can listen on the configured address. Returns whether the server of this configuration
 * already does. In that case, the host is checked with a free port.
 */
export async function checkListening(config: Config): Promise<boolean> {
  try {
    await checkAddress(config);
    return false;
  } catch (error) {
    const server = await findRunningServer(config);
    if (!server || (server.port ?? config.port) !== config.port) {
      throw error;
    }
    const address = await checkAddress(config, 0);
    if (isElsewhere(server, address)) {
      throw error;
    }
    return true;
  }
}

/** Whether a server listens on another address, so that another program uses the port of this one. */
function isElsewhere({ address: own }: ListeningAddress, address: string): boolean {
  return own !== undefined && own !== address && !WILDCARDS.has(own) && !WILDCARDS.has(address);
}

/** Returns the address of a server, unless it is too busy to respond. */
async function addressOf(file: string): Promise<ListeningAddress> {
  try {
    return await withShortPath(socketPathOf(file), (path) =>
      new OperatorClient(path, ANSWER_MILLISECONDS).get<ListeningAddress>('/operator/address'),
    );
  } catch {
    return {};
  }
}

/** Whether the database has connections of the server of this configuration. */
async function isConnected(config: Config): Promise<boolean> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '% ${serverMark(config)}' LIMIT 1`;
  return ((await peekInto(config, (peek) => peek(sql))) ?? []).length > 0;
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
