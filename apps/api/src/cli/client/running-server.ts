import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { type Config } from '../../platform/config/config.js';
import { peekInto } from '../../platform/database/peek.js';
import { serverMark } from '../../platform/database/postgres/server-mark.js';
import { CommandError } from '../command-error.js';
import { type ListeningAddress } from '../server/operator.controller.js';
import { socketPathOf, withShortPath } from '../socket-path.js';
import { OperatorClient } from './operator-client.js';

/** Error codes when no server listens. A killed server leaves its socket behind. */
const NOT_LISTENING = new Set(['ENOENT', 'ECONNREFUSED']);

/** Time within which a running server must return its address. */
const ANSWER_MILLISECONDS = 2_000;

/** A server that runs with the configured data. */
interface RunningServer {
  /** Port on which it listens; `undefined` if it is unknown. */
  readonly port: number | undefined;
}

/**
 * Returns the server that runs with this configuration, as far as this account can find out. On SQLite, its socket is beside the
 * database. On PostgreSQL, the names of its connections have its mark.
 */
export async function findRunningServer(config: Config): Promise<RunningServer | undefined> {
  const { database, port } = config;
  try {
    if (database.kind === 'sqlite') {
      return existsSync(database.file) && (await isServerListening(database.file))
        ? { port: await portOf(database.file) }
        : undefined;
    }
    return (await isConnected(config)) ? { port } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the server that runs with this configuration listens on the configured port. */
export async function isServerOnPort(config: Config): Promise<boolean> {
  const server = await findRunningServer(config);
  return server !== undefined && (server.port ?? config.port) === config.port;
}

/** Returns the port of a server, unless it is too busy to respond. */
async function portOf(file: string): Promise<number | undefined> {
  try {
    const { port } = await withShortPath(socketPathOf(file), (path) =>
      new OperatorClient(path, ANSWER_MILLISECONDS).get<ListeningAddress>('/operator/address'),
    );
    return port;
  } catch {
    return undefined;
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
