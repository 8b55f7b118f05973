import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Above the ports that browsers and `fetch` block. */
const FIRST = 12_000;
/** The ports from here on are for clients, and for servers that listen on any port. */
const END = firstEphemeral();

/**
 * A process uses every 64th port, so that workers of the same run never choose the same one, and workers of
 * other runs seldom do.
 */
const PROCESSES = 64;
const SIZE = Math.floor((END - FIRST) / PROCESSES);
const own = (process.ppid + Number(process.env.JEST_WORKER_ID ?? 0)) % PROCESSES;

let next = randomInt(SIZE);

/**
 * Returns a free port of the loopback interface. Until the caller listens on it, neither the system nor this
 * function in another worker gives it to others.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (let attempts = 0; attempts < SIZE; attempts++) {
    const port = FIRST + (next++ % SIZE) * PROCESSES + own;
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error(`No port between ${FIRST} and ${END} is free.`);
}

function firstEphemeral() {
  try {
    const first = parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
    // Some systems give nearly all ports to clients.
    return first >= 20_000 ? first : 32_768;
  } catch {
    // On macOS and Windows, it is 49,152.
    return 32_768;
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
