import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { VERSION } from '../../apps/api/src/common/version.js';
import { MIGRATIONS } from '../../apps/api/src/platform/database/migrations/index.js';
import { CommandLine } from '../support/command-line.js';
import { DatabaseFile } from '../support/database/open-database.js';
import { ADMIN } from '../support/factories.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { insertTokens } from '../support/token-rows.js';

const USER = `INSERT INTO users (id, name, kind, "creationTime") VALUES ('user-1', 'anne', 'human', 1)`;

/** Migrated once and copied for each test. */
const original = new DatabaseFile();
let file: DatabaseFile;
let target: TestDatabase;
let latchkey: CommandLine;

beforeAll(async () => {
  await original.migrate();
  original.execute(USER, insertTokens({ id: 'token-1', user: 'anne' }, { id: 'token-2', user: 'anne' }));
});

afterAll(() => original.remove());

beforeEach(async () => {
  file = new DatabaseFile();
  copyFileSync(original.path, file.path);
  target = await createTestDatabase();
  latchkey = new CommandLine(serverOn(target), file.folder);
});

afterEach(async () => {
  await target.drop();
  file.remove();
});

const rejection = async (path = file.path) => (await latchkey.failure('migrate-database', path)).message;

/** Drops all tables of the target. */
const emptyTarget = () => target.execute('DROP SCHEMA public CASCADE', 'CREATE SCHEMA public');

/** Creates the tables of an earlier version, with only the first migrations. */
const migrateTargetTo = async (count: number) => {
  await emptyTarget();
  const source = new DataSource({
    type: 'postgres',
    url: target.url,
    migrations: MIGRATIONS.slice(0, count),
  });
  await source.initialize();
  await source.runMigrations({ transaction: 'each' });
  await source.destroy();
};

const countMigrations = async () => (await target.query('SELECT id FROM migrations')).length;

const countInTarget = async () => {
  const [row] = await target.query<{ count: string }>(
    'SELECT (SELECT COUNT(*) FROM users) + (SELECT COUNT(*) FROM tokens) AS count',
  );
  return Number(row?.count);
};

describe('migrate-database rejects a file', () => {
  it.each([
    ['of an older build', 'DELETE FROM migrations WHERE id > 3', /of an older build: start the server/],
    [
      'of a newer build',
      `INSERT INTO migrations (timestamp, name) VALUES (1, 'Later1')`,
      /from a newer build/,
    ],
    [
      'of the next release, which this build can use but not move',
      `INSERT INTO migrations (timestamp, name) VALUES (1, 'Next1');
       INSERT INTO migration_releases VALUES ('Next1', '99.0.0', '${VERSION}')`,
      /from a newer build/,
    ],
    ['of another program', 'DELETE FROM migrations', /not a Latchkey database/],
    ['with rows of others that are gone', 'PRAGMA foreign_keys = OFF; DELETE FROM users', /damaged: 2 rows/],
    ['with another table', 'CREATE TABLE pets (name text)', /does not know: pets\.name\.$/],
    ['with another column', 'ALTER TABLE users ADD COLUMN shoes int', /does not know: users\.shoes\.$/],
    [
      'with another key',
      `UPDATE audit_chain SET "keyId" = 'feed'`,
      /needs key feed, and LATCHKEY_AUDIT_KEY is key/,
    ],
  ])('%s', async (_, sql, expected) => {
    await emptyTarget();
    file.execute(sql);
    const content = readFileSync(file.path);

    expect(await rejection()).toMatch(expected);
    expect(readFileSync(file.path).equals(content)).toBe(true);
    expect(await target.query(`SELECT 1 FROM information_schema.tables WHERE table_name = 'users'`)).toEqual(
      [],
    );
  });

  it('that is not a database', async () => {
    const pictures = join(file.folder, 'pictures');
    writeFileSync(pictures, 'These are my holiday pictures.\n');

    expect(await rejection(pictures)).toMatch(/not an intact SQLite database/);
    expect(readdirSync(file.folder)).not.toContain('pictures.lock');
    expect(await rejection(join(file.folder, 'absent'))).toMatch(/^There is no file .*absent\.$/);
  });

  it.each([
    ['a NUL', `note = 'a' || char(0) || 'b'`, 'note has a NUL character'],
    ['half a surrogate pair', `note = CAST(x'61eda080' AS TEXT)`, 'note is not UTF-8'],
    ['too long a text', `preview = '${'é'.repeat(17)}'`, 'preview has more than 16 characters'],
    ['bytes', `digest = x'00ff'`, 'digest is not text'],
    ['a fraction', '"creationTime" = 1.5', 'creationTime is not a whole number'],
    ['too large a number', '"previousUses" = 2147483648', 'previousUses is too large a number'],
    ['neither yes nor no', 'enabled = 2', 'enabled is neither yes nor no'],
  ])('with %s that PostgreSQL cannot store', async (_, change, expected) => {
    file.execute(`UPDATE tokens SET ${change} WHERE id = 'token-2'`);

    expect(await rejection()).toContain(`PostgreSQL cannot store tokens id=token-2: ${expected}. `);
    expect(await countInTarget()).toBe(0);
  });

  it('into whose audit trail someone inserted a row', async () => {
    file.execute(
      `PRAGMA ignore_check_constraints = ON;
       INSERT INTO audit_events (id, sequence, time, subjectKind, subjectName, action, outcome, keyId, previousMac, mac)
       VALUES ('inserted', -5, 1, 'user', 'mallory', 'user_created', 'success', '', '', '')`,
    );

    expect(await rejection()).toContain(
      'PostgreSQL cannot store audit_events id=inserted: it violates CHK_audit_events_sequence. ',
    );
    expect(await countInTarget()).toBe(0);
  });
});

describe('migrate-database moves', () => {
  it('into an unused database of an older build', async () => {
    await migrateTargetTo(3);

    await latchkey.json('migrate-database', file.path);

    expect(await countMigrations()).toBe(MIGRATIONS.length);
    expect(await countInTarget()).toBe(3);
  });

  it.each([
    ['the character that replaces invalid UTF-8', `note = 'a' || char(65533)`, 'a\uFFFD'],
    ['as many characters as there may be', `note = '${'🔑'.repeat(200)}'`, '🔑'.repeat(200)],
    ['the largest number there is', `note = '', "creationTime" = 9223372036854775807`, ''],
  ])('%s', async (_, change, note) => {
    file.execute(`UPDATE tokens SET ${change} WHERE id = 'token-2'`);

    await latchkey.json('migrate-database', file.path);

    const sql = `SELECT note, CAST("creationTime" AS text) AS time FROM tokens WHERE id = 'token-2'`;
    expect(await target.query(sql)).toEqual(file.query(sql));
    expect(await target.query(sql)).toMatchObject([{ note }]);
  });
});

describe('migrate-database, with the file of a server', () => {
  it('rejects it while the server runs, and moves what it acknowledged before it was killed', async () => {
    // On this start the server creates its first administrator.
    file.execute('DELETE FROM tokens', 'DELETE FROM users');
    const server = await ServerProcess.start(file.environment());
    const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    expect((await server.client.createUser({ name: 'late' }, asAdmin)).status).toBe(201);
    expect(await rejection()).toMatch(/^A server or another command uses .*latchkey\.sqlite\. Stop it first/);
    await server.kill();
    // Not yet in the main file.
    expect(statSync(`${file.path}-wal`).size).toBeGreaterThan(0);

    await latchkey.json('migrate-database', file.path);

    expect(await target.query(`SELECT 1 FROM users WHERE name = 'late'`)).toHaveLength(1);
    expect(await latchkey.json('verify-audit')).toMatchObject({ problems: [] });
  });
});

describe('migrate-database rejects a target', () => {
  it.each([
    ['a user', USER, 'users (1)'],
    ['a role', `INSERT INTO roles VALUES ('pilot', '', '', false, false, 1, 0)`, 'roles (1)'],
    ['an audit trail', 'UPDATE audit_chain SET sequence = 1', 'audit_chain (1)'],
  ])('that has %s', async (_, sql, expected) => {
    await target.execute(sql);

    expect(await rejection()).toContain(`is not empty: it has rows in ${expected}. `);
    expect(await target.query(`SELECT id FROM tokens`)).toEqual([]);
  });

  it.each([
    [1, 'a role', `INSERT INTO roles VALUES ('pilot', '', '', false, false, 1, 0)`, 'roles (1)'],
    [1, 'a user', USER, 'users (1)'],
    [MIGRATIONS.length - 1, 'an audit trail', 'UPDATE audit_chain SET sequence = 1', 'audit_chain (1)'],
  ])(
    'of an older build, with %d migrations, that has %s, and does not migrate it',
    async (count, _, sql, expected) => {
      await migrateTargetTo(count);
      await target.execute(sql);

      expect(await rejection()).toContain(`is not empty: it has rows in ${expected}. `);
      expect(await countMigrations()).toBe(count);
    },
  );

  it('in use, without locking it', async () => {
    await target.execute(USER);
    const reader = new DataSource({ type: 'postgres', url: target.url });
    await reader.initialize();
    try {
      await reader.transaction(async (manager) => {
        await manager.query('SELECT id FROM users');

        expect(await rejection()).toContain('is not empty: it has rows in users (1). ');
      });
    } finally {
      await reader.destroy();
    }
  });

  it('that is not PostgreSQL, or does not respond', async () => {
    const ask = async (url: string) => {
      latchkey = new CommandLine({ ...serverOn(target), DATABASE_URL: url }, file.folder);
      return rejection();
    };

    expect(await ask(`sqlite:${file.folder}/other.sqlite`)).toMatch(/^Set DATABASE_URL to the PostgreSQL/);
    expect(await ask('postgres://latchkey:secret@127.0.0.1:9/latchkey')).toMatch(
      /^DATABASE_URL: PostgreSQL at 127\.0\.0\.1:9 cannot open \/latchkey/,
    );
  });

  it.each([
    ['changes a byte', `NEW.note := 'x'; RETURN NEW;`, /tokens id=token-1 has another note\./],
    ['leaves out a row', `RETURN NULL;`, /tokens id=token-1 is missing\./],
    [
      'adds a row',
      `INSERT INTO login_days (day) VALUES (7); RETURN NEW;`,
      /login_days has 1 rows, and the file 0\./,
    ],
  ])('that %s', async (_, body, expected) => {
    await target.execute(
      `CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 'token-1' THEN ${body} END IF; RETURN NEW; END $$`,
      'CREATE TRIGGER sabotage BEFORE INSERT ON tokens FOR EACH ROW EXECUTE FUNCTION sabotage()',
    );

    expect(await rejection()).toMatch(expected);
    expect(await countInTarget()).toBe(0);
    expect(await target.query('SELECT name FROM roles ORDER BY name')).toHaveLength(3);
  });
});
