import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { ADMIN, TestServer, type TestServerOptions } from '../support/test-server.js';

describe('limits', () => {
  let server: TestServer;
  /** The time on the server, which only tests change, so that no delay expires by itself. */
  let now: number;

  beforeEach(() => {
    now = Date.now();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await server.remove();
  });

  const start = async (perAccount: number, perAddress = 1000, options: TestServerOptions = {}) => {
    server = await TestServer.start({
      environment: {
        LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: String(perAccount),
        LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: String(perAddress),
      },
      ...options,
    });
    jest.spyOn(server.app.get(Clock), 'now').mockImplementation(() => now);
  };
  const wrong = (name: string, headers = {}) => server.client.login(name, 'a wrong password', { headers });
  /** Returns the number of wrong passwords that were hashed. */
  const evaluated = async () => {
    const rows = await server.database.query<{ count: number | string }>(
      `SELECT COUNT(*) + (SELECT "unknownNameFailures" FROM audit_chain) AS "count"
       FROM audit_events WHERE action = 'authn_login_fail'`,
    );
    return Number(rows[0]?.count);
  };

  // Covers B20 in docs/explanation/security.md.
  describe('the limit per account of POST /auth/login', () => {
    // Covers B5 in docs/explanation/security.md.
    it('is shared by all spellings of a name, and survives a restart', async () => {
      await start(10);
      const left = async (name: string) =>
        /"account";r=(\d+)/.exec((await wrong(name)).headers.get('ratelimit') ?? '')?.[1];
      const before = [
        await left('admin'),
        await left('ADMIN'),
        await left('\uff41\uff44\uff4d\uff49\uff4e'),
        await left('nobody'),
      ];

      await server.stop();
      await start(10, 1000, { database: server.database });

      expect(before).toEqual(['9', '8', '7', '9']);
      expect([await left('Admin'), await left('nobody')]).toEqual(['6', '8']);
    });
  });

  // Covers B21 in docs/explanation/security.md.
  describe('parallel logins', () => {
    it('accept 20 right passwords at a limit of 10, and evaluate no more wrong ones than the limit', async () => {
      await start(10);

      const right = await Promise.all(
        Array.from({ length: 20 }, () => server.client.login(ADMIN.name, ADMIN.password)),
      );
      const guesses = await Promise.all(Array.from({ length: 200 }, () => wrong('admin')));

      expect(right.map(({ status }) => status)).toEqual(Array(20).fill(200));
      expect(await evaluated()).toBe(10);
      expect(guesses.filter(({ status }) => ![401, 429, 503].includes(status))).toEqual([]);
      expect(guesses.every(({ status, headers }) => status === 401 || headers.has('retry-after'))).toBe(true);
    });
  });
});
