import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { CommandConnection } from './command-connection.js';
import { CommandRunner } from '../command-runner.js';
import { byShortPath, socketPathOf } from './socket-path.js';

/** Programs that may be connected at once. */
const CONNECTIONS_MAX = 16;

/** Nobody but the owner of the database. */
const UMASK = 0o177;

/**
 * Takes commands of the command line while the server runs on SQLite, through a Unix socket beside the database. Who may
 * open that file may do everything anyway, so the file's mode is all the authentication there is.
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

  /** Begins to listen; on PostgreSQL the program needs no server. The server works without, and says so. */
  async open(): Promise<void> {
    if (this.config.database.kind !== 'sqlite') {
      return;
    }
    const path = socketPathOf(this.config.database.file);
    try {
      // One that a killed server has left: whoever holds the database's lock is alone here.
      rmSync(path, { force: true });
      this.server = await byShortPath(path, (short) => this.listen(short));
      this.path = path;
    } catch (err) {
      this.logger.warn({ err, path }, 'The command line cannot reach this server while it runs');
    }
  }

  /** Lets what runs come to its end, and takes nothing more. */
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
    // The file is made before `listen` returns, so it is never open to others, not even for a moment.
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
      .catch((err: unknown) => this.logger.debug({ err }, 'A program of the command line went away'))
      .finally(() => this.connections.delete(connection));
  }
}
