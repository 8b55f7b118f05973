import cluster from 'node:cluster';
import { parseArgs } from 'node:util';
import { checkListening } from './cli/client/running-server.js';
import { Config } from './platform/config/config.js';
import { readEnvFile } from './platform/config/environment-file.js';
import { passedSocket } from './platform/config/passed-socket.js';
import { describeStartFailure } from './platform/config/start-failure.js';
import { ConfigurationError } from './common/application-error.js';
import { VERSION } from './common/version.js';
import { createLogger, type Logger } from './platform/logging/logger.js';
import { startWorkers } from './workers.js';

await start();

/** Starts the server. An error is printed in one line. */
async function start(): Promise<void> {
  let config: Config | undefined;
  try {
    // Other users of the system must not read the database and the files beside it.
    process.umask(0o077);
    readEnvFile(process.env, environmentFile());
    config = Config.read(process.env);
    const logger = createLogger(config.logLevel);
    exitOnUncaughtError(logger);
    const { isWorker } = cluster;
    const socket = passedSocket(process.env, isWorker ? process.ppid : process.pid);
    if (socket === undefined && !isWorker) {
      await checkFree(config);
    }
    if (config.workers > 1 && !isWorker) {
      reportReady(await startWorkers(config, logger), config, logger);
      return;
    }
    const { serve } = await import('./serve.js');
    const address = await serve(config, logger, socket);
    if (!isWorker) {
      reportReady(address, config, logger);
    }
  } catch (error) {
    process.stderr.write(`Latchkey cannot start. ${describeStartFailure(error, config)}\n`);
    process.exit(1);
  }
}

function environmentFile(): string | undefined {
  const options = { 'environment-file': { type: 'string', multiple: true } } as const;
  const files = (parseArgs({ options, strict: false }).values['environment-file'] ?? []) as string[];
  if (files.length > 1) {
    throw new ConfigurationError('The option --environment-file may be given only once.');
  }
  return files[0];
}

async function checkFree(config: Config): Promise<void> {
  if (await checkListening(config)) {
    throw new ConfigurationError('This Latchkey server is already running.');
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

/** Shows the address of the console on the terminal. Without a terminal, logs it. */
function reportReady(address: string | undefined, { publicUrl }: Config, logger: Logger): void {
  const url = `${publicUrl}/admin/`;
  if (process.stdout.isTTY && logger.isLevelEnabled('info')) {
    process.stdout.write(`Latchkey ${VERSION} is ready: ${url}\n`);
  } else {
    logger.info({ version: VERSION, address, console: url }, 'Latchkey is ready');
  }
}
