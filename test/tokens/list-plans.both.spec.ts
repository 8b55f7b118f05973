import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  TOKEN_SORT_FIELDS,
  TOKEN_STATES,
  type SortField,
  type TokenFilterDto,
  type TokenSortField,
} from '@latchkey/auth-models';
import { type DataSource } from 'typeorm';
import { type Database } from '../../apps/api/src/platform/database/database.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { Metrics } from '../../apps/api/src/platform/metrics/metrics.service.js';
import { Token } from '../../apps/api/src/tokens/model/token.entity.js';
import { TokenListRepository } from '../../apps/api/src/tokens/list/token-list.repository.js';
import { insertManyTokens, insertTokens } from '../support/token-rows.js';
import { openDatabase } from '../support/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const isPostgres = globalThis.DATABASE_KIND === 'postgres';
const NEWEST: SortField<TokenSortField>[] = [{ field: 'creationTime', isDescending: true }];

let files: TestDatabase;
let database: Database;
let source: DataSource;
let list: TokenListRepository;

beforeAll(async () => {
  files = await createTestDatabase();
  database = await openDatabase(files);
  source = database.reader;
  list = new TokenListRepository(source.getRepository(Token), new Writes(database, new Metrics()));
  await files.execute(
    insertManyTokens({ users: 100, tokens: 2_500 }),
    `INSERT INTO "roles" ("name", "description", "permissions", "creationTime") VALUES ('rare', '', '+orders:read', 0)`,
    `INSERT INTO "user_roles" ("userId", "roleName") SELECT "id", 'user' FROM "users" WHERE "name" LIKE 'many-%'`,
    `INSERT INTO "user_roles" ("userId", "roleName") SELECT "id", 'rare' FROM "users" WHERE "name" = 'many-1'`,
    ...(isPostgres ? ['ANALYZE'] : []),
  );
});

afterAll(async () => {
  await database.close();
  await files.drop();
});

const pageBy = (sort: SortField<TokenSortField>[]) => ({ page: 1, offset: 0, size: 25, sort });
const select = (filter: TokenFilterDto, userId?: string) => ({
  filter,
  userId,
  hidesProfiles: false,
  now: Date.now(),
});

/** Returns the query plan of a query that an action sends, the last one by default. */
async function planOf(work: () => Promise<unknown>, statement = -1): Promise<string> {
  const [sql, parameters] = await statementOf(work, statement);
  const rows = await source.query<Record<string, unknown>[]>(
    `${isPostgres ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN'} ${sql}`,
    parameters,
  );
  return rows.map((row) => String(row.detail ?? row['QUERY PLAN'])).join('\n');
}

/** Returns how often a plan reads the table of tokens, by any access method. */
const readingsOf = (plan: string) => plan.match(/(Scan.* on tokens|SCAN|SEARCH) token /g)?.length;

async function statementOf(
  work: () => Promise<unknown>,
  statement = -1,
): Promise<[string, unknown[] | undefined]> {
  const { logger } = source;
  const sent: [string, unknown[] | undefined][] = [];
  source.logger = Object.assign(Object.create(logger) as typeof logger, {
    logQuery: (sql: string, parameters?: unknown[]) => /^SELECT/.test(sql) && sent.push([sql, parameters]),
  });
  await work();
  source.logger = logger;
  return sent.at(statement) ?? ['', []];
}

const FILTERS: TokenFilterDto[] = [
  {},
  { state: 'active,expiring,pending,expired,disabled,revoked' },
  { kind: 'api' },
  { enabled: false },
  { state: 'expiring' },
  { unusedSinceDays: 30 },
  { neverUsed: true },
  { noExpiry: true },
  { ownerDisabled: true },
  { inGrace: true },
  { leaked: true },
  { acknowledged: false },
  { unusedPermissions: true },
  { verifying: true },
  { descendantOf: 'token' },
  { q: 'backup' },
  { permission: 'orders:read' },
  { createdFrom: '2026-01-01T00:00:00Z', lastUsedTo: '2026-01-01T00:00:00Z' },
  { expiresFrom: '2026-01-01T00:00:00Z', expiresTo: '2026-01-01T00:00:00Z' },
];

describe('a list of all tokens', () => {
  it.each(FILTERS)('filtered by %j has a statement without conditions of other filters', async (filter) => {
    const [sql] = await statementOf(() => list.count(select(filter)));

    expect(sql).not.toMatch(/CAST\(\S+ AS \w+\) IS NULL/);
  });

  it.each(TOKEN_SORT_FIELDS)('sorted by %s is read once by each statement', async (field) => {
    const page = { ...pageBy([{ field, isDescending: true }]), page: 2, offset: 25 };
    const plan = await planOf(() => list.findPage(select({}), page));

    expect(readingsOf(plan)).toBe(1);
    // PostgreSQL scans the table, unless an index has the order.
    const read = isPostgres ? /Scan .*on tokens/ : /SEARCH token USING COVERING INDEX IDX_tokens_list/;
    expect(plan).toMatch(read);
  });

  if (isPostgres) {
    it('has the page and the total of one moment', async () => {
      const page = { ...pageBy([{ field: 'creationTime', isDescending: false }]), page: 90, offset: 2_225 };
      const all = select({ state: TOKEN_STATES.join() });
      const before = await list.findPage(all, page);
      jest.spyOn(TokenListRepository.prototype, 'count').mockImplementationOnce(async function (
        this: TokenListRepository,
        selection,
      ) {
        const total = await this.count(selection);
        await files.execute(insertTokens({ id: 'new', user: 'many-1' }));
        return total;
      });

      expect(await list.findPage(all, page)).toEqual(before);
      expect(await list.findPage(all, page)).toEqual([before[0], before[1] + 1]);
      await files.execute("DELETE FROM tokens WHERE id = 'new'");
    });
  }

  it('reads the first page in the order of creation from its index', async () => {
    const plan = await planOf(() => list.findPage(select({}), pageBy(NEWEST)));

    // PostgreSQL scans a table this small.
    expect(plan).toContain(isPostgres ? 'Limit' : 'SCAN token USING INDEX IDX_tokens_creationTime');
  });

  it('finds acknowledged tokens by their index', async () => {
    const plan = await planOf(() => list.count(select({ acknowledged: false })));

    expect(plan).toMatch(isPostgres ? /SubPlan/ : 'SEARCH known USING INDEX IDX_tokens_acknowledged');
  });

  it('finds the tokens with a permission by the few users whose roles grant it', async () => {
    const selection = { ...select({ permission: 'orders:read' }), grantingRoles: ['rare'] };
    const plan = await planOf(() => list.count(selection));

    expect(plan).toContain(
      isPostgres ? 'Index Scan on "IDX_tokens_userId"' : 'SEARCH held USING INDEX IDX_user_roles_roleName',
    );
    expect(plan).not.toMatch(/SCAN (owner|token|held)|Seq Scan on tokens/);
  });

  it('is counted by the index alone', async () => {
    const plan = await planOf(() => list.count(select({})));

    expect(plan).toContain(isPostgres ? 'Aggregate' : 'SEARCH token USING COVERING INDEX IDX_tokens_list');
  });
});

describe('the ids of all tokens', () => {
  it.each([{}, { kind: 'api' } as const])(
    'filtered by %j are the same in parts as from one statement',
    async (filter) => {
      const parts: string[][] = [];
      for await (const part of list.findIdsByCreation(select(filter))) {
        parts.push(part);
      }

      expect(parts).toHaveLength(2);
      expect(parts.flat()).toEqual(await list.findIds(select(filter), NEWEST));
    },
  );
});

describe("a list of one user's tokens", () => {
  it.each(FILTERS)('filtered by %j has the same statement', async (filter) => {
    const statement = (dto: TokenFilterDto) => statementOf(() => list.count(select(dto, 'user-1')));

    expect((await statement(filter))[0]).toBe((await statement({}))[0]);
  });

  it('is read by the index on the user', async () => {
    const page = await planOf(() => list.findIds(select({ q: 'backup' }, 'user-1'), NEWEST));
    const count = await planOf(() => list.count(select({}, 'user-1')));

    const index = isPostgres
      ? /IDX_tokens_userId/
      : /SEARCH token USING (COVERING INDEX IDX_tokens_list|INDEX IDX_tokens_userId) \(userId=\?/;
    expect(page).toMatch(index);
    expect(count).toMatch(index);
  });

  it.each(['findPage', 'count'] as const)('reads no other user for a search text: %s', async (method) => {
    const plan = await planOf(() => list[method](select({ q: 'backup' }, 'user-1'), pageBy(NEWEST)));

    // PostgreSQL scans a table this small, except for the row of the user.
    const scans = plan.match(/(Seq Scan on users|SCAN (named|owner|users)).*(\n +Filter: .*)?/g) ?? [];
    expect(scans.filter((scan) => !scan.includes("id)::text = 'user-1'"))).toEqual([]);
  });
});

describe('the rows of a page', () => {
  it('are read by their ids', async () => {
    const plan = await planOf(() => list.findByIds(['a', 'b', 'c']));

    expect(plan).toMatch(isPostgres ? 'PK_tokens' : /SEARCH \w+ USING INDEX sqlite_autoindex_tokens_\d/);
    expect(plan).not.toMatch(/^SCAN token|Seq Scan on tokens/m);
  });
});
