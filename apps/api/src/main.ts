import { existsSync } from 'node:fs';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Config } from './config/config.js';
import { ConfigurationError } from './config/configuration-error.js';
import { createApp } from './configure-app.js';
import { FEATURES } from './features.js';
import { Readiness } from './health/readiness.js';
import { createLogger, type Logger } from './logging/logger.js';

await start();

/** Starts the server; what stops the start is told in one line. */
async function start(): Promise<void> {
  try {
    // The database and what is kept beside it are nobody else's to read.
    process.umask(0o077);
    readEnvFile();
    const config = Config.read(process.env);
    const logger = createLogger(config.logLevel);
    const app = await createApp(config, logger, FEATURES);
    stopOnSignal(app, config, logger);
    await listen(app, config);
    logger.info({ address: await app.getUrl(), console: `${config.publicUrl}/admin/` }, 'Latchkey is ready');
  } catch (error) {
    const text =
      error instanceof ConfigurationError ? error.message : String((error as Error).stack ?? error);
    process.stderr.write(`Latchkey cannot start. ${text}\n`);
    process.exit(1);
  }
}

/** Reads `.env` of the working folder, if there is one; what the environment has already wins. */
function readEnvFile(): void {
  if (existsSync('.env')) {
    process.loadEnvFile('.env');
  }
}

/** @throws ConfigurationError if nobody can listen there, such as when another process does. */
async function listen(app: NestFastifyApplication, { host, port }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const name = code === 'EADDRINUSE' || code === 'EACCES' ? 'PORT' : 'HOST';
    throw new ConfigurationError(`${name}: nothing can listen on port ${port} of ${host} (${code})`, {
      cause,
    });
  }
}

/** On SIGTERM or SIGINT answers what is in flight, then ends; on a second one ends at once. */
function stopOnSignal(app: NestFastifyApplication, { shutdownSeconds }: Config, logger: Logger): void {
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) {
      process.exit(1);
    }
    isStopping = true;
    app.get(Readiness).stop();
    logger.info({ signal }, 'Stopping');
    setTimeout(() => process.exit(1), shutdownSeconds * 1_000).unref();
    app.close().then(
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
