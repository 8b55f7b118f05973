import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import { type Pool } from 'pg';
import { type DataSource } from 'typeorm';
import { type PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ADMIN, TestServer } from '../support/test-server.js';

/**
 * Verifies a new token, which is not cached. Returns the status, and how often a prepared statement was
 * executed.
 */
async function verifyNew(
  server: TestServer,
  asAdmin: Headers,
): Promise<[status: number, executions: number]> {
  const { body: token } = await server.client.createMyToken(asAdmin);
  const { driver } = server.app.get<DataSource>(getDataSourceToken());
  const query = jest.spyOn((driver as PostgresDriver).master as Pool, 'query');
  const { status } = await server.client.verify(tokenHeader(token));
  const names = query.mock.calls.flatMap(([given]) => (given as { name?: string }).name ?? []);
  query.mockRestore();
  return [status, names.length];
}

/** `LATCHKEY_TOKEN_CACHE_SECONDS`: 0 disables the cache, which needs the prepared statement most. */
describe.each(['2', '0'])('the database read of a presented token with a cache of %s s', (seconds) => {
  let server: TestServer;
  let asAdmin: Headers;

  beforeEach(async () => {
    server = await TestServer.start({
      environment: { LATCHKEY_TOKEN_CACHE_SECONDS: seconds, LATCHKEY_DATABASE_POOL: '1' },
    });
    asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await server.remove();
  });

  it('is a prepared statement', async () => {
    expect(await verifyNew(server, asAdmin)).toEqual([200, 1]);
  });

  it.each([
    ['the type of a column has changed', 'ALTER TABLE "users" ALTER COLUMN "name" TYPE varchar(300)'],
    ['a pooler has given it another connection', 'DEALLOCATE ALL'],
  ])('continues without prepared statements after %s', async (_, statement) => {
    await verifyNew(server, asAdmin);
    await server.app.get<DataSource>(getDataSourceToken()).query(statement);

    // The first read tries the prepared statement.
    const [status] = await verifyNew(server, asAdmin);
    expect([status, ...(await verifyNew(server, asAdmin))]).toEqual([200, 200, 0]);

    expect(server.log.split('could not run a prepared statement')).toHaveLength(2);
  });
});
