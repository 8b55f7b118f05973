import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from '#sqlite';
import { type Finding } from '../../apps/api/src/cli/doctor/finding.js';
import { VERSION } from '../../apps/api/src/common/version.js';
import { CommandLine, CommandProcess } from '../support/command-line.js';
import { DATABASES } from '../support/database-folder.mjs';
import { ADMIN } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { serverIn, ServerProcess, WITHOUT_SQLITE, type Environment } from '../support/server-process.js';
import { createTestDatabase } from '../support/test-database.js';

/** Counts of log lines at debug level include stacks. */
const DEFAULT_LOG_LEVEL: Environment = { LATCHKEY_LOG_LEVEL: undefined };

let folder: string;
let servers: ServerProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(DATABASES, 'latchkey-process-'));
  servers = [];
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  rmSync(folder, { recursive: true });
});

async function start(environment: Environment = {}, port?: number): Promise<ServerProcess> {
  const server = await ServerProcess.start(serverIn(folder, { ...DEFAULT_LOG_LEVEL, ...environment }), port);
  servers.push(server);
  return server;
}

/** Returns the exit code, errors and output of a server that cannot start. */
async function startError(environment: Environment, port?: number) {
  const server = await ServerProcess.spawn(serverIn(folder, { ...DEFAULT_LOG_LEVEL, ...environment }), port);
  servers.push(server);
  return { code: await server.exit(), lines: server.errors.trimEnd().split('\n'), output: server.output };
}

const file = () => join(folder, 'latchkey.sqlite');

/** Creates the database that a server would, without a server. */
async function createTables(): Promise<void> {
  const database = await createTestDatabase();
  copyFileSync(join(database.folder, 'latchkey.sqlite'), file());
  await database.drop();
}

/**
 * Returns the error of `config check`, which runs the checks of a start. The tests of all checks call it,
 * because it takes a twentieth of the time of a start.
 */
async function configCheck(environment: Environment, port?: number): Promise<string> {
  const all = serverIn(folder, { PORT: String(port ?? (await freePort())), ...environment });
  return (await new CommandLine(all, tmpdir()).failure('config', 'check')).message;
}

describe('a start with an invalid configuration', () => {
  it('exits with one line, like config check, without secrets, and creates nothing', async () => {
    const port = await freePort();
    const environment = { DATABASE_URL: 'postgres://latchkey:a-secret@localhost:9/latchkey' };
    const { code, lines, output } = await startError(environment, port);

    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/^Latchkey cannot start\. DATABASE_URL: ./)]);
    expect(lines).toEqual([`Latchkey cannot start. ${await configCheck(environment, port)}`]);
    expect(output).not.toMatch(/ExceptionHandler|"level":50|a-secret|undefined|\n +at /);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each<[string, Environment]>([
    ['LATCHKEY_SESION_MAX_SECONDS: ', { LATCHKEY_SESION_MAX_SECONDS: '60' }],
    [
      'LATCHKEY_ADMIN_PASSWORD: ',
      { LATCHKEY_ADMIN_PASSWORD: '1qaz2wsx3edc4rfv', LATCHKEY_AUDIT_KEY: undefined },
    ],
    ['The server cannot listen on port \\d+ of 203\\.0\\.113\\.1', { HOST: '203.0.113.1' }],
    ['LATCHKEY_SESSION_MAX_SECONDS: ', { LATCHKEY_SESSION_MAX_SECONDS: '1 hour' }],
    ['PORT: ', { PORT: '65536' }],
    ['DATABASE_URL: ', { DATABASE_URL: 'mysql://localhost/latchkey' }],
    [
      'LATCHKEY_AUDIT_KEY: ',
      { DATABASE_URL: 'postgres://localhost/latchkey', LATCHKEY_AUDIT_KEY: undefined },
    ],
    ['LATCHKEY_AUDIT_KEY_FILE: ', { LATCHKEY_AUDIT_KEY: undefined, LATCHKEY_AUDIT_KEY_FILE: '/nowhere' }],
    // Long enough for the length limit, but rejected by the password policy.
    ['LATCHKEY_ADMIN_PASSWORD: ', { LATCHKEY_ADMIN_PASSWORD: 'only 14 letters'.slice(0, 14) }],
    ['LATCHKEY_ARGON2_PASSES: ', { LATCHKEY_ARGON2_PASSES: '1' }],
    ['LATCHKEY_CORS_ORIGINS: ', { LATCHKEY_CORS_ORIGINS: '*' }],
    ['The server cannot listen on port \\d+ of no-such-host\\.invalid', { HOST: 'no-such-host.invalid' }],
    ['LATCHKEY_DATA_DIR: ', { LATCHKEY_DATA_DIR: '/etc/hostname', LATCHKEY_AUDIT_KEY: undefined }],
    ['LATCHKEY_DATA_DIR: ', { LATCHKEY_DATA_DIR: '/etc/hostname', LATCHKEY_ADMIN_PASSWORD: undefined }],
    ['DATABASE_URL: ', { DATABASE_URL: 'sqlite:/etc/hostname/x' }],
    ['DATABASE_URL: ', { DATABASE_URL: 'sqlite:/' }],
  ])('is predicted by config check, %s…, for %j', async (beginning, environment) => {
    expect(await configCheck(environment)).toMatch(new RegExp(`^${beginning}.`));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is predicted by config check when the audit key file has no key', async () => {
    writeFileSync(join(folder, 'audit.key'), 'no key');

    expect(await configCheck({ LATCHKEY_AUDIT_KEY: undefined })).toContain(
      'audit.key does not hold 32 bytes in base64',
    );
    expect(readdirSync(folder)).toEqual(['audit.key']);
  });

  it('exits when the port is taken, with the stack at debug level, and creates nothing', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    try {
      const environment = { LATCHKEY_ADMIN_PASSWORD: undefined, LATCHKEY_LOG_LEVEL: 'debug' };
      const { code, lines } = await startError(environment, port);

      expect(code).toBe(1);
      expect(lines[0]).toMatch(`Port ${port} of 127.0.0.1 is in use`);
      expect(lines[0]).toBe(`Latchkey cannot start. ${await configCheck({}, port)}`);
      expect(lines.at(-1)).toMatch(/^ +at /);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      other.close();
    }
  });
});

describe('a start on a database that another build has migrated', () => {
  /** Adds a migration of a later release, with the oldest release that can use its tables. */
  const addMigration = (release: string, requires: string) => {
    const database = new Database(file());
    database.exec(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, '${release}')`);
    database.exec(`INSERT INTO migration_releases VALUES ('${release}', '${release}', '${requires}')`);
    database.close();
  };

  beforeEach(async () => {
    await createTables();
    addMigration('98.0.0', VERSION);
  });

  it('succeeds when it is that of the next release, and warns', async () => {
    const server = await start();
    await server.stop();

    expect(server.output).toContain('"msg":"A later release has migrated the database');
  });

  it('is rejected by config check when it is that of a later release, with the version to start', async () => {
    addMigration('99.1.0', '99.0.0');

    expect(await configCheck({})).toBe(
      'DATABASE_URL: the database is from Latchkey 99.1.0, and needs Latchkey 99.0.0 or later; ' +
        `this is ${VERSION}. Start a later version, or restore a backup from before the upgrade`,
    );
  });

  it('is rejected, like by config check, when a development build has migrated it, and changes nothing', async () => {
    const database = new Database(file());
    database.exec(`UPDATE migrations SET name = 'Draft1' WHERE id = 1; DELETE FROM migration_releases`);
    const rows = () => database.prepare('SELECT name FROM migrations').all();
    const before = rows();

    const { code, lines } = await startError({});

    expect(code).toBe(1);
    expect(lines).toEqual([`Latchkey cannot start. ${await configCheck({})}`]);
    expect(lines[0]).toContain('DATABASE_URL: the database is from a development build. ');
    expect(rows()).toEqual(before);
    database.close();
  });
});

describe('a start on an SQLite file', () => {
  it('is rejected in one line, and by doctor, without the driver, and creates nothing', async () => {
    const port = await freePort();
    const environment = serverIn(folder, { PORT: String(port), ...WITHOUT_SQLITE });
    const latchkey = new CommandProcess(environment, tmpdir());

    const { code, lines } = await startError(WITHOUT_SQLITE, port);
    const doctor = await latchkey.run(['doctor', '--json']);

    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(
        /^Latchkey cannot start\. The driver for SQLite cannot be loaded: Node \S+ needs better-sqlite3 /,
      ),
    ]);
    const { checks } = JSON.parse(doctor.output) as { checks: Finding[] };
    expect(checks.filter(({ verdict }) => verdict === 'problem').map((finding) => finding.check)).toContain(
      'node',
    );
    expect(checks.find((finding) => finding.check === 'node')?.message).toMatch(
      /^The driver for SQLite cannot be loaded: Node \S+ needs better-sqlite3 /,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['not a database', 'These are my holiday pictures.\n'.repeat(1_000)],
    ['a truncated database', `SQLite format 3\0${'\u0001'.repeat(5_000)}`],
  ])('is rejected by config check and keeps the file if it is %s', async (_, content) => {
    writeFileSync(file(), content);

    expect(await configCheck({})).toMatch(
      /^DATABASE_URL: .*latchkey\.sqlite cannot be read: .*\. Check DATABASE_URL, or restore a backup with latchkey restore\.$/,
    );
    expect(readFileSync(file(), 'utf8')).toBe(content);
  });

  it('is rejected by config check if it is a folder', async () => {
    mkdirSync(file());

    expect(await configCheck({})).toMatch(/^DATABASE_URL: /);
  });

  // Covers B40 in docs/explanation/security.md.
  it.each<[string, (content: Buffer) => Buffer]>([
    ['truncated', (content) => content.subarray(0, content.length / 2 + 100)],
    [
      'overwritten at its start',
      (content) => Buffer.concat([Buffer.alloc(4_096, 0xa5), content.subarray(4_096)]),
    ],
    ['overwritten after its first page', (content) => content.fill(0xa5, 4_096)],
  ])('is rejected by config check and keeps its own file if it was %s', async (_, damage) => {
    await createTables();
    const damaged = damage(readFileSync(file()));
    writeFileSync(file(), damaged);

    expect(await configCheck({})).toMatch(/latchkey\.sqlite/);
    expect(readFileSync(file()).equals(damaged)).toBe(true);
  });

  it('is rejected in one line and keeps its own file if it was overwritten', async () => {
    await createTables();
    const damaged = readFileSync(file()).fill(0xa5, 4_096);
    writeFileSync(file(), damaged);

    const { code, lines } = await startError({});

    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/^Latchkey cannot start\. .*latchkey\.sqlite/)]);
    expect(readFileSync(file()).equals(damaged)).toBe(true);
  });

  it('is rejected in one line while another process uses the file, and succeeds after it was killed', async () => {
    const first = await start({ LATCHKEY_AUDIT_KEY: undefined });
    const headers = await first.client.loginHeaders(ADMIN.name, ADMIN.password);

    const { code, lines } = await startError({});

    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^Latchkey cannot start\. DATABASE_URL: another Latchkey process/),
    ]);
    expect((await first.client.bump(headers)).status).toBe(200);
    // Only their owner can read the files.
    const modes = ['latchkey.sqlite', 'latchkey.sqlite-wal', 'audit.key'].map((name) =>
      (statSync(join(folder, name)).mode & 0o777).toString(8),
    );
    expect(modes).toEqual(['600', '600', '600']);

    await first.kill();
    const { client } = await start({ LATCHKEY_AUDIT_KEY: undefined });

    expect((await client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
  });
});

// Covers B7 in docs/explanation/security.md.
describe('the first start in a terminal', () => {
  it('shows the set-up link, and then the address of the console', async () => {
    const server = await start({
      LATCHKEY_ADMIN_PASSWORD: undefined,
      LATCHKEY_AUDIT_KEY: undefined,
      NODE_OPTIONS: '--import data:text/javascript,process.stdout.isTTY=true',
    });
    await server.stop();

    const [key, ...lines] = server.output.split('\n');
    expect(key).toMatch(/^\{"level":30,.*"msg":"Created a key for the audit trail\./);
    expect(lines).toEqual([
      '',
      'Set the password of "admin" within 24 hours. The link works once:',
      '',
      expect.stringMatching(/^ {2}http:\/\/127\.0\.0\.1:\d+\/admin\/set-up\?name=admin#[\w-]{22}$/),
      '',
      expect.stringMatching(/^Latchkey \d+\.\d+\.\d+ is ready: http:\/\/127\.0\.0\.1:\d+\/admin\/$/),
      expect.stringContaining('"msg":"Stopping"'),
      '',
    ]);
  });
});

describe('an uncaught error', () => {
  it.each([
    ['a promise', 'unhandledRejection', 'Promise.reject(new Error("broken"))'],
    ['a callback', 'uncaughtException', 'setImmediate(() => { throw new Error("broken") })'],
  ])('in %s is logged in one line, and exits with 1', async (_, origin, code) => {
    const onSignal = encodeURIComponent(`process.on('SIGUSR2', () => { ${code} })`);
    const server = await start({ NODE_OPTIONS: `--import data:text/javascript,${onSignal}` });

    server.child.kill('SIGUSR2');

    expect(await server.exit()).toBe(1);
    expect(server.errors).toBe('');
    const logged = server.output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged.filter(({ level }) => level === 50)).toEqual([
      expect.objectContaining({ origin, err: expect.objectContaining({ message: 'broken' }) }),
    ]);
  });
});
