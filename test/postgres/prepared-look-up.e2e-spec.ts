import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import { type Pool } from 'pg';
import { type DataSource } from 'typeorm';
import { type PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { RevocationListener } from '../../apps/api/src/platform/revocation/revocation-listener.js';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { TransactionPooler } from '../support/database/transaction-pooler.js';
import { createTestDatabase } from '../support/test-database.js';
import { ADMIN, TestServer } from '../support/test-server.js';
import { waitUntil } from '../support/use-replicas.js';

afterEach(() => {
  jest.restoreAllMocks();
});

async function loginTo(server: TestServer): Promise<Headers> {
  return server.client.loginHeaders(ADMIN.name, ADMIN.password);
}

/** Verifies a new token, which is not cached. Returns the status and the names of the prepared statements. */
async function verifyNew(
  server: TestServer,
  asAdmin: Headers,
): Promise<[status: number, ...names: string[]]> {
  const { body: token } = await server.client.createMyToken(asAdmin);
  const { driver } = server.app.get<DataSource>(getDataSourceToken());
  const query = jest.spyOn((driver as PostgresDriver).master as Pool, 'query');
  const { status } = await server.client.verify(tokenHeader(token));
  const names = query.mock.calls.flatMap(([given]) => (given as { name?: string }).name ?? []);
  query.mockRestore();
  return [status, ...names];
}

describe('the database read of a presented token on PostgreSQL', () => {
  let server: TestServer;
  let asAdmin: Headers;

  beforeAll(async () => {
    server = await TestServer.start();
    asAdmin = await loginTo(server);
    await waitUntil(() => server.app.get(RevocationListener).isCurrent);
  });

  afterAll(() => server.remove());

  it('is a prepared statement', async () => {
    expect(await verifyNew(server, asAdmin)).toEqual([200, 'token by digest']);
  });

  it('continues without prepared statements after the type of a column has changed', async () => {
    // Prepares the statement on at least one connection of the pool.
    await verifyNew(server, asAdmin);
    await server.database.execute('ALTER TABLE "users" ALTER COLUMN "name" TYPE varchar(300)');
    const results: [number, ...string[]][] = [];

    for (let count = 0; count < 20; count += 1) {
      results.push(await verifyNew(server, asAdmin));
    }

    expect(new Set(results.map(([status]) => status))).toEqual(new Set([200]));
    expect(results.at(-1)).toEqual([200]);
  });
});

describe('the database read of a presented token behind a pooler in transaction mode', () => {
  it('is not a prepared statement', async () => {
    const database = await createTestDatabase();
    const pooler = await TransactionPooler.open(database.url);
    const server = await TestServer.start({ environment: { DATABASE_URL: pooler.url } });
    try {
      const asAdmin = await loginTo(server);

      expect(await verifyNew(server, asAdmin)).toEqual([200]);
    } finally {
      await server.remove();
      pooler.close();
      await database.drop();
    }
  });
});
