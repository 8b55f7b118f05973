import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from '#sqlite';
import { DataSource, type Table } from 'typeorm';
import { MIGRATIONS, type SchemaMigration } from '../../apps/api/src/platform/database/migrations/index.js';
import { openDatabase } from '../support/database/open-database.js';
import { restrictionsBetween } from './schema-restrictions.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

type Row = Record<string, unknown>;

/**
 * Rows inserted into each table once a migration has created it. Later migrations must keep them. Parents
 * come first.
 */
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
  login_networks: [{ userId: 'user-1', network: '192.0.2.0/24', day: 20_000 }],
  tokens: [token('token-1', 'user-1'), token('token-2', 'user-1'), token('token-3', 'user-2')],
  apis: [{ name: 'orders', description: '', permissions: '[]', creationTime: 1 }],
  token_apis: [{ tokenId: 'token-1', api: 'orders' }],
  token_templates: [{ name: 'backup', description: '', expiresIn: 3_000_000_000, creationTime: 1 }],
  offers: [
    {
      id: 'offer-1',
      userId: 'user-2',
      creatorId: 'user-1',
      creatorName: 'anne',
      digest: 'digest-1',
      token: '{}',
      state: 'offered',
      creationTime: 1,
      expirationTime: 2_000_000_000_000,
    },
  ],
  token_last_uses: [
    {
      tokenId: 'token-1',
      kind: 'address',
      value: '192.0.2.1',
      reporterId: 'user-2',
      reporter: 'orders (bert)',
      day: 20_000,
    },
  ],
  verifiers: [
    {
      id: 'verifier-1',
      userId: 'user-2',
      tokenId: 'token-1',
      name: 'orders',
      address: '192.0.2.1',
      report: 1,
      startTime: 1,
      reportTime: 2_000_000_000_000,
      local: 3_000_000_000,
      asked: 1,
    },
  ],
  rotated_secrets: [
    {
      digest: 'digest-1',
      tokenId: 'token-1',
      version: 1,
      rotationTime: 2_000_000_000_000,
      nextDigest: 'digest-2',
      rotatorTokenId: 'token-2',
    },
  ],
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
  database = await createTestDatabase({ isEmpty: true });
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

describe('servers of the previous release', () => {
  it('can run beside each migration, except for what it contracts', async () => {
    for (const [count, Migration] of MIGRATIONS.entries()) {
      await migrateTo(count);
      const before = await tableShapes();
      await migrateTo(count + 1);

      const { contracts = [] }: SchemaMigration = new Migration();
      expect({
        migration: Migration.name,
        restricts: restrictionsBetween(before, await tableShapes()),
      }).toEqual({ migration: Migration.name, restricts: [...contracts].sort() });
    }
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

  it('reject numbers of audit entries that the server never assigns', async () => {
    await migrateTo(MIGRATIONS.length);
    await fillNewTables(new Map());

    for (const sequence of ['0', '-1', '9007199254740992']) {
      await expect(source.query(`UPDATE "audit_events" SET "sequence" = ${sequence}`)).rejects.toThrow(
        /CHK_audit_events_sequence/,
      );
    }
  });
});

/** Runs the first `count` migrations. */
async function migrateTo(count: number): Promise<void> {
  await close();
  const migrations = MIGRATIONS.slice(0, count);
  source = new DataSource(
    database.url.startsWith('sqlite:')
      ? {
          type: 'better-sqlite3',
          driver: Database,
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

/** Inserts rows into each new table and returns the names of these tables. */
async function fillNewTables(kept: Map<string, Row[]>): Promise<string[]> {
  const present = await tables();
  const fresh = Object.keys(ROWS).filter((table) => present.includes(table) && !kept.has(table));
  for (const table of fresh) {
    for (const row of ROWS[table] ?? []) {
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

/** Returns the tables with their columns, indexes and keys. */
async function tableShapes(): Promise<Table[]> {
  const runner = source.createQueryRunner();
  const found = await runner.getTables(await tables());
  await runner.release();
  return found;
}

async function rowsOf(table: string): Promise<Row[]> {
  const stored = await source.query<Row[]>(`SELECT * FROM "${table}"`);
  // The driver of PostgreSQL returns integers of 64 bits as texts.
  const rows = stored.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, /^\d+$/.test(String(value)) ? Number(value) : value]),
    ),
  );
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
    preview: 'latchkey_…',
    digest: `digest of ${id}`,
    creationTime: 1,
    stamp: 1,
  };
}
