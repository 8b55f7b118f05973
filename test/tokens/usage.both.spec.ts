import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { TokenLastUsesRepository } from '../../apps/api/src/tokens/usage/token-last-uses.repository.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { TokenPurge } from '../../apps/api/src/tokens/revoke/token-purge.service.js';
import { type Headers } from '../support/api-client.js';
import { useAdmin, useServer, flushTokenUsage, stopClock } from '../support/use-server.js';
import { ADMIN } from '../support/test-server.js';
import { insertTokens } from '../support/token-rows.js';
import { useUsage } from './use-usage.js';

const server = useServer();
const asAdmin = useAdmin(server);
const { createOwnToken, use, usageOf } = useUsage(server, asAdmin);

describe('usage by day', () => {
  const DAY = 86_400_000;
  /** The time at which the clock is stopped, so that no test runs past midnight. */
  const NOW = Date.now();
  const TODAY = new Date(NOW).toISOString().slice(0, 10);
  let asOwner: Headers;
  let token: UserTokenDto;

  beforeEach(async () => {
    stopClock(server, NOW);
    ({ asOwner, token } = await createOwnToken());
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const usage = (headers = asOwner) => usageOf(token, headers);

  describe('GET /tokens/{id}/usage', () => {
    it('counts each use, with the address and agent of the last', async () => {
      await use(token.token, 100);
      await flushTokenUsage(server);
      await use(token.token, 20, 'job/2');

      expect(await usage()).toEqual([
        { date: TODAY, uses: 120, supersededUses: 0, lastUsageAddress: '127.0.0.1', lastUsageAgent: 'job/2' },
      ]);
    });
  });

  describe('the permissions and addresses in GET /tokens/{id}/usage', () => {
    let limited: UserTokenDto;

    beforeEach(async () => {
      const permissions = ['users:read', 'tokens:read'];
      const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
      limited = (await server.client.createMyToken(headers, { note: 'limited', permissions })).body;
    });

    it('keep the latest 32 addresses, and no permission that the token does not have', async () => {
      const rows = Array.from(
        { length: 40 },
        (_, n) => `('${limited.id}', 'address', '192.0.2.${n}', '', ${n})`,
      );
      await server.database.execute(
        `INSERT INTO token_last_uses ("tokenId", kind, value, "reporterId", day) VALUES ${rows.join(', ')}`,
      );
      const use = { tokenId: limited.id, day: 20_000, current: null, superseded: null, reported: [] };
      const permissions = ['users:read', 'orders:read'];
      await server.app
        .get(Writes, { strict: false })
        .transaction(
          (tx) =>
            server.app
              .get(TokenLastUsesRepository, { strict: false })
              .add([{ ...use, permissions, addresses: ['192.0.2.99'] }], tx),
          'none',
        );

      const stored = await server.database.query<{ kind: string; value: string }>(
        `SELECT kind, value FROM token_last_uses WHERE "tokenId" = '${limited.id}' ORDER BY day, value`,
      );
      const addresses = stored.filter(({ kind }) => kind === 'address').map(({ value }) => value);
      expect(addresses).toHaveLength(32);
      expect([addresses[0], addresses.at(-1)]).toEqual(['192.0.2.9', '192.0.2.99']);
      expect(stored.filter(({ kind }) => kind === 'permission').map(({ value }) => value)).toEqual([
        'users:read',
      ]);
    });

    it('are read by the id of their token to delete old addresses', async () => {
      const others = Array.from({ length: 100 }, (_, n) => ({ id: `used-${n}`, user: ADMIN.name }));
      await server.database.execute(
        insertTokens(...others),
        `INSERT INTO token_last_uses ("tokenId", kind, value, "reporterId", day)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100)
         SELECT id, 'address', '192.0.2.' || n, '', n FROM tokens CROSS JOIN numbers WHERE id LIKE 'used-%'`,
        'ANALYZE',
      );
      const use = { day: 20_000, current: null, superseded: null, reported: [], permissions: [] };
      const uses = others
        .slice(0, 10)
        .map(({ id }) => ({ ...use, tokenId: id, addresses: ['198.51.100.1'] }));
      const plan = await server.app.get(Writes, { strict: false }).transaction(async (tx) => {
        const query = jest.spyOn(tx, 'query');
        await server.app.get(TokenLastUsesRepository, { strict: false }).add(uses, tx);
        const [sql, parameters] = query.mock.calls.find(([text]) => text.includes('DELETE'))!;
        const explain = globalThis.DATABASE_KIND === 'postgres' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
        return tx.query<unknown[]>(`${explain} ${sql}`, parameters);
      }, 'none');

      expect(JSON.stringify(plan)).toMatch(/PK_token_last_uses|sqlite_autoindex_token_last_uses/);
      expect(JSON.stringify(plan)).not.toMatch(/Seq Scan on token_last_uses|SCAN token_last_uses/);
      await server.database.execute("DELETE FROM tokens WHERE id LIKE 'used-%'");
    });
  });

  describe('the rows of token usage', () => {
    it('are deleted after 90 days, in batches', async () => {
      const today = Math.floor(NOW / DAY);
      const values = Array.from({ length: 1_200 }, (_, ago) => `('${token.id}', ${today - ago}, 1, 0)`);
      await server.database.execute(
        `INSERT INTO token_usage ("tokenId", day, uses, "supersededUses") VALUES ${values.join(', ')}`,
      );

      await server.app.get(TokenPurge, { strict: false }).purge();

      const [row] = await server.database.query<{ count: unknown }>(
        `SELECT COUNT(*) AS count FROM token_usage WHERE "tokenId" = '${token.id}'`,
      );
      expect(Number(row?.count)).toBe(90);
    });
  });
});
