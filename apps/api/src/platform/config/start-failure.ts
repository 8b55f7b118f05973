import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Config } from './config.js';
import { ConfigurationError } from '../../common/application-error.js';

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

/** Advice by the error code of `listen`. */
const ADVICE_BY_CODE: Record<string, string> = {
  EADDRINUSE:
    'PORT: choose another port, or stop the process that uses this one; if systemd holds it for latchkey.socket, run journalctl -u latchkey to see why the server does not respond',
  EACCES: 'PORT: choose a port from 1024 up, because this account is not allowed to use lower ones',
};

/** Returns the error for an address that the server cannot listen on. */
export function cannotListen({ host, port }: Address, cause: unknown): ConfigurationError {
  const { code } = cause as NodeJS.ErrnoException;
  const advice =
    ADVICE_BY_CODE[code ?? ''] ??
    'HOST: use an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all addresses';
  return new ConfigurationError(`${advice}; the server cannot listen on port ${port} of ${host} (${code})`, {
    cause,
  });
}

/** Log levels that print the stack when the server cannot start. */
const STACK_LEVELS = new Set(['debug', 'trace']);

/**
 * Returns one line for the operator that explains why the server cannot start. It names the variable to change, if there is one.
 *
 * @param config configuration of the server; absent if the configuration itself is invalid.
 */
export function describeStartFailure(error: unknown, config?: Config): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const line = `${blamedVariable(error, config)}${message.replace(/\s*\n\s*/g, ' ')}`;
  return config && STACK_LEVELS.has(config.logLevel) ? `${line}\n${stack}` : line;
}

function blamedVariable(error: unknown, config?: Config): string {
  const { path } = error as { path?: unknown };
  const isOfDataDirectory =
    !(error instanceof ConfigurationError) &&
    config !== undefined &&
    typeof path === 'string' &&
    path.startsWith(config.dataDirectory);
  return isOfDataDirectory ? 'LATCHKEY_DATA_DIR: use a folder that this server can write to: ' : '';
}
