import cluster from 'node:cluster';
import { lookup } from 'node:dns/promises';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { checkStart, type FoundTables } from './cli/check-start.js';
import { OperatorSocket } from './cli/server/operator-socket.service.js';
import { type Config } from './platform/config/config.js';
import { checkPassedAddress } from './platform/config/passed-socket.js';
import { cannotListen } from './platform/config/start-failure.js';
import { RevocationFeed } from './auth/verifiers/revocation-feed.service.js';
import { createApp } from './configure-app.js';
import { drain } from './http/server/drain.js';
import { FEATURES } from './features.js';
import { Readiness } from './health/readiness.service.js';
import { Database } from './platform/database/database.js';
import { type Logger } from './platform/logging/logger.js';
import { Metrics } from './platform/metrics/metrics.service.js';

/** Placeholder for the host of a socket that already listens. */
const ANY_HOST = '0.0.0.0';

/**
 * Serves the API and the console until a signal stops this process.
 *
 * @param socket descriptor of a socket that already listens.
 * @returns the URL of the server.
 */
export async function serve(config: Config, logger: Logger, socket: number | undefined): Promise<string> {
  warnIfAhead(await checkStart(config), logger);
  const app = await createApp(config, logger, FEATURES);
  warnIfUntested(app.get(Database, { strict: false }), logger);
  if (config.metrics !== 'off') {
    app.get(Metrics).observeProcess();
  }
  stopOnSignal(app, config, logger);
  await listen(app, config, socket);
  await app.get(OperatorSocket).open();
  return app.getUrl();
}

/** Reports a database that a later release has migrated. */
function warnIfAhead(tables: FoundTables, logger: Logger): void {
  if (tables === 'ahead') {
    logger.warn(
      'A later release has migrated the database, and this one can use it. Upgrade this server too',
    );
  }
}

function warnIfUntested({ untestedPostgres }: Database, logger: Logger): void {
  if (untestedPostgres !== undefined) {
    logger.warn(
      { version: untestedPostgres },
      'This version of Latchkey was not tested with this version of PostgreSQL',
    );
  }
}

/**
 * Listens on one address. For a second one, such as that of `localhost`, Fastify would open another server
 * without the limits of the first.
 *
 * @param socket descriptor of a socket that already listens.
 */
async function listen(
  app: NestFastifyApplication,
  { host, port }: Config,
  socket: number | undefined,
): Promise<void> {
  if (socket !== undefined) {
    const server = app.getHttpServer();
    // Runs before the listener of Fastify, which throws another error for Unix sockets.
    server.once('listening', () => checkPassedAddress(server.address()));
    // Node ignores the host then. Without one, Fastify assumes `localhost`.
    await app.listen({ fd: socket, host: ANY_HOST });
    return;
  }
  try {
    const { address } = await lookup(host, { verbatim: false });
    await app.listen(port, address);
  } catch (error) {
    throw cannotListen({ host, port }, error);
  }
}

/** On SIGTERM or SIGINT drains, finishes open requests and exits. On a second signal exits immediately. */
function stopOnSignal(
  app: NestFastifyApplication,
  { drainSeconds, shutdownSeconds }: Config,
  logger: Logger,
): void {
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) {
      // A supervisor or Ctrl+C also signals the workers, before the first process does.
      if (cluster.isWorker && signal === 'SIGTERM') {
        return;
      }
      process.exit(1);
    }
    isStopping = true;
    app.get(Readiness).stop();
    app.get(RevocationFeed).stop();
    logger.info({ signal, drainSeconds }, 'Stopping');
    const isDrained = drainSeconds > 0 ? drain(app.getHttpServer(), drainSeconds) : Promise.resolve();
    const isClosed = isDrained.then(() => {
      setTimeout(() => process.exit(1), shutdownSeconds * 1_000).unref();
      return app.close();
    });
    isClosed.then(
      () => process.exit(0),
      (err: unknown) => {
        logger.error({ err }, 'The server did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
