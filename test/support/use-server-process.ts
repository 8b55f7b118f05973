import { afterAll, beforeAll } from '@jest/globals';
import { serverOn, ServerProcess, type Environment } from './server-process.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { HEARD, timesLogged, until } from './use-replicas.js';

/** The built server as a process of its own, on a database of the kind under test, while the tests of a file run. */
export function useServerProcess(environment: Environment = {}): Pick<ServerProcess, 'client' | 'output'> {
  let database: TestDatabase;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await ServerProcess.start(serverOn(database, environment));
    if (globalThis.DATABASE_KIND === 'postgres') {
      // Nothing is remembered before.
      await until(() => timesLogged(server, HEARD) === 1);
    }
  }, 60_000);

  afterAll(async () => {
    await server.kill();
    await database.drop();
  });

  return {
    get client() {
      return server.client;
    },
    get output() {
      return server.output;
    },
  };
}
