import { AsyncLocalStorage } from 'node:async_hooks';
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

/** The verification that the current code runs for. Background jobs run for none. */
const verification = new AsyncLocalStorage<object>();

/** Returns the statements of one verification, and the number that the ORM built. */
async function verifyOnce(headers = asAdmin) {
  const current = {};
  const statements: string[] = [];
  const isOwn = () => verification.getStore() === current;
  const note = (text: string) => void (isOwn() && statements.push(text));
  let built = 0;

  const http = server.app.getHttpServer();
  before(http, 'emit', (event) => event === 'request' && verification.enterWith(current));
  before(source, 'query', note);
  before(source.manager, 'createQueryBuilder', () => (built += Number(isOwn())));
  const reader: object = server.app.get(PresentedTokenReader, { strict: false });
  for (const { statement } of [(reader as Prepared).current, (reader as Prepared).superseded]) {
    if (statement) {
      before(statement, 'get', () => note(statement.source));
    }
  }
  const { master: pool } = source.driver as { master?: Pool };
  if (pool) {
    before(pool, 'query', ({ text }: { text: string }) => note(text));
  }
  try {
    const { status } = await server.client.verify(headers);
    return { status, statements, built };
  } finally {
    jest.restoreAllMocks();
  }
}

/** Calls a function with the first argument of each call of a method, before the method. */
function before<Target extends object>(
  target: Target,
  method: keyof Target,
  act: (argument: never) => unknown,
): void {
  const methods = target as Record<keyof Target, (...args: unknown[]) => unknown>;
  const original = methods[method];
  jest.spyOn(methods, method as never).mockImplementation((...args: unknown[]) => {
    act(args[0] as never);
    return original.apply(target, args);
  });
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
