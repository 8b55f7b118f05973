import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type Socket } from 'node:net';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type FastifyInstance } from 'fastify';
import { markOperatorConnection } from '../../common/request/operator-connection.js';
import { sendClientError } from '../../http/server/create-server.js';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { socketPathOf, withShortPath } from '../socket-path.js';

/** Maximum number of connected programs. */
const CONNECTIONS_MAX = 16;

/** Requests are parsed like those of all other clients. */
const OPTIONS = { headersTimeout: 10_000, joinDuplicateHeaders: true, requireHostHeader: false };

/** Maximum wait for running commands when the server stops. Long commands, such as `verify-audit`, can be repeated. */
const FINISH_MILLISECONDS = 3_000;

/** Restricts the socket to the account of the server. */
const UMASK = 0o177;

/**
 * Serves the API to the command line on a Unix socket. The mode of the socket is the only authentication: an account that
 * can open it can open the database as well.
 */
@Injectable()
export class OperatorSocket implements BeforeApplicationShutdown {
  private server: Server | undefined;
  private path: string | undefined;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Listens beside the SQLite database. On PostgreSQL commands need no server. Logs failures, and lets the server run on.
   */
  async open(): Promise<void> {
    if (this.config.database.kind !== 'sqlite') {
      return;
    }
    const path = socketPathOf(this.config.database.file);
    try {
      // Removes the socket of a killed server. This process holds the lock of the database, so no other server listens.
      rmSync(path, { force: true });
      await this.listen(path);
    } catch (err) {
      this.logger.warn({ err, path }, 'The command line cannot reach this server while it runs');
    }
  }

  /** Listens on a path. */
  async listen(path: string): Promise<void> {
    const api = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    const server = createServer(OPTIONS, (request, response) => api.routing(request, response));
    await withShortPath(path, (short) => listenOn(short, server));
    this.server = server;
    this.path = path;
  }

  /** Finishes running commands, and accepts no more. */
  async beforeApplicationShutdown(): Promise<void> {
    const { server, path } = this;
    if (!server || path === undefined) {
      return;
    }
    this.server = undefined;
    const closed = promisify(server.close.bind(server))();
    await Promise.race([closed, pause(FINISH_MILLISECONDS, undefined, { ref: false })]);
    server.closeAllConnections();
    rmSync(path, { force: true });
  }
}

async function listenOn(path: string, server: Server): Promise<void> {
  server.maxConnections = CONNECTIONS_MAX;
  server.on('connection', markOperatorConnection);
  server.on('clientError', (error, socket) => sendClientError(error, socket as Socket));
  // `listen` creates the file before it returns, so other accounts can never open it.
  const umask = process.umask(UMASK);
  try {
    server.listen(path);
  } finally {
    process.umask(umask);
  }
  await once(server, 'listening');
}
