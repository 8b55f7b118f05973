import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Config } from './config.js';
import { ConfigurationError } from './configuration-error.js';

type Address = Pick<Config, 'host' | 'port'>;

/** @throws ConfigurationError if the server cannot listen on the address, for example because another process does. */
export async function checkAddress({ host, port }: Address): Promise<void> {
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

/** Returns the error for an address that the server cannot listen on. */
export function cannotListen({ host, port }: Address, cause: unknown): ConfigurationError {
  const { code } = cause as NodeJS.ErrnoException;
  const advice =
    code === 'EADDRINUSE' || code === 'EACCES'
      ? 'PORT: choose another port, or stop the process that uses this one'
      : 'HOST: use an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all addresses';
  return new ConfigurationError(`${advice}; nothing can listen on port ${port} of ${host} (${code})`, {
    cause,
  });
}
