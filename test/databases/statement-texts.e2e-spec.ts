import { describe, expect, it } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import { type DataSource } from 'typeorm';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { PASSWORD, newUser } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

/** The texts of all statements that the work sends, on the connection that reads and the one that writes. */
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
  // The last uses of tokens are written beside the requests, and SQLite checks its log after each commit.
  return [...new Set(sent)]
    .filter(
      (sql) => !/lastUsage|FROM "tokens" "row".* FOR UPDATE|total_changes|TRANSACTION|COMMIT/s.test(sql),
    )
    .sort();
}

describe('the SQL statements of a request', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a log-in', () => server.client.login('admin', 'wrong')],
    ['a bump', () => server.client.bump(asAdmin)],
    ['a list', () => server.client.tokens(asAdmin, '?unusedSinceDays=3')],
    ['a new user', () => server.client.createUser(newUser({ password: PASSWORD }), asAdmin)],
  ])('have the same text each time: %s', async (_, work) => {
    await work();

    // A text that is not the same is prepared anew, and kept.
    expect(await textsOf(work)).toEqual(await textsOf(work));
  });

  it('have the same text on each page of a token list', async () => {
    const page = (number: number) => textsOf(() => server.client.tokens(asAdmin, `?size=1&page=${number}`));

    expect(await page(1_000)).toEqual(await page(1_001));
  });
});
