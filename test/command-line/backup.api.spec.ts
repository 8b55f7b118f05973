import {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from '#sqlite';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { CommandLine } from '../support/command-line.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { encodingsOf } from '../support/secrets.js';
import { Installation } from '../support/installation.js';

let installation: Installation;
let client: ApiClient;

beforeEach(async () => {
  installation = await Installation.open();
  client = await installation.running();
});

afterEach(() => installation.close());

const databaseFile = () => join(installation.database.folder, 'latchkey.sqlite');
const backupFile = () => join(installation.folder, 'backup.sqlite');
const loginAdmin = () => client.loginHeaders(ADMIN.name, ADMIN.password);
const namesIn = (folder: string) => readdirSync(folder).sort();

/** Opens a file without changing it. */
function read<Row>(file: string, sql: string): Row[] {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}

/** Creates users one after another until it is stopped and returns their names. */
class Writer {
  readonly names: string[] = [];
  private isStopping = false;
  private readonly writing: Promise<void>;

  constructor(asAdmin: Headers) {
    this.writing = this.run(asAdmin);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.writing;
  }

  private async run(asAdmin: Headers): Promise<void> {
    while (!this.isStopping) {
      const { status, body } = await client.createUser(newUser({ password: undefined }), asAdmin);
      expect(status).toBe(201);
      this.names.push(body.name);
    }
  }
}

describe('backup', () => {
  it('copies a consistent state while users are created', async () => {
    const asAdmin = await loginAdmin();
    const writers = Array.from({ length: 4 }, () => new Writer(asAdmin));
    while (writers.some(({ names }) => names.length < 10)) {
      await new Promise(setImmediate);
    }
    const before = writers.flatMap(({ names }) => [...names]);

    const { bytes } = await installation.latchkey.json<{ bytes: number }>('backup', backupFile());

    await Promise.all(writers.map((writer) => writer.stop()));
    const after = writers.flatMap(({ names }) => names);
    expect(after.length).toBeGreaterThan(before.length);
    expect(bytes).toBe(statSync(backupFile()).size);
    expect(read(backupFile(), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    const copied = read<{ name: string }>(backupFile(), 'SELECT name FROM users').map(({ name }) => name);
    expect(copied).toEqual(expect.arrayContaining(before));
    // Both are of one moment: each user has its entry, and each entry its user.
    const created = read<{ name: string }>(
      backupFile(),
      `SELECT "subjectName" AS name FROM audit_events WHERE action = 'user_created'`,
    );
    expect(created.map(({ name }) => name).sort()).toEqual(copied.sort());
  });

  // Covers B9, B60 in docs/explanation/security.md.
  it('has no token, password or audit key, in any encoding', async () => {
    const { name } = newUser();
    await client.createUser({ name, password: PASSWORD }, await loginAdmin());
    const tokens: string[] = [];
    while (tokens.length < 20) {
      tokens.push((await client.login(name, PASSWORD)).body.token ?? '');
    }

    await installation.latchkey.json('backup', backupFile());

    const backup = readFileSync(backupFile()).toString('latin1');
    const key = Buffer.from(installation.environment.LATCHKEY_AUDIT_KEY ?? '', 'base64');
    const inBackup = [...tokens, PASSWORD, ADMIN.password, key.toString('base64')].filter((secret) =>
      encodingsOf(secret).some((text) => backup.includes(text)),
    );
    expect(tokens.filter((token) => !backup.includes(digestOf(token)))).toEqual([]);
    expect(inBackup).toEqual([]);
    expect(backup).not.toContain(key.toString('latin1'));
    expect(backup).not.toContain(key.toString('hex'));
  });

  it('is one file for its owner, and overwrites nothing', async () => {
    await installation.latchkey.json('backup', backupFile());
    const content = readFileSync(backupFile());

    const again = await installation.latchkey.failure('backup', backupFile());
    const nowhere = await installation.latchkey.failure('backup', join(installation.folder, 'no', 'folder'));
    const link = join(installation.folder, 'link');
    symlinkSync(join(installation.folder, 'absent'), link);
    const linked = await installation.latchkey.failure('backup', link);
    rmSync(link);

    expect(linked.message).toMatch(/link exists, and a backup does not overwrite/);
    expect(again.message).toMatch(/exists, and a backup does not overwrite/);
    expect(nowhere.message).toMatch(/^The folder .* does not exist/);
    expect(readFileSync(backupFile()).equals(content)).toBe(true);
    expect(namesIn(installation.folder)).toEqual(['backup.sqlite']);
    expect((statSync(backupFile()).mode & 0o777).toString(8)).toBe('600');
  });

  it('works while the server is stopped, and prints that the key is not included', async () => {
    await installation.stop();

    const { code, output, errors } = await installation.latchkey.run(['backup', 'backup.sqlite']);

    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/^Created .*backup\.sqlite \(.*\), checked\.\n$/),
    });
    expect(errors).toMatch(/LATCHKEY_AUDIT_KEY/);
    expect(read(backupFile(), 'SELECT COUNT(*) AS count FROM users')).toEqual([{ count: 1 }]);
    expect(namesIn(installation.database.folder)).toEqual([
      'latchkey.sqlite',
      'latchkey.sqlite.backup.json',
      'latchkey.sqlite.lock',
    ]);
  });

  it('creates nothing when it is rejected for a missing database', async () => {
    const file = join(installation.folder, 'text');
    writeFileSync(file, 'These are my holiday pictures.\n');
    const url = `sqlite:${join(installation.folder, 'not', 'there', 'latchkey.sqlite')}`;
    const elsewhere = new CommandLine(
      { ...installation.environment, DATABASE_URL: url },
      installation.folder,
    );

    const { message } = await elsewhere.failure('restore', file, '--yes');

    expect(message).toMatch(/not an intact SQLite database/);
    expect(namesIn(installation.folder)).toEqual(['text']);
  });
});

describe('restore', () => {
  it('restores the backup, and keeps the previous database', async () => {
    const asAdmin = await loginAdmin();
    await client.createUser({ name: 'old' }, asAdmin);
    await installation.latchkey.json('backup', backupFile());
    await client.createUser({ name: 'new' }, asAdmin);
    await installation.stop();

    const restored = await installation.latchkey.json<{ replaced: string }>('restore', backupFile(), '--yes');

    expect(read(restored.replaced, `SELECT name FROM users WHERE name = 'new'`)).toHaveLength(1);
    client = await installation.running();
    expect((await client.user('old', asAdmin)).status).toBe(200);
    expect((await client.user('new', asAdmin)).status).toBe(404);
    expect((await client.createUser({ name: 'new' }, asAdmin)).status).toBe(201);
    expect(await installation.latchkey.json('verify-audit')).toMatchObject({ problems: [] });
    expect((statSync(databaseFile()).mode & 0o777).toString(8)).toBe('600');
  });

  it('recommends to revoke all tokens before the start, or after the migrations of an older backup', async () => {
    await installation.latchkey.json('backup', backupFile());
    await installation.stop();
    const restore = async () => (await installation.latchkey.run(['restore', backupFile(), '--yes'])).errors;

    expect(await restore()).toMatch(/run latchkey revoke --all before you start the server\.\n$/);
    expect(await installation.latchkey.json('revoke', '--all', '--yes')).toMatchObject({ all: true });

    const database = new Database(backupFile());
    database.exec('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    database.close();
    expect(await restore()).toMatch(
      /run latchkey revoke --all as soon as the server has migrated the database\.\n$/,
    );
    const { message } = await installation.latchkey.failure('revoke', '--all', '--yes');
    expect(message).toMatch(/^The database is older than this build\. Start the server/);
  });

  it('restores with a damaged or missing database', async () => {
    await installation.latchkey.json('backup', backupFile());
    await installation.stop();
    writeFileSync(databaseFile(), 'These are my holiday pictures.\n'.repeat(1_000));

    await installation.latchkey.json('restore', backupFile(), '--yes');

    client = await installation.running();
    expect((await client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
    await installation.stop();
    rmSync(databaseFile());
    const { output } = await installation.latchkey.run(['restore', backupFile(), '--yes']);
    expect(output).toMatch(/^Restored \S+ from \S+ \(.*\)\.\n$/);
    client = await installation.running();
    expect((await client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
  });

  it('rejects other files, and changes nothing', async () => {
    await installation.latchkey.json('backup', backupFile());
    const rejection = (name: string, change: (file: string) => void) => {
      const file = join(installation.folder, name);
      writeFileSync(file, readFileSync(backupFile()));
      change(file);
      return installation.latchkey.failure('restore', file, '--yes');
    };
    const sql = (statement: string) => (file: string) => {
      const database = new Database(file);
      database.exec(statement);
      database.close();
    };
    const whileItRuns = await installation.latchkey.failure('restore', backupFile(), '--yes');
    await installation.stop();
    const content = readFileSync(databaseFile());

    const rejections = [
      await rejection('text', (file) => writeFileSync(file, 'These are my holiday pictures.\n')),
      await rejection('half', (file) => truncateSync(file, statSync(file).size / 2)),
      await rejection('other', sql('DROP TABLE migrations')),
      await rejection('newer', sql(`INSERT INTO migrations (timestamp, name) VALUES (1, 'Later1')`)),
      await rejection('orphans', sql(`PRAGMA foreign_keys = OFF; DELETE FROM users`)),
      await installation.latchkey.failure('restore', join(installation.folder, 'absent'), '--yes'),
      await installation.latchkey.failure('restore', backupFile()),
    ];

    expect(whileItRuns.message).toBe('The server is running. Stop it, then restore the backup.');
    expect(rejections.map(({ message }) => message)).toEqual([
      expect.stringMatching(/not an intact SQLite database/),
      expect.stringMatching(/not an intact SQLite database|damaged/),
      expect.stringMatching(/not a Latchkey database/),
      expect.stringMatching(/from a newer build/),
      expect.stringMatching(/damaged: \d+ rows refer to missing rows/),
      expect.stringMatching(/^There is no file/),
      expect.stringMatching(/Confirm with --yes/),
    ]);
    expect(readFileSync(databaseFile()).equals(content)).toBe(true);
    expect(namesIn(installation.database.folder)).toEqual([
      'latchkey.sqlite',
      'latchkey.sqlite.backup.json',
      'latchkey.sqlite.lock',
    ]);
  });
});

describe('backup and restore on PostgreSQL', () => {
  it('name the tools of PostgreSQL', async () => {
    const environment = { DATABASE_URL: 'postgres://latchkey@127.0.0.1:9/latchkey' };
    installation.environment.DATABASE_URL = environment.DATABASE_URL;

    const rejections = [
      await installation.latchkey.failure('backup', backupFile()),
      await installation.latchkey.failure('restore', backupFile(), '--yes'),
    ];

    expect(rejections.map(({ message }) => message)).toEqual([
      expect.stringMatching(/pg_dump/),
      expect.stringMatching(/pg_restore/),
    ]);
    expect(existsSync(backupFile())).toBe(false);
  });
});
