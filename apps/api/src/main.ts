import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiDocument } from './http/openapi/api-document.js';
import { checkStart } from './cli/check-start.js';
import { CommandSocket } from './cli/socket/command-socket.js';
import { Config } from './platform/config/config.js';
import { readEnvFile } from './platform/config/env-file.js';
import { checkAddress } from './platform/config/listen-address.js';
import { describeStartFailure } from './platform/config/start-failure.js';
import { createApp } from './configure-app.js';
import { drain } from './http/server/drain.js';
import { FEATURES } from './features.js';
import { Readiness } from './health/readiness.js';
import { listen } from './http/server/listen.js';
import { createLogger, type Logger } from './platform/logging/logger.js';
import { Metrics } from './platform/metrics/metrics.js';

await start();

/** Starts the server; what stops the start is told in one line. */
async function start(): Promise<void> {
  let config: Config | undefined;
  try {
    // The database and what is kept beside it are nobody else's to read.
    process.umask(0o077);
    readEnvFile();
    config = Config.read(process.env);
    const logger = createLogger(config.logLevel);
    endOnUncaughtError(logger);
    await checkAddress(config);
    await checkStart(config);
    const app = await createApp(config, logger, FEATURES);
    if (config.metrics !== 'off') {
      app.get(Metrics).observeProcess();
    }
    stopOnSignal(app, config, logger);
    await app.get(ApiDocument).prepare();
    await listen(app, config);
    await app.get(CommandSocket).open();
    logger.info({ address: await app.getUrl(), console: `${config.publicUrl}/admin/` }, 'Latchkey is ready');
  } catch (error) {
    process.stderr.write(`Latchkey cannot start. ${describeStartFailure(error, config)}\n`);
    process.exit(1);
  }
}

/** Ends on an error that nobody caught, a rejected promise's too: what state it left is unknown. */
function endOnUncaughtError(logger: Logger): void {
  process.on('uncaughtException', (err, origin) => {
    logger.error({ err, origin }, 'An error that nobody caught ends the process');
    // The logger writes what it holds on exit.
    process.exit(1);
  });
}

/** On SIGTERM or SIGINT drains, answers what is in flight, then ends; on a second one ends at once. */
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
    logger.info({ signal, drainSeconds }, 'Stopping');
    const isDrained = drainSeconds > 0 ? drain(app.getHttpServer(), drainSeconds) : Promise.resolve();
    const isClosed = isDrained.then(() => {
      setTimeout(() => process.exit(1), shutdownSeconds * 1_000).unref();
      return app.close();
    });
    isClosed.then(
      () => process.exit(0),
      (err: unknown) => {
        logger.error({ err }, 'The stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
