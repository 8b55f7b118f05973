import { createServer } from 'node:net';

/** Ports that were returned before. The system could offer one again before the caller listens on it. */
const used = new Set();

/**
 * Returns a free port of the loopback interface, and never the same port twice.
 * @returns {Promise<number>}
 */
export async function freePort() {
  let port = await offeredPort();
  while (used.has(port)) {
    port = await offeredPort();
  }
  used.add(port);
  return port;
}

/** @returns {Promise<number>} */
function offeredPort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
