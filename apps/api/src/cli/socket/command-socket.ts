import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { CommandConnection } from './command-connection.js';
import { CommandRunner } from '../command-runner.js';
import { withShortPath, socketPathOf } from './socket-path.js';

/** Maximum number of connected programs. */
const CONNECTIONS_MAX = 16;

/** Restricts the socket to the owner of the database. */
const UMASK = 0o177;

/**
 * Accepts commands on a Unix socket beside the SQLite database while the server runs. The mode of the socket is the only
 * authentication: an account that can open it can open the database as well.
 */
@Injectable()
export class CommandSocket implements BeforeApplicationShutdown {
  private server: Server | undefined;
  private path: string | undefined;
  private readonly connections = new Set<CommandConnection>();

  constructor(
    private readonly runner: CommandRunner,
    private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Starts to listen on SQLite. On PostgreSQL commands need no server. Logs failures, and lets the server run on. */
  async open(): Promise<void> {
    if (this.config.database.kind !== 'sqlite') {
      return;
    }
    const path = socketPathOf(this.config.database.file);
    try {
      // Removes the socket of a killed server. This process holds the lock of the database, so no other server listens.
      rmSync(path, { force: true });
      this.server = await withShortPath(path, (short) => this.listen(short));
      this.path = path;
    } catch (err) {
      this.logger.warn({ err, path }, 'The command line cannot reach this server while it runs');
    }
  }

  /** Finishes running commands, and accepts no more. */
  async beforeApplicationShutdown(): Promise<void> {
    this.server?.close();
    await Promise.all([...this.connections].map((connection) => connection.finish()));
    if (this.path !== undefined) {
      rmSync(this.path, { force: true });
    }
  }

  private async listen(path: string): Promise<Server> {
    const server = createServer((socket) => this.accept(socket));
    server.maxConnections = CONNECTIONS_MAX;
    // `listen` creates the file before it returns, so other accounts can never open it.
    const umask = process.umask(UMASK);
    try {
      server.listen(path);
    } finally {
      process.umask(umask);
    }
    await once(server, 'listening');
    return server;
  }

  private accept(socket: Socket): void {
    const connection = new CommandConnection(socket, this.runner);
    this.connections.add(connection);
    connection
      .serve()
      .catch((err: unknown) => this.logger.debug({ err }, 'A program of the command line disconnected'))
      .finally(() => this.connections.delete(connection));
  }
}
