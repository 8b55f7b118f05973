import { afterAll, beforeAll } from '@jest/globals';
import { serverOn, ServerProcess, type Environment } from './server-process.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { RECEIVING, timesLogged } from './use-replicas.js';
import { waitUntil } from './wait-until.js';

/**
 * Starts the built server in its own process, with a database of the kind under test, for the tests of a
 * file.
 */
export function useServerProcess(environment: Environment = {}): Pick<ServerProcess, 'client' | 'output'> {
  let database: TestDatabase;
  let server: ServerProcess | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
    const started = await ServerProcess.start(serverOn(database, environment));
    server = started;
    if (globalThis.DATABASE_KIND === 'postgres') {
      // Until it listens for notifications, it caches no tokens.
      await waitUntil(() => timesLogged(started, RECEIVING) === 1);
    }
  });

  afterAll(async () => {
    // Not started without a build.
    await server?.kill();
    await database.drop();
  });

  return {
    get client() {
      return server!.client;
    },
    get output() {
      return server!.output;
    },
  };
}
