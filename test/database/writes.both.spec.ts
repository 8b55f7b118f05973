import { type FileHandle } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { types } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Role } from '../../apps/api/src/permissions/roles/role.entity.js';
import { UserRole } from '../../apps/api/src/permissions/roles/user-role.entity.js';
import { type Database } from '../../apps/api/src/platform/database/database.js';
import {
  codeOf,
  isUniqueViolation,
  translateDriverError,
} from '../../apps/api/src/platform/database/driver-errors.js';
import { insertRow, returning, run } from '../../apps/api/src/platform/database/queries/fixed-statements.js';
import { Writes, type WriteTransaction } from '../../apps/api/src/platform/database/writes.service.js';
import { Metrics } from '../../apps/api/src/platform/metrics/metrics.service.js';
import { failNextCommit } from '../support/database/fail-next-commit.js';
import { openDatabase } from '../support/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let testDatabase: TestDatabase;
let database: Database;
let writes: Writes;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase);
  writes = new Writes(database, new Metrics());
});

afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

const role = (name: string) => ({
  name,
  description: 'A label.',
  permissions: '',
  isBuiltIn: false,
  creationTime: 1,
  version: 0,
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Inserts two roles with an asynchronous step in between, like a service. */
async function insertTwo(index: number, tx: WriteTransaction): Promise<void> {
  await tx.insert(Role, role(`a-${index}`));
  await pause();
  await tx.insert(Role, role(`b-${index}`));
}

/** Returns the names of the roles that a later reader finds, without the built-in ones. */
async function stored(): Promise<string[]> {
  const rows = await testDatabase.query<{ name: string }>("SELECT name FROM roles WHERE name LIKE '%-%'");
  return rows.map(({ name }) => name).sort();
}

const INDICES = Array.from({ length: 100 }, (_, index) => index);

describe('Writes.transaction', () => {
  it('succeeds 100 times in parallel', async () => {
    await Promise.all(INDICES.map((index) => writes.transaction((tx) => insertTwo(index, tx))));

    expect(await stored()).toEqual(INDICES.flatMap((index) => [`a-${index}`, `b-${index}`]).sort());
  });

  it('commits no rows of failed parallel transactions', async () => {
    const outcomes = await Promise.allSettled(
      INDICES.map((index) =>
        writes.transaction(async (tx) => {
          await insertTwo(index, tx);
          if (index % 3 === 0) {
            throw new Error('This one fails');
          }
        }),
      ),
    );

    const written = INDICES.filter((index) => index % 3 !== 0);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(written.length);
    expect(await stored()).toEqual(written.flatMap((index) => [`a-${index}`, `b-${index}`]).sort());
  });

  it('rolls back a transaction with a failed statement', async () => {
    await expect(
      writes.transaction(async (tx) => {
        await tx.insert(Role, role('a-1'));
        await tx.insert(Role, role('admin'));
      }),
    ).rejects.toThrow();

    await writes.transaction((tx) => tx.insert(Role, role('a-2')));
    expect(await stored()).toEqual(['a-2']);
  });

  it('is visible to the reader once it is acknowledged', async () => {
    for (const index of INDICES.slice(0, 20)) {
      await writes.transaction((tx) => insertTwo(index, tx));

      expect(await database.reader.getRepository(Role).countBy({ name: `b-${index}` })).toBe(1);
    }
  });

  it('is not visible to the reader before the commit', async () => {
    let during = -1;
    await writes.transaction(async (tx) => {
      await tx.insert(Role, role('a-1'));
      during = await database.reader.getRepository(Role).countBy({ name: 'a-1' });
    });

    expect(during).toBe(0);
  });

  it.each(['work', 'commit'])(
    'notifies about affected users unless it fails before the commit: a failing %s',
    async (part) => {
      const events: unknown[] = [];
      writes.onEnd((touched) => events.push(touched));
      await expect(
        writes.transaction(
          (tx) => {
            failNextCommit(tx.queryRunner!, new Error('no answer'));
            return part === 'work' ? Promise.reject(new Error('a rejection')) : Promise.resolve('anne');
          },
          (id) => [id],
        ),
      ).rejects.toThrow();

      expect(events).toEqual(part === 'work' ? [] : [['anne']]);
    },
  );

  it('returns the result of the work', async () => {
    expect(await writes.transaction(() => Promise.resolve(7))).toBe(7);
  });
});

describe('isUniqueViolation', () => {
  const failure = (work: (tx: WriteTransaction) => Promise<unknown>) =>
    writes.transaction(work).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('recognizes a taken primary key', async () => {
    expect(isUniqueViolation(await failure((tx) => tx.insert(Role, role('admin'))))).toBe(true);
  });

  it('recognizes a taken unique index', async () => {
    const user = (id: string, name: string) =>
      `INSERT INTO users (id, name, kind, "creationTime") VALUES ('${id}', '${name}', 'human', 1)`;
    await testDatabase.execute(user('1', 'anne'));

    expect(isUniqueViolation(await failure((tx) => tx.query(user('2', 'anne'))))).toBe(true);
    expect(isUniqueViolation(await failure((tx) => tx.query(user('2', 'bert'))))).toBe(false);
  });

  it('returns false for other errors', async () => {
    const foreign = await failure((tx) => tx.insert(UserRole, { userId: 'nobody', roleName: 'user' }));
    const missing = await failure((tx) => tx.query('INSERT INTO roles (name) VALUES (NULL)'));

    expect([foreign, missing].every(types.isNativeError)).toBe(true);
    expect([foreign, missing].filter(isUniqueViolation)).toEqual([]);
    expect([foreign, missing].map(translateDriverError)).toEqual([undefined, undefined]);
  });
});

describe('the connections', () => {
  if (globalThis.DATABASE_KIND === 'postgres') {
    it('commit synchronously, and cancel statements that take too long', async () => {
      await database.close();
      database = await openDatabase(testDatabase, { LATCHKEY_STATEMENT_TIMEOUT_MS: '2000' });

      expect(await database.writer.query('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
      expect(await database.writer.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '2s' }]);
      const error: unknown = await database.reader
        .query('SELECT pg_sleep(3)')
        .catch((thrown: unknown) => thrown);
      expect(translateDriverError(error)).toMatchObject({ code: 'unavailable' });
    });
  } else {
    const pragma = async (name: string, source = database.writer) =>
      Object.values(
        ((await source.query<object[]>(`PRAGMA ${name}`))[0] ?? {}) as Record<string, unknown>,
      )[0];

    /** Settings of the connection, and whether the server syncs the log that SQLite writes. */
    const settings = async () => [
      ...(await Promise.all(['synchronous', 'journal_mode', 'foreign_keys'].map((name) => pragma(name)))),
      (await (database.log?.['log'] as FileHandle).stat()).ino ===
        statSync(`${await databaseFile()}-wal`).ino,
    ];

    const databaseFile = async () => {
      const [row] = await database.writer.query<{ file: string }[]>('PRAGMA database_list');
      return row!.file;
    };

    const NORMAL = 1;

    it('use WAL mode and foreign keys, and leave syncs to the server, on a new file', async () => {
      expect(await settings()).toEqual([NORMAL, 'wal', 1, true]);
    });

    it('use the same settings on a reopened file', async () => {
      await database.close();
      database = await openDatabase(testDatabase);

      expect(await settings()).toEqual([NORMAL, 'wal', 1, true]);
    });

    it('keep the same log after checkpoints', async () => {
      for (let count = 0; count < 3; count += 1) {
        await writes.transaction((tx) => insertTwo(count, tx));
        await database.writer.query('PRAGMA wal_checkpoint(TRUNCATE)');
      }

      expect(await settings()).toEqual([NORMAL, 'wal', 1, true]);
    });

    it('commit after a transaction that SQLite rolled back itself, as on a full disk', async () => {
      await database.writer.query(`PRAGMA max_page_count = ${String(await pragma('page_count'))}`);
      const large = { ...role('a-1'), permissions: 'x'.repeat(100_000) };
      const failure = await writes.transaction((tx) => tx.insert(Role, large)).catch(codeOf);
      await database.writer.query('PRAGMA max_page_count = 1000000');
      // A transaction with a normal rollback comes in between.
      await expect(writes.transaction(() => Promise.reject(new Error('rejected')))).rejects.toThrow(
        'rejected',
      );

      await writes.transaction((tx) => insertTwo(3, tx));

      expect(failure).toBe('SQLITE_FULL');
      expect(await stored()).toEqual(['a-3', 'b-3']);
    });

    it('reject writes through the reader', async () => {
      await expect(database.reader.getRepository(Role).insert(role('a-1'))).rejects.toThrow(/readonly/);
      expect(await pragma('query_only', database.reader)).toBe(1);
      expect(await stored()).toEqual([]);
    });

    it('reject a second process on the same file', async () => {
      await expect(openDatabase(testDatabase)).rejects.toThrow(
        /^DATABASE_URL: another Latchkey process uses/,
      );

      await writes.transaction((tx) => insertTwo(1, tx));
      expect(await stored()).toEqual(['a-1', 'b-1']);
    });
  }
});

describe('statements with fixed texts', () => {
  /** Beyond 32 bits, like all timestamps. */
  const TIME = 1_795_000_000_123;

  const role = (name: string, more = {}) =>
    Object.assign(new Role(), {
      name,
      description: 'it’s a “label”; 暗号',
      permissions: '',
      isBuiltIn: false,
      requiresSecondFactor: false,
      creationTime: TIME,
      version: 7,
      ...more,
    });

  const stored = (name: string) => database.reader.getRepository(Role).findOneBy({ name });

  describe('insertRow', () => {
    it.each([true, false])('writes what TypeORM reads: a flag %s, a time, any text', async (isBuiltIn) => {
      const made = role('made', { isBuiltIn });
      await writes.transaction((tx) => insertRow(Role, made, tx));

      expect(await stored('made')).toEqual(made);
    });

    it('stores a time as an integer', async () => {
      await writes.transaction((tx) => insertRow(Role, role('made'), tx));

      const [row] = await testDatabase.query<{ text: string }>(
        `SELECT CAST("creationTime" AS VARCHAR) AS text FROM roles WHERE name = 'made'`,
      );
      expect(row?.text).toBe(String(TIME));
    });

    it('rejects a row without a column', async () => {
      const outcome = writes.transaction((tx) => insertRow(Role, role('made', { version: undefined }), tx));

      await expect(outcome).rejects.toThrow('A row of roles has no version');
      expect(await stored('made')).toBeNull();
    });
  });

  describe('returning', () => {
    it('returns the affected rows, or none', async () => {
      const change = (name: string) =>
        writes.transaction((tx) =>
          returning<{ name: string }>(
            'UPDATE "roles" SET "creationTime" = ? WHERE "name" = ? RETURNING "name"',
            [TIME + 1, name],
            tx,
          ),
        );
      await writes.transaction((tx) => insertRow(Role, role('made'), tx));

      expect([await change('made'), await change('missing')]).toEqual([[{ name: 'made' }], []]);
      expect((await stored('made'))?.creationTime).toBe(TIME + 1);
    });
  });

  describe('run', () => {
    it('binds its parameters in order', async () => {
      await writes.transaction(async (tx) => {
        await insertRow(Role, role('made'), tx);
        await run(
          'UPDATE "roles" SET "description" = ?, "version" = ? WHERE "name" = ?',
          ['new', 8, 'made'],
          tx,
        );
      });

      expect(await stored('made')).toMatchObject({ description: 'new', version: 8 });
    });
  });
});
