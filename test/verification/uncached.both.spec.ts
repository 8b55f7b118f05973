import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import { type Pool } from 'pg';
import { type DataSource } from 'typeorm';
import { type Statement } from '#sqlite';
import { PresentedTokenReader } from '../../apps/api/src/tokens/cache/presented-token-reader.service.js';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ADMIN, TestServer } from '../support/test-server.js';

/** Prepared statements of {@link PresentedTokenReader} on SQLite. */
type Prepared = Record<'current' | 'superseded', { statement?: Statement }>;

let server: TestServer;
let source: DataSource;
let asAdmin: Headers;

beforeAll(async () => {
  server = await TestServer.start({ environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '0' } });
  source = server.app.get<DataSource>(getDataSourceToken());
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterAll(() => server.remove());

/**
 * Returns the statements of one verification, and the number that the ORM built. Background jobs can send a
 * statement at any time, so this is the shortest of three.
 */
async function verifyOnce(headers = asAdmin) {
  const runs = [await record(headers), await record(headers), await record(headers)];
  return runs.reduce((least, run) => (run.statements.length < least.statements.length ? run : least));
}

async function record(headers: Headers) {
  const query = jest.spyOn(source, 'query');
  const reader: object = server.app.get(PresentedTokenReader, { strict: false });
  const { current, superseded } = reader as Prepared;
  const gets = [current, superseded].flatMap(({ statement }) => statement && jest.spyOn(statement, 'get'));
  const pool = (source.driver as { master?: Pool }).master;
  const prepared = pool && jest.spyOn(pool, 'query');
  const built = jest.spyOn(source.manager, 'createQueryBuilder');
  try {
    const { status } = await server.client.verify(headers);
    const named = (prepared?.mock.calls ?? []) as unknown as [{ name?: string; text: string }][];
    const statements = [
      ...gets.flatMap((get) => (get?.mock.contexts ?? []) as Statement[]).map(({ source: text }) => text),
      ...named.filter(([{ name }]) => name !== undefined).map(([{ text }]) => text),
      ...query.mock.calls.map(([sql]) => sql),
    ];
    return { status, statements, built: built.mock.calls.length };
  } finally {
    query.mockRestore();
    gets.forEach((get) => get?.mockRestore());
    prepared?.mockRestore();
    built.mockRestore();
  }
}

describe('the database read of a presented token', () => {
  it('is one statement with a fixed text, and creates no entity', async () => {
    const first = await verifyOnce();
    const second = await verifyOnce();

    expect(first).toMatchObject({ status: 200, built: 0 });
    expect(first.statements).toHaveLength(1);
    expect(second.statements).toEqual(first.statements);
  });

  it('uses the unique index on the digest', async () => {
    const { statements } = await verifyOnce();

    const plan = await explain(statements[0] ?? '');

    expect(plan).toContain('IDX_tokens_digest');
    expect(plan).not.toMatch(/^\W*SCAN|Seq Scan/im);
  });

  it('is followed by a second one by index for an unknown secret, which finds superseded ones', async () => {
    const { body: token } = await server.client.createMyToken(asAdmin);
    await server.client.rotateToken(token.id, asAdmin, { gracePeriodSeconds: 60 });

    const { status, statements, built } = await verifyOnce(tokenHeader(token));

    // On SQLite the fast path reads first, and leaves unknown secrets to the route.
    const isSqlite = globalThis.DATABASE_KIND === 'sqlite';
    expect([status, statements.length, built]).toEqual([200, isSqlite ? 3 : 2, 0]);
    const plan = await explain(statements.at(-1) ?? '');
    expect(plan).toContain('IDX_tokens_previousDigest');
    expect(plan).not.toMatch(/^\W*SCAN|Seq Scan/im);
  });
});

/** Returns the query plan of a statement with one parameter. */
async function explain(statement: string): Promise<string> {
  const runner = source.createQueryRunner();
  try {
    if (source.options.type === 'postgres') {
      // A table this small is always scanned. This shows the plan for a large one.
      await runner.query('SET enable_seqscan = off');
    }
    const explained = source.options.type === 'postgres' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
    const rows = (await runner.query(`${explained} ${statement}`, ['x'])) as Record<string, unknown>[];
    return rows.map((row) => String(row.detail ?? row['QUERY PLAN'])).join('\n');
  } finally {
    await (source.options.type === 'postgres' && runner.query('RESET enable_seqscan'));
    await runner.release();
  }
}
