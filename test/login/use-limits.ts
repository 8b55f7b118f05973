import { afterEach, beforeEach, jest } from '@jest/globals';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { TestServer, type TestServerOptions } from '../support/test-server.js';

/** Starts a server in each test, with limits of failed logins and a clock that only the test changes. */
export function useLimits() {
  let server: TestServer;
  let now: number;

  beforeEach(() => {
    now = Date.now();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await server.remove();
  });

  return {
    get server() {
      return server;
    },

    start: async (perAccount: number, perAddress = 1000, options: TestServerOptions = {}) => {
      server = await TestServer.start({
        environment: {
          LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: String(perAccount),
          LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: String(perAddress),
        },
        ...options,
      });
      jest.spyOn(server.app.get(Clock), 'now').mockImplementation(() => now);
    },

    wait: (seconds: number) => {
      now += Math.round(seconds * 1_000);
    },

    wrong: (name: string, headers = {}) => server.client.login(name, 'a wrong password', { headers }),

    /** Returns the number of wrong passwords that were hashed. */
    evaluated: async () => {
      const rows = await server.database.query<{ count: number | string }>(
        `SELECT COUNT(*) + (SELECT "unknownNameFailures" FROM audit_chain) AS "count"
         FROM audit_events WHERE action = 'authn_login_fail'`,
      );
      return Number(rows[0]?.count);
    },
  };
}
