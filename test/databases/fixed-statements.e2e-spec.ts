import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Database } from '../../apps/api/src/platform/database/database.js';
import { insertRow, returning, run } from '../../apps/api/src/platform/database/queries/fixed-statements.js';
import { Writes } from '../../apps/api/src/platform/database/writes.js';
import { Metrics } from '../../apps/api/src/platform/metrics/metrics.js';
import { Role } from '../../apps/api/src/identity/roles/role.entity.js';
import { openDatabase } from '../support/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Beyond 32 bits, as every instant is. */
const TIME = 1_795_000_000_123;

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

const role = (name: string, more = {}) =>
  Object.assign(new Role(), {
    name,
    description: 'it’s a “label”; 暗号',
    permissions: '',
    isBuiltIn: false,
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
