import { describe, expect, it } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import { type DataSource } from 'typeorm';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

/** Returns the texts of all statements during an action, on both connections. */
async function textsOf(work: () => Promise<unknown>): Promise<string[]> {
  const reader = server.app.get<DataSource>(getDataSourceToken());
  const { writer } = server.app.get(Database);
  const sent: string[] = [];
  const restore = [...new Set([reader, writer])].map((source) => {
    const { logger } = source;
    source.logger = Object.assign(Object.create(logger) as typeof logger, {
      logQuery: (sql: string) => void sent.push(sql),
    });
    return () => (source.logger = logger);
  });
  await work();
  restore.forEach((undo) => undo());
  // Not part of requests: the writes of last uses, and the check of the write-ahead log after a commit.
  return [...new Set(sent)]
    .filter(
      (sql) => !/lastUsage|FROM "tokens" "row".* FOR UPDATE|total_changes|TRANSACTION|COMMIT/s.test(sql),
    )
    .sort();
}

/**
 * Compares the texts of two actions. Background jobs can send a statement at any time, so a difference counts
 * only if it appears three times.
 */
async function compareTexts(
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<'the same' | string[]> {
  let difference: string[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const [one, other] = [await textsOf(first), await textsOf(second)];
    difference = [...one.filter((sql) => !other.includes(sql)), ...other.filter((sql) => !one.includes(sql))];
    if (difference.length === 0) {
      return 'the same';
    }
  }
  return difference;
}

describe('the SQL statements of a request', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a login', () => server.client.login('admin', 'wrong')],
    ['a bump', () => server.client.bump(asAdmin)],
    ['a list', () => server.client.tokens(asAdmin, '?unusedSinceDays=3')],
    ['a new user', () => server.client.createUser(newUser({ password: PASSWORD }), asAdmin)],
  ])('have the same text each time: %s', async (_, work) => {
    await work();

    // Each new text would be prepared, and stay in the cache of prepared statements.
    expect(await compareTexts(work, work)).toBe('the same');
  });

  it('have the same text on each page of a token list', async () => {
    const page = (number: number) => () => server.client.tokens(asAdmin, `?size=1&page=${number}`);

    expect(await compareTexts(page(1_000), page(1_001))).toBe('the same');
  });
});
