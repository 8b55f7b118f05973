import cluster from 'node:cluster';
import { parseArgs } from 'node:util';
import { checkListening } from './cli/client/running-server.js';
import { Config } from './platform/config/config.js';
import { readEnvFile } from './platform/config/environment-file.js';
import { passedSocket } from './platform/config/passed-socket.js';
import { checkAddress, describeStartFailure } from './platform/config/start-failure.js';
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
    const isVerifier = startsVerifier();
    config = isVerifier ? Config.readForVerifier(process.env) : Config.read(process.env);
    const logger = createLogger(config.logLevel);
    exitOnUncaughtError(logger);
    const { isWorker } = cluster;
    const socket = passedSocket(process.env, isWorker ? process.ppid : process.pid);
    if (socket === undefined && !isWorker) {
      await (isVerifier ? checkAddress(config) : checkFree(config));
    }
    if (config.workers > 1 && !isWorker) {
      reportReady(await startWorkers(config, logger), config, logger, isVerifier);
      return;
    }
    const { serve } = await (isVerifier ? import('./serve-verifier.js') : import('./serve.js'));
    const address = await serve(config, logger, socket);
    if (!isWorker) {
      reportReady(address, config, logger, isVerifier);
    }
  } catch (error) {
    process.stderr.write(`Latchkey cannot start. ${describeStartFailure(error, config)}\n`);
    process.exit(1);
  }
}

/** Whether this process serves verifications for gateways, instead of the API. */
function startsVerifier(): boolean {
  return readArguments().positionals.includes('verifier');
}

function environmentFile(): string | undefined {
  const files = (readArguments().values['environment-file'] ?? []) as string[];
  if (files.length > 1) {
    throw new ConfigurationError('The option --environment-file may be given only once.');
  }
  return files[0];
}

function readArguments() {
  const options = { 'environment-file': { type: 'string', multiple: true } } as const;
  return parseArgs({ options, strict: false });
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

/** Shows the address of the console, or of a verifier, on the terminal. Without a terminal, logs it. */
function reportReady(
  address: string | undefined,
  { publicUrl }: Config,
  logger: Logger,
  isVerifier: boolean,
): void {
  const console = isVerifier ? undefined : `${publicUrl}/admin/`;
  const name = isVerifier ? 'Latchkey verifier' : 'Latchkey';
  if (process.stdout.isTTY && logger.isLevelEnabled('info')) {
    process.stdout.write(`${name} ${VERSION} is ready: ${console ?? address ?? 'see HOST and PORT'}\n`);
  } else {
    logger.info({ version: VERSION, address, console }, `${name} is ready`);
  }
}
