import { lookup } from 'node:dns/promises';
import { parseArgs } from 'node:util';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { isServerRunning } from './cli/client/running-server.js';
import { checkStart, type FoundTables } from './cli/check-start.js';
import { OperatorSocket } from './cli/server/operator-socket.js';
import { Config } from './platform/config/config.js';
import { readEnvFile } from './platform/config/environment-file.js';
import { checkPassedAddress, passedSocket } from './platform/config/passed-socket.js';
import { cannotListen, checkAddress, describeStartFailure } from './platform/config/start-failure.js';
import { ConfigurationError } from './common/application-error.js';
import { RevocationFeed } from './auth/revocations/revocation-feed.js';
import { createApp } from './configure-app.js';
import { drain } from './http/server/drain.js';
import { FEATURES } from './features.js';
import { Readiness } from './health/readiness.js';
import { Database } from './platform/database/database.js';
import { createLogger, type Logger } from './platform/logging/logger.js';
import { Metrics } from './platform/metrics/metrics.js';

/** Placeholder for the host of a socket that already listens. */
const ANY_HOST = '0.0.0.0';

await start();

/** Starts the server. An error is printed in one line. */
async function start(): Promise<void> {
  let config: Config | undefined;
  try {
    // Other users of the system must not read the database and the files beside it.
    process.umask(0o077);
    readEnvFile(environmentFile());
    config = Config.read(process.env);
    const logger = createLogger(config.logLevel);
    exitOnUncaughtError(logger);
    const socket = passedSocket(process.env);
    if (socket === undefined) {
      await checkFree(config);
    }
    warnIfAhead(await checkStart(config), logger);
    const app = await createApp(config, logger, FEATURES);
    warnIfUntested(app.get(Database, { strict: false }), logger);
    if (config.metrics !== 'off') {
      app.get(Metrics).observeProcess();
    }
    stopOnSignal(app, config, logger);
    await listen(app, config, socket);
    await app.get(OperatorSocket).open();
    reportReady(await app.getUrl(), config, logger);
  } catch (error) {
    process.stderr.write(`Latchkey cannot start. ${describeStartFailure(error, config)}\n`);
    process.exit(1);
  }
}

/** Returns the file named by `--environment-file`. */
function environmentFile(): string | undefined {
  const options = { 'environment-file': { type: 'string' } } as const;
  return parseArgs({ options, strict: false }).values['environment-file'] as string | undefined;
}

/** @throws ConfigurationError if the server cannot listen on its address, for example because it already runs. */
async function checkFree(config: Config): Promise<void> {
  try {
    await checkAddress(config);
  } catch (cause) {
    throw (await isServerRunning(config))
      ? new ConfigurationError('This Latchkey server is already running.', { cause })
      : cause;
  }
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

/** Exits on uncaught errors and unhandled rejections, as the state of the process is unknown. */
function exitOnUncaughtError(logger: Logger): void {
  process.on('uncaughtException', (err, origin) => {
    logger.error({ err, origin }, 'Uncaught error. The process exits');
    // The logger flushes on exit.
    process.exit(1);
  });
}

/**
 * Listens on one address. For a second one, such as that of `localhost`, Fastify would open another server without the limits
 * of the first.
 *
 * @param socket descriptor of a socket that already listens.
 * @throws ConfigurationError if the server cannot listen there.
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

/** Shows the address of the console on the terminal. Without a terminal, logs it. */
function reportReady(address: string, { publicUrl }: Config, logger: Logger): void {
  const url = `${publicUrl}/admin/`;
  if (process.stdout.isTTY && logger.isLevelEnabled('info')) {
    process.stdout.write(`Latchkey is ready: ${url}\n`);
  } else {
    logger.info({ address, console: url }, 'Latchkey is ready');
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
