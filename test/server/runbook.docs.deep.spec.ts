import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HEALTH_REASONS } from '@latchkey/auth-models';
import { ApiClient, type Headers } from '../support/api-client.js';
import { startPrivateCluster } from '../support/database/postgres-cluster.mjs';
import { describeIfInstalled } from '../support/external-programs.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { NEXT_BUILD, serverIn, ServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';
import { mountTmpfs, TMPFS_NEEDS } from '../lab/faults/harness/system-programs.js';
import { responseOnPage, withPlaceholders } from '../support/docs/response-on-page.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGE = 'operations/runbook.md';
/** Timeout in milliseconds: each step starts several programs. */
const LONG = 180_000;
const ROOT = process.cwd();

/** Folders of the page, which the test has inside its own. */
const FOLDERS = [
  '/opt',
  '/etc/latchkey',
  '/etc/credstore',
  '/var/lib/latchkey-backups',
  '/var/lib/latchkey',
  '/media/safe',
  '/root',
];

/** Table that the next release creates. */
const NEXT_TABLE = 'trials';

let folder: string;
let port: number;
let client: ApiClient;
let page: CommandsOnPage;
let asAnna: Headers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-runbook-'));
  port = await freePort();
  FOLDERS.forEach((each) => mkdirSync(join(folder, each), { recursive: true }));
  client = new ApiClient(`http://127.0.0.1:${port}`, () => undefined);
  writeFileSync(
    join(folder, 'etc/latchkey/latchkey.env'),
    [
      ...Object.entries(
        serverIn(join(folder, 'var/lib/latchkey'), {
          LATCHKEY_AUDIT_KEY: undefined,
          LATCHKEY_DATA_DIR: join(folder, 'var/lib/latchkey'),
          PORT: String(port),
        }),
      ),
    ]
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `export ${name}='${value}'`)
      .join('\n'),
  );
  execFileSync('bash', [
    '-c',
    `umask 077 && openssl rand -base64 32 > ${folder}/etc/credstore/latchkey.LATCHKEY_AUDIT_KEY`,
  ]);
  pack('0.1.0');
  pack('0.2.0', NEXT_BUILD);
  writePrograms();
  page = new CommandsOnPage(PAGE, inTest(), replacements());
}, LONG);

afterAll(() => {
  spawnSync(join(folder, 'bin/systemctl'), ['stop']);
  rmSync(folder, { recursive: true });
});

const inTest = () => ({ PATH: `${folder}/bin:${process.env.PATH}` });
const replacements = () => ({
  'http://127.0.0.1:3000': client.baseUrl,
  '-o latchkey -g latchkey ': '',
  'RELEASE=/': `RELEASE=${folder}/`,
  ...Object.fromEntries(FOLDERS.map((each) => [` ${each}`, ` ${folder}${each}`])),
});

/**
 * Packs a release, with another server if it is given. It has the layout of `npm run pack:server` without the
 * console.
 */
function pack(version: string, main?: string): void {
  const root = join(folder, `release-${version}`);
  const api = join(root, 'package/dist/apps/api');
  for (const path of ['package.json', 'apps/api/bin', 'apps/api/sqlite', 'dist/apps/api/bundle']) {
    cpSync(path, join(root, 'package', path), { recursive: true });
  }
  for (const loaded of ['src', 'swagger-ui']) {
    symlinkSync(join(ROOT, 'dist/apps/api', loaded), join(api, loaded));
  }
  if (main !== undefined) {
    writeFileSync(
      join(api, 'bundle/main.js'),
      `await import(${JSON.stringify(pathToFileURL(main).href)});\n`,
    );
  }
  execFileSync('tar', ['-czf', join(folder, `root/latchkey-${version}.tgz`), '-C', root, 'package']);
  rmSync(root, { recursive: true });
}

/**
 * Writes programs that replace those of the system: npm without a registry, and systemd without a second
 * account.
 */
function writePrograms(): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const settings = `set -a; . ${folder}/etc/latchkey/latchkey.env; export CREDENTIALS_DIRECTORY=${folder}/etc/credstore; cd ${folder}/var/lib/latchkey`;
  const program = '/node_modules/.bin/latchkey';
  const programs = {
    npm: `[ "$1 $2" = 'install --prefix' ]
      package=$3/node_modules/latchkey
      mkdir -p "$package" "$3/node_modules/.bin"
      tar -xzf "$4" --strip-components=1 -C "$package"
      ln -s ${ROOT}/node_modules "$package/node_modules"
      ln -s ../latchkey/apps/api/bin/latchkey.cjs "$3/node_modules/.bin/latchkey"`,
    latchkey: `${settings}; exec "\${RELEASE:-${folder}/opt/latchkey}${program}" "$@"`,
    // A connection to the socket would wait until the server is ready.
    systemctl: `${settings}; pid=${folder}/pid
      if [ "$1" != start ] && [ -e $pid ]; then
        kill "$(cat $pid)"; while kill -0 "$(cat $pid)" 2> /dev/null; do sleep 0.1; done; rm $pid
      fi
      if [ "$1" != stop ]; then
        setsid ${folder}/opt/latchkey${program} serve >> ${folder}/log 2>&1 < /dev/null & echo $! > $pid
        until curl -sf ${client.baseUrl}/health/ready > /dev/null; do kill -0 "$(cat $pid)"; sleep 0.1; done
      fi`,
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/bash\nset -eu\n${text}\n`, { mode: 0o755 });
  }
}

/** Runs the steps of “Check the server” once more. */
async function check(): Promise<string[]> {
  const fresh = new CommandsOnPage(PAGE, inTest(), replacements());
  return [await fresh.run('/health/ready'), await fresh.run('latchkey config check')];
}

const healthy = [
  expect.stringMatching(/^\{"status":"ok"/),
  expect.stringMatching(/^ok\n[^]*The audit trail is intact/),
];

const tables = () =>
  execFileSync(
    process.execPath,
    [
      '-p',
      `new (require('#sqlite'))(${JSON.stringify(join(folder, 'var/lib/latchkey/latchkey.sqlite'))})
         .prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all().map(({ name }) => name).join()`,
    ],
    { encoding: 'utf8' },
  );

const statusOf = async (headers: Headers) => (await client.me(headers)).status;
const asAdmin = () => client.loginHeaders(ADMIN.name, ADMIN.password);

/** Repeats a block that an earlier step ran. */
const again = (containing: string) => new CommandsOnPage(PAGE, inTest(), replacements()).run(containing);

// In the order of the page: each step needs those before it.
describe(`docs/${PAGE}`, () => {
  it(
    'installs a release, and checks it',
    async () => {
      await page.run('latchkey-0.1.0.tgz');
      await page.run('systemctl start');
      await page.run('/media/safe/audit.key\n');

      expect([await page.run('/health/ready'), await page.run('latchkey config check')]).toEqual(healthy);
      await client.createUser({ name: 'anna', password: PASSWORD }, await asAdmin());
      asAnna = await client.loginHeaders('anna', PASSWORD);
    },
    LONG,
  );

  it(
    'backs up',
    async () => {
      expect(withPlaceholders(await page.run('latchkey backup'))).toMatch(
        pathWithPlaceholders(responseOnPage(PAGE, 'latchkey backup')),
      );
    },
    LONG,
  );

  it(
    'upgrades, and rolls back without losing changes',
    async () => {
      await page.run('latchkey-0.2.0.tgz');
      expect(tables()).not.toContain(NEXT_TABLE);
      await page.run('ln -sfT latchkey-0.2.0');
      expect(await check()).toEqual(healthy);
      expect(tables()).toContain(NEXT_TABLE);
      const { status } = await client.createUser({ name: 'ben', password: PASSWORD }, await asAdmin());
      expect(status).toBe(201);

      // Without a package or a registry.
      rmSync(join(folder, 'bin/npm'));
      await page.run('ln -sfT latchkey-0.1.0');
      writePrograms();

      expect(await check()).toEqual(healthy);
      expect(readFileSync(join(folder, 'log'), 'utf8')).toContain(
        'A later release has migrated the database',
      );
      expect((await client.login('ben', PASSWORD)).status).toBe(200);
      expect(await statusOf(asAnna)).toBe(200);
    },
    LONG,
  );

  it(
    'restores the backup, and revokes all tokens',
    async () => {
      await page.run('systemctl stop');
      await page.run('latchkey restore');
      expect(await page.run('revoke --all')).toMatch(
        /^Revoked \d+ tokens?\. Rejected everywhere by \S+Z\.\n$/,
      );
      await again('systemctl start');

      expect((await client.login('anna', PASSWORD)).status).toBe(200);
      expect((await client.login('ben', PASSWORD)).status).toBe(401);
      expect(await statusOf(asAnna)).toBe(401);
      expect(await check()).toEqual(healthy);
    },
    LONG,
  );

  it(
    'moves to another machine with a backup and the key',
    async () => {
      await again('systemctl stop');
      rmSync(join(folder, 'var/lib/latchkey'), { recursive: true });
      rmSync(join(folder, 'etc/credstore/latchkey.LATCHKEY_AUDIT_KEY'));
      rmSync(join(folder, 'opt'), { recursive: true });
      const backups = join(folder, 'var/lib/latchkey-backups');
      renameSync(backups, join(folder, 'other-machine'));
      const [backup = ''] = readdirSync(join(folder, 'other-machine'));
      page.environment.BACKUP = join(folder, 'other-machine', backup);
      writeFileSync(join(folder, 'media/safe/audit.key.older'), randomBytes(32).toString('base64'));

      await again('latchkey-0.1.0.tgz');
      await page.run('/etc/credstore/latchkey.LATCHKEY_AUDIT_KEY');
      await page.run('install -d');
      await page.run('/media/safe/audit.key.*');
      await again('latchkey restore');
      await again('systemctl start');

      expect(await check()).toEqual(healthy);
      expect((await client.login('anna', PASSWORD)).status).toBe(200);
    },
    LONG,
  );

  it(
    'shows the space on the disk, and restarts',
    async () => {
      expect(await page.run('df -h')).toContain('/var/lib/latchkey-backups');
      await page.run('systemctl restart latchkey\n');

      expect(await check()).toEqual(healthy);
    },
    LONG,
  );

  it(
    'creates a link for an administrator, and another administrator',
    async () => {
      expect(withPlaceholders(await page.run('reset-password'))).toMatch(
        responseOnPage(PAGE, 'reset-password'),
      );
      expect(await page.run('create-admin')).toContain('/admin/set-up?name=rescue#');
    },
    LONG,
  );

  it(
    'revokes the token of a service',
    async () => {
      const administrator = await asAdmin();
      await client.createUser({ name: 'billing', kind: 'service' }, administrator);
      const { body } = await client.request('POST', '/users/billing/tokens', {
        headers: administrator,
        body: {},
      });
      const { id, token } = body as { id: string; token: string };
      page.environment.ID = id;

      expect(await page.run('--descendants')).toContain(id);
      expect(await statusOf({ Authorization: `Bearer ${token}` })).toBe(401);
    },
    LONG,
  );

  it(
    'rotates the audit key, keeps each old one, and verifies what all of them sealed',
    async () => {
      expect(await page.run('openssl rand')).toMatch(/^The audit trail is now sealed with key/);
      await page.run('OLD=audit.key');
      expect(await page.run('latchkey verify-audit\n')).toContain('The audit trail is intact');

      await again('openssl rand');
      await again('OLD=audit.key');

      expect(await check()).toEqual(healthy);
    },
    LONG,
  );

  it(
    'reports that PostgreSQL is down, and recovers by itself',
    async () => {
      const cluster = await startPrivateCluster();
      const server = await ServerProcess.start(serverIn(folder, { DATABASE_URL: cluster.url }));
      const onPostgres = () =>
        new CommandsOnPage(PAGE, {}, { 'http://127.0.0.1:3000': server.client.baseUrl }).run('/health/ready');
      try {
        await cluster.kill();
        const away = JSON.parse(await onPostgres()) as unknown;
        expect(away).toEqual({ status: 'unavailable', reason: HEALTH_REASONS.databaseUnavailable });
        expect(codeOnPage(PAGE, 'json').map((code) => JSON.parse(code) as unknown)).toContainEqual(away);

        await cluster.start();
        await waitUntil(onPostgres, (text) => text.includes('"ok"'));
      } finally {
        await server.kill();
        await cluster.stop();
      }
    },
    LONG,
  );

  it('has no other commands', () => {
    expect(page.notRun).toEqual([]);
  });
});

describeIfInstalled(TMPFS_NEEDS, `docs/${PAGE} on a full disk`, () => {
  it(
    'shows that the disk is full, and writes resume once there is space',
    async () => {
      const disk = mountTmpfs(16);
      const server = await ServerProcess.start(serverIn(disk.folder));
      try {
        const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
        const write = async (name: string) =>
          (await server.client.createUser({ name, kind: 'service' }, headers)).status;
        const replaced = join(disk.folder, 'latchkey.sqlite.replaced-2026');
        spawnSync('dd', ['if=/dev/zero', `of=${replaced}`, 'bs=4k']);
        let status = 201;
        for (let count = 0; status === 201; count += 1) {
          status = await write(`service-${count}`);
        }

        const shown = await new CommandsOnPage(
          PAGE,
          {},
          { ' /var/lib/latchkey-backups': '', ' /var/lib/latchkey': ` ${disk.folder}` },
        ).run('df -h');

        expect(status).toBe(503);
        expect((await server.client.me(headers)).status).toBe(200);
        expect(shown).toMatch(/ 100% /);
        rmSync(replaced);
        await waitUntil(
          () => write('later'),
          (later) => later === 201,
        );
      } finally {
        await server.kill();
        disk.unmount();
      }
    },
    LONG,
  );
});

/** The page names folders that the test has inside its own. */
function pathWithPlaceholders(pattern: RegExp): RegExp {
  return new RegExp(
    pattern.source.replace('Created', `Created${folder.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`),
  );
}
