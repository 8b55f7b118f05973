import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type FastifyInstance } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { markOperatorConnection } from '../../auth/guards/operator-authentication.service.js';
import {
  REQUEST_OPTIONS,
  sendClientError,
  sendProblem,
  STALLED_TIMEOUT,
} from '../../http/server/create-server.js';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { socketPathOf, withShortPath } from '../socket-path.js';

/** Maximum number of connected programs. */
const PROGRAMS_MAX = 16;

/** Maximum number of connections. Those of more programs are accepted, so that they receive an error. */
const CONNECTIONS_MAX = 64;

const TOO_MANY_COMMANDS = 'Too many commands run at the same time. Run the command again in a moment.';

/**
 * Maximum wait for running commands when the server stops. Long commands, such as `verify-audit`, can be
 * repeated.
 */
const FINISH_MILLISECONDS = 3_000;

/** Restricts the socket to the account of the server. */
const UMASK = 0o177;

/**
 * Serves the API to the command line on a Unix socket. The mode of the socket is the only authentication: an
 * account that can open it can open the database as well.
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
   * Listens beside the SQLite database. On PostgreSQL commands need no server. Logs failures and lets the
   * server run on.
   */
  async open(): Promise<void> {
    if (this.config.database.kind !== 'sqlite') {
      return;
    }
    const path = socketPathOf(this.config.database.file);
    try {
      // Removes the socket of a killed server. This process holds the lock of the database, so no other
      // server listens.
      rmSync(path, { force: true });
      await this.listen(path);
    } catch (err) {
      this.logger.warn({ err, path }, 'The command line cannot reach this server while it runs');
    }
  }

  async listen(path: string): Promise<void> {
    const api = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    const connections = new Set<Socket>();
    const server = createServer(REQUEST_OPTIONS, (request, response) => {
      if (connections.size > PROGRAMS_MAX) {
        // The client reads the response when it has sent the whole body.
        request.resume();
        sendProblem(
          new ApplicationError('overloaded', { detail: TOO_MANY_COMMANDS }),
          request.socket,
          this.config,
        );
        return;
      }
      closeIfStalled(request.socket, response);
      api.routing(request, response);
    });
    server.on('connection', (socket) => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
    });
    await withShortPath(path, (short) => listenOn(short, server, this.config));
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

/**
 * Closes the connection if the client does not read the response. Unlike other clients, a command may also
 * receive a part of its response, and the rest much later.
 */
function closeIfStalled(socket: Socket, response: ServerResponse): void {
  response.setTimeout(STALLED_TIMEOUT, () => {
    if (socket.writableLength > 0) {
      socket.destroy();
    } else {
      socket.setTimeout(STALLED_TIMEOUT);
    }
  });
}

async function listenOn(path: string, server: Server, config: Config): Promise<void> {
  server.maxConnections = CONNECTIONS_MAX;
  server.on('connection', markOperatorConnection);
  server.on('clientError', (error, socket) => sendClientError(error, socket as Socket, config));
  // `listen` creates the file before it returns, so other accounts can never open it.
  const umask = process.umask(UMASK);
  try {
    server.listen(path);
  } finally {
    process.umask(umask);
  }
  await once(server, 'listening');
}
