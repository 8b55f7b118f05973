import cluster from 'node:cluster';
import { lookup } from 'node:dns/promises';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config } from '../../platform/config/config.js';
import { checkPassedAddress } from '../../platform/config/passed-socket.js';
import { cannotListen } from '../../platform/config/start-failure.js';
import { type Logger } from '../../platform/logging/logger.js';
import { drain } from './drain.js';

/** Placeholder for the host of a socket that already listens. */
const ANY_HOST = '0.0.0.0';

/**
 * Listens on one address. For a second one, such as that of `localhost`, Fastify would open another server
 * without the limits of the first.
 *
 * @param socket descriptor of a socket that already listens.
 */
export async function listen(
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

/**
 * On SIGTERM or SIGINT drains, finishes open requests and exits. On a second signal exits immediately.
 *
 * @param onStop called first.
 */
export function stopOnSignal(
  app: NestFastifyApplication,
  { drainSeconds, shutdownSeconds }: Config,
  logger: Logger,
  onStop: () => void,
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
    onStop();
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
