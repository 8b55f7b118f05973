import { afterAll, beforeAll, jest } from '@jest/globals';
import { type Headers } from './api-client.js';
import { ADMIN, TestServer, type TestServerOptions } from './test-server.js';
import { LeakReports } from '../../apps/api/src/auth/leaks/leak-reports.service.js';
import { CanaryAlarms } from '../../apps/api/src/tokens/usage/canary-alarms.service.js';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { LastUses } from '../../apps/api/src/tokens/usage/last-uses.service.js';

/** Running test server. */
export type RunningServer = Pick<TestServer, 'app' | 'client' | 'database' | 'log' | 'routes'>;

/** Starts a server before the tests of a file and removes it after them. */
export function useServer(options?: TestServerOptions): RunningServer {
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

/**
 * Logs in as the first administrator before the tests of a file. Returns header fields that are filled then.
 */
export function useAdmin(server: RunningServer): Headers {
  const headers: Headers = {};

  beforeAll(async () => {
    Object.assign(headers, await server.client.loginHeaders(ADMIN.name, ADMIN.password));
  });

  return headers;
}

/** Stops the server's clock at a time, until mocks are restored. Returns the time in milliseconds. */
export function stopClock({ app }: Pick<RunningServer, 'app'>, time: number | string): number {
  const now = new Date(time).getTime();
  jest.spyOn(app.get(Clock), 'now').mockReturnValue(now);
  return now;
}

/** Makes the server write the usage of tokens immediately. */
export function flushTokenUsage(server: RunningServer): Promise<void> {
  return server.app.get(LastUses, { strict: false }).flush();
}

/** Waits until the server has processed all leak reports. */
export function settleLeakReports(server: RunningServer): Promise<void> {
  return server.app.get(LeakReports, { strict: false }).beforeApplicationShutdown();
}

/** Waits until the server has compared all unknown tokens with canaries. */
export function settleCanaries(server: RunningServer): Promise<void> {
  return server.app.get(CanaryAlarms, { strict: false }).settle();
}
