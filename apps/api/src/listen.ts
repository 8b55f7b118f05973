import { once } from 'node:events';
import { createServer } from 'node:net';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config } from './config/config.js';
import { ConfigurationError } from './config/configuration-error.js';

/**
 * Looks whether the server could listen, before anything is made that a start at a wrong address would leave behind.
 *
 * @throws ConfigurationError if it cannot, such as when another process does.
 */
export async function checkAddress({ host, port }: Config): Promise<void> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen({ host, port }, error);
  }
  server.close();
  await once(server, 'close');
}

/** @throws ConfigurationError if nobody can listen there. */
export async function listen(app: NestFastifyApplication, { host, port }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw cannotListen({ host, port }, error);
  }
}

function cannotListen({ host, port }: Pick<Config, 'host' | 'port'>, cause: unknown): ConfigurationError {
  const { code } = cause as NodeJS.ErrnoException;
  const advice =
    code === 'EADDRINUSE' || code === 'EACCES'
      ? 'PORT: choose another one, or end what listens there'
      : 'HOST: give an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them';
  return new ConfigurationError(`${advice}; nothing can listen on port ${port} of ${host} (${code})`, {
    cause,
  });
}
