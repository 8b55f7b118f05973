import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { type Config } from './config.js';
import { ConfigurationError } from '../../common/application-error.js';

type Address = Pick<Config, 'host' | 'port'>;

/**
 * Checks that the server can listen on the configured host. Returns the IP address of the host.
 *
 * @param tested the port to listen on; 0 for any free one.
 */
export async function checkAddress({ host, port }: Address, tested = port): Promise<string> {
  const server = createServer();
  try {
    server.listen(tested, host);
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen({ host, port }, error);
  }
  const { address } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return address;
}

/** Unit that makes systemd hold the port while the server does not run. */
const SOCKET_UNIT = '/etc/systemd/system/latchkey.socket';

/**
 * Returns the error for an address that the server cannot listen on.
 *
 * @param unit path of the systemd unit that may hold the port.
 */
export function cannotListen(
  { host, port }: Address,
  cause: unknown,
  unit = SOCKET_UNIT,
): ConfigurationError {
  const { code } = cause as NodeJS.ErrnoException;
  let message = `The server cannot listen on port ${port} of ${host} (${code}). Set HOST to an address of this machine, such as 127.0.0.1, or to 0.0.0.0 for all addresses.`;
  if (code === 'EADDRINUSE') {
    message = `Port ${port} of ${host} is in use (${code}). Stop the program that uses it, or set PORT to another one.`;
    if (existsSync(unit)) {
      message +=
        ' If systemd holds it for latchkey.socket, run journalctl -u latchkey to see why the server does not respond.';
    }
  } else if (code === 'EACCES') {
    message = `This account is not allowed to use port ${port} of ${host} (${code}). Set PORT to 1024 or higher.`;
  }
  return new ConfigurationError(message, { cause });
}

/** Log levels that print the stack when the server cannot start. */
const STACK_LEVELS = new Set(['debug', 'trace']);

/**
 * Returns one line for the operator that explains why the server cannot start. It names the variable to
 * change, if there is one.
 *
 * @param config configuration of the server; absent if the configuration itself is invalid.
 */
export function describeStartFailure(error: unknown, config?: Config): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const text = message.replace(/\s*\n\s*/g, ' ');
  const line = isOfDataDirectory(error, config)
    ? `LATCHKEY_DATA_DIR: ${text}. Use a folder that this server can write to.`
    : text;
  return config && STACK_LEVELS.has(config.logLevel) ? `${line}\n${stack}` : line;
}

function isOfDataDirectory(error: unknown, config?: Config): boolean {
  const { path } = error as { path?: unknown };
  return (
    !(error instanceof ConfigurationError) &&
    config !== undefined &&
    typeof path === 'string' &&
    path.startsWith(config.dataDirectory)
  );
}
