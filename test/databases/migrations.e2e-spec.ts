import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../apps/api/src/platform/database/migrations/index.js';
import { openDatabase } from '../support/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

type Row = Record<string, unknown>;

/** Rows that each table is given when a migration has made it; a later migration must keep them. Parents come first. */
const ROWS: Record<string, Row[]> = {
  roles: [{ name: 'helpdesk', description: 'Helps.', permissions: 'users:read', creationTime: 1 }],
  users: [
    { id: 'user-1', name: 'anne', kind: 'human', passwordHash: '$argon2id$x', creationTime: 1 },
    { id: 'user-2', name: 'bert', kind: 'service', setUpDigest: 'digest', creationTime: 2_000_000_000_000 },
  ],
  user_roles: [
    { userId: 'user-1', roleName: 'helpdesk' },
    { userId: 'user-1', roleName: 'user' },
    { userId: 'user-2', roleName: 'user' },
  ],
  tokens: [token('token-1', 'user-1'), token('token-2', 'user-1'), token('token-3', 'user-2')],
  login_days: [{ day: 20_000, successes: 7, unknownNameFailures: 3_000_000_000 }],
  token_ancestors: [{ tokenId: 'token-2', ancestorId: 'token-1', ancestorUserId: 'user-1' }],
  token_usage: [{ tokenId: 'token-1', day: 20_000, uses: 1, supersededUses: 0 }],
  audit_event_subjects: [
    { sequence: 1, id: 'user-1', name: 'anne' },
    { sequence: 1, id: 'token-1' },
  ],
  audit_events: [
    {
      id: 'event-1',
      sequence: 1,
      time: 1,
      subjectKind: 'user',
      subjectName: 'anne',
      action: 'user_created',
      outcome: 'success',
      keyId: 'key',
      previousMac: '',
      mac: 'mac',
    },
  ],
};

let database: TestDatabase;
let source: DataSource;
let isOpen = false;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  await close();
  await database.drop();
});

describe('each migration', () => {
  it('keeps the rows of earlier migrations', async () => {
    const kept = new Map<string, Row[]>();
    for (let count = 1; count <= MIGRATIONS.length; count += 1) {
      await migrateTo(count);
      for (const [table, rows] of kept) {
        expect(await rowsOf(table)).toMatchObject(rows);
      }
      for (const table of await fillNewTables(kept)) {
        kept.set(table, await rowsOf(table));
      }
    }

    expect([...kept.keys()].sort()).toEqual(Object.keys(ROWS).sort());
    expect(kept.get('user_roles')).toHaveLength(3);
    expect(kept.get('tokens')).toHaveLength(3);
  });

  it('sets the lifetime of existing tokens', async () => {
    await migrateTo(countBefore('AddTokenLifeStart'));
    await fillNewTables(new Map());

    await migrateTo(countBefore('AddTokenLifeStart') + 1);

    const rows = await rowsOf('tokens');
    expect(rows.map(({ lifeStartTime }) => Number(lifeStartTime))).toEqual([1, 1, 1]);
  });

  it('sets the expiry limit and the ancestors of existing tokens, as far as known', async () => {
    await migrateTo(countBefore('AddTokenMaxExpiration'));
    const kind = 'api';
    const made = [
      { ...token('root', 'user-1'), kind, expirationTime: 90 },
      { ...token('endless', 'user-1'), kind },
      { ...token('child', 'user-2'), kind, parentTokenId: 'root', expirationTime: 50 },
      { ...token('later', 'user-2'), kind, parentTokenId: 'child', expirationTime: 70 },
      { ...token('free', 'user-2'), kind, parentTokenId: 'endless', expirationTime: 50 },
      { ...token('of session', 'user-2'), kind, parentTokenId: 'token-1', expirationTime: 50 },
      { ...token('orphan', 'user-2'), kind, parentTokenId: 'gone', expirationTime: 50 },
    ];
    await fillNewTables(new Map(), { ...ROWS, tokens: [token('token-1', 'user-1'), ...made] });

    await migrateTo(MIGRATIONS.length);

    const bounds = (await rowsOf('tokens')).map(({ id, maxExpirationTime }) => [id, maxExpirationTime]);
    expect(bounds.filter(([, bound]) => bound !== null).map(([id, bound]) => [id, Number(bound)])).toEqual([
      ['child', 90],
      ['later', 70],
    ]);
    const links = await rowsOf('token_ancestors');
    expect(links.map((link) => Object.values(link).join(' < ')).sort()).toEqual([
      'child < root < user-1',
      'free < endless < user-1',
      'later < child < user-2',
      'later < root < user-1',
      'of session < token-1 < user-1',
      'orphan < gone < ',
    ]);
  });

  it('sets the skeletons of existing names, for the first of similar ones', async () => {
    await migrateTo(countBefore('AddNameSkeletons'));
    const user = (id: string, name: string, creationTime: number) => ({
      id,
      name,
      kind: 'human',
      creationTime,
    });
    const users = [
      user('3', 'adrnin', 30),
      user('1', 'admin', 10),
      user('2', 'scope', 20),
      user('4', 'ѕсоре', 40),
      ...Array.from({ length: 450 }, (_, index) => user(`many-${index}`, `many-${index + 200}`, 50)),
    ];
    await fillNewTables(new Map(), { users });

    await migrateTo(MIGRATIONS.length);

    const skeletons = new Map((await rowsOf('users')).map(({ id, skeleton }) => [id, skeleton]));
    expect(['1', '2', '3', '4'].map((id) => skeletons.get(id))).toEqual(['adrnin', 'scope', null, null]);
    expect([...skeletons.values()].filter((skeleton) => skeleton === null)).toHaveLength(2);
  });

  it('can be reverted, and keeps the rows of earlier migrations', async () => {
    await migrateTo(MIGRATIONS.length);
    await fillNewTables(new Map());

    for (let count = MIGRATIONS.length - 1; count >= 0; count -= 1) {
      const before = await allRows();
      await source.undoLastMigration({ transaction: 'each' });
      const after = await allRows();

      for (const [table, rows] of Object.entries(after)) {
        expect(before[table]).toMatchObject(rows);
      }
    }

    expect(await tables()).toEqual([]);
  });

  it('can be reverted and repeated, with the same tables as a result', async () => {
    await migrateTo(MIGRATIONS.length);
    await fillNewTables(new Map());
    const made = await shapes();
    for (let count = MIGRATIONS.length; count > 0; count -= 1) {
      await source.undoLastMigration({ transaction: 'each' });
    }

    await source.runMigrations({ transaction: 'each' });

    expect(await shapes()).toEqual(made);
    expect(made.length).toBeGreaterThan(50);
    expect((await rowsOf('roles')).map(({ name }) => name)).toEqual(['admin', 'auditor', 'user']);
  });

  it('runs once', async () => {
    await migrateTo(MIGRATIONS.length);

    expect(await source.runMigrations({ transaction: 'each' })).toEqual([]);
  });
});

describe('the migrated tables', () => {
  it('match the entities', async () => {
    const opened = await openDatabase(database);
    try {
      const { upQueries } = await opened.writer.driver.createSchemaBuilder().log();

      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await opened.close();
    }
  });

  it('delete the rows of a user with the user, and protect a role that is held', async () => {
    await migrateTo(MIGRATIONS.length);
    await fillNewTables(new Map());

    await source.query(`DELETE FROM users WHERE id = 'user-1'`);

    expect((await rowsOf('tokens')).map(({ id }) => id)).toEqual(['token-3']);
    expect(await rowsOf('user_roles')).toHaveLength(1);
    expect(await rowsOf('audit_events')).toHaveLength(1);
    await expect(source.query(`DELETE FROM roles WHERE name = 'user'`)).rejects.toThrow(/foreign key/i);
  });
});

/** How many migrations there are before this one. */
function countBefore(name: string): number {
  return MIGRATIONS.findIndex((migration) => migration.name.startsWith(name));
}

/** Runs the first migrations, as many as are asked for. */
async function migrateTo(count: number): Promise<void> {
  await close();
  const migrations = MIGRATIONS.slice(0, count);
  source = new DataSource(
    database.url.startsWith('sqlite:')
      ? {
          type: 'better-sqlite3',
          database: database.url.replace('sqlite:', ''),
          migrations,
          prepareDatabase: (opened: { pragma(text: string): unknown }) =>
            void opened.pragma('foreign_keys = ON'),
        }
      : { type: 'postgres', url: database.url, migrations },
  );
  await source.initialize();
  isOpen = true;
  await source.runMigrations({ transaction: 'each' });
}

async function close(): Promise<void> {
  if (isOpen) {
    isOpen = false;
    await source.destroy();
  }
}

/** Fills each table that has just been made, and returns their names. */
async function fillNewTables(kept: Map<string, Row[]>, all = ROWS): Promise<string[]> {
  const present = await tables();
  const fresh = Object.keys(all).filter((table) => present.includes(table) && !kept.has(table));
  for (const table of fresh) {
    for (const row of all[table] ?? []) {
      await source.createQueryBuilder().insert().into(table).values(row).execute();
    }
  }
  return fresh;
}

async function tables(): Promise<string[]> {
  const rows = await source.query<{ name: string }[]>(
    source.options.type === 'postgres'
      ? `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`
      : `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`,
  );
  return rows
    .map(({ name }) => name)
    .filter((name) => name !== 'migrations')
    .sort();
}

/** Every column and index of every table, as texts. */
async function shapes(): Promise<string[]> {
  const runner = source.createQueryRunner();
  const made = await runner.getTables(await tables());
  await runner.release();
  return made
    .flatMap(({ name, columns, indices, foreignKeys }) => [
      ...columns.map(
        (column) => `${name} ${column.name} ${column.type} ${column.isNullable} ${String(column.default)}`,
      ),
      ...indices.map((index) => `${name} ${index.name} ${index.columnNames.join()} ${index.isUnique}`),
      ...foreignKeys.map((key) => `${name} ${key.name} ${key.onDelete}`),
    ])
    .sort();
}

async function rowsOf(table: string): Promise<Row[]> {
  const rows = await source.query<Row[]>(`SELECT * FROM "${table}"`);
  return rows.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

async function allRows(): Promise<Record<string, Row[]>> {
  const all: Record<string, Row[]> = {};
  for (const table of await tables()) {
    all[table] = await rowsOf(table);
  }
  return all;
}

function token(id: string, userId: string): Row {
  return {
    id,
    userId,
    kind: 'session',
    preview: 'lk_…',
    digest: `digest of ${id}`,
    creationTime: 1,
    stampTime: 1,
  };
}
