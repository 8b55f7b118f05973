import { fstatSync } from 'node:fs';
import { type AddressInfo } from 'node:net';
import { ConfigurationError } from '../../common/application-error.js';

/** First descriptor that a supervisor passes. */
const FIRST_DESCRIPTOR = 3;

/**
 * Returns the descriptor of the listening socket that the supervisor passed to this process, or `undefined`
 * (sd_listen_fds(3)).
 */
export function passedSocket(
  { LISTEN_PID: receiver, LISTEN_FDS: count = '0' }: NodeJS.ProcessEnv,
  pid = process.pid,
  descriptor = FIRST_DESCRIPTOR,
): number | undefined {
  // Child processes of the receiver inherit the variables, but not the socket.
  if (receiver !== String(pid) || count === '0') {
    return undefined;
  }
  // Fastify would open a second server for a second socket, without the limits of the first.
  if (count !== '1' || !isSocket(descriptor)) {
    throw wrongSocket();
  }
  return descriptor;
}

/** Rejects a Unix socket, whose clients have no address for the limits on failed logins. */
export function checkPassedAddress(address: AddressInfo | string | null): void {
  if (address === null || typeof address === 'string') {
    throw wrongSocket();
  }
}

function wrongSocket(): ConfigurationError {
  return new ConfigurationError(
    'LISTEN_FDS: the server accepts one TCP socket; keep a single ListenStream with a port in latchkey.socket',
  );
}

function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}
