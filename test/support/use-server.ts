import { afterAll, beforeAll } from '@jest/globals';
import { type Headers } from './api-client.js';
import { ADMIN, TestServer, type TestServerOptions } from './test-server.js';

/** A test server while the tests of a file run. */
export type ServerInUse = Pick<TestServer, 'app' | 'client' | 'database' | 'log' | 'routes'>;

/** Starts a server before the tests of the file, and removes it after them. */
export function useServer(options?: TestServerOptions): ServerInUse {
  let server: TestServer;

  beforeAll(async () => {
    server = await TestServer.start(options);
  });

  afterAll(() => server.remove());

  return {
    get app() {
      return server.app;
    },
    get client() {
      return server.client;
    },
    get database() {
      return server.database;
    },
    get log() {
      return server.log;
    },
    get routes() {
      return server.routes;
    },
  };
}

/** Logs in as the first administrator before the tests of the file, and fills in the header fields that say so. */
export function useAdmin(server: ServerInUse): Headers {
  const headers: Headers = {};

  beforeAll(async () => {
    Object.assign(headers, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
  });

  return headers;
}
