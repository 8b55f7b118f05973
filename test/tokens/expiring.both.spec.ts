import { beforeAll, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { ExpiringTokenMetrics } from '../../apps/api/src/tokens/list/expiring-token-metrics.service.js';
import { TokenFigures } from '../../apps/api/src/tokens/list/token-figures.service.js';
import { RotatedSecretsRepository } from '../../apps/api/src/tokens/model/rotated-secrets.repository.js';
import { ExpiringTokensRepository } from '../../apps/api/src/tokens/warnings/expiring-tokens.repository.js';
import { ADMIN } from '../support/factories.js';
import { insertTokens, type TokenRow } from '../support/token-rows.js';
import { useAdmin, useServer } from '../support/use-server.js';

const DAY = 86_400_000;
const NOW = Date.now();
const isPostgres = globalThis.DATABASE_KIND === 'postgres';

const server = useServer();
const asAdmin = useAdmin(server);

/** API token of the administrator that was used yesterday and expires in two days. */
const used = (id: string, change: Partial<TokenRow> = {}): TokenRow => ({
  id,
  user: ADMIN.name,
  expirationTime: NOW + 2 * DAY,
  lastUsageTime: NOW - DAY,
  ...change,
});

const NOT_COUNTED = [
  used('expires-later', { expirationTime: NOW + 15 * DAY }),
  used('expired', { expirationTime: NOW - DAY }),
  used('without-expiry', { expirationTime: undefined }),
  used('disabled', { enabled: false }),
  used('revoked', { revocationTime: NOW - DAY }),
  used('session', { kind: 'session' }),
  used('unused', { lastUsageTime: undefined }),
  used('unused-for-long', { lastUsageTime: NOW - 31 * DAY }),
];

const series = async () => {
  const { text } = await server.client.request('GET', '/metrics', { headers: asAdmin });
  return text.split('\n').filter((line) => line.startsWith('latchkey_api_tokens_expiring{'));
};

describe('latchkey_api_tokens_expiring', () => {
  beforeAll(async () => {
    await server.database.execute(
      insertTokens(...NOT_COUNTED, used('soon'), used('later', { expirationTime: NOW + 13 * DAY })),
      // Its lifetime is 14 days.
      insertTokens(used('short-lived')),
      `UPDATE tokens SET "lifeStartTime" = ${NOW - 12 * DAY} WHERE id = 'short-lived'`,
    );
  });

  it('counts the tokens in use, apart from those with a short life', async () => {
    await server.app.get(ExpiringTokenMetrics, { strict: false }).runOnce();

    expect(await series()).toEqual([
      'latchkey_api_tokens_expiring{within="3d"} 1',
      'latchkey_api_tokens_expiring{within="14d"} 2',
    ]);
  });

  it('reads them from an index', async () => {
    expect(await planOf(countExpiring)).toContain('IDX_tokens_expiring');
  });

  it('counts a token behind 1,100 unused ones', async () => {
    await insertMany(1_100, 'unused', { expirationTime: NOW + DAY / 2, lastUsageTime: undefined });

    expect(await countExpiring()).toEqual({ '3d': 1, '14d': 2 });
  });

  // PostgreSQL runs the same statement in the other tests.
  if (!isPostgres) {
    it('reads at most 10,000 tokens', async () => {
      await insertMany(9_100, 'many', { expirationTime: NOW + DAY });

      expect(await countExpiring()).toEqual({ '3d': 8_900, '14d': 8_900 });
    });
  }
});

describe('RotatedSecretsRepository', () => {
  it('reads late uses of old secrets from an index', async () => {
    const secrets = server.app.get(RotatedSecretsRepository, { strict: false });

    expect(await planOf(() => secrets.findLateUses(NOW))).toContain('IDX_tokens_previousExpirationTime');
  });
});

describe('ExpiringTokensRepository', () => {
  it('reads the tokens from an index', async () => {
    const tokens = server.app.get(ExpiringTokensRepository, { strict: false });

    const plan = await planOf(() => tokens.find({ expirationTime: NOW, id: '' }, NOW + 30 * DAY));

    expect(plan).toContain('IDX_tokens_expiry');
  });
});

const countExpiring = () => server.app.get(TokenFigures, { strict: false }).countExpiring();

async function insertMany(count: number, name: string, change: Partial<TokenRow>): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => used(`${name}-${index}`, change));
  // SQLite limits the length of a statement.
  for (let start = 0; start < count; start += 1_000) {
    await server.database.execute(insertTokens(...rows.slice(start, start + 1_000)));
  }
}

/** Returns the plan of the statement that an action sends, which must read no table as a whole. */
async function planOf(act: () => Promise<unknown>): Promise<string> {
  const source = server.app.get(Database, { strict: false }).reader;
  const statement = await statementOf(source, act);
  const plan = await source.transaction(async (tx) => {
    if (isPostgres) {
      // It would read so few rows from the table.
      await tx.query('SET LOCAL enable_seqscan = off');
    }
    return tx.query<unknown[]>(
      `EXPLAIN ${isPostgres ? '' : 'QUERY PLAN '}${statement.sql}`,
      statement.parameters,
    );
  });
  expect(JSON.stringify(plan)).not.toMatch(/SCAN (tokens|owner)|Seq Scan/);
  return JSON.stringify(plan);
}

/** Returns the statement that an action sends. */
async function statementOf(source: DataSource, act: () => Promise<unknown>) {
  const { logger } = source;
  const sent: { sql: string; parameters: unknown[] | undefined }[] = [];
  Object.assign(source, {
    logger: { ...logger, logQuery: (sql: string, parameters?: unknown[]) => sent.push({ sql, parameters }) },
  });
  try {
    await act();
  } finally {
    Object.assign(source, { logger });
  }
  const [statement] = sent;
  if (!statement) {
    throw new Error('No statement was sent');
  }
  return statement;
}
