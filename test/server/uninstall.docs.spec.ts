import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Installation } from '../support/installation.js';
import { ADMIN } from '../support/factories.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGE = 'operations/uninstall.md';
const UNITS = 'deploy/systemd';

/** Programs that the test replaces: each only records its arguments. */
const REPLACED = ['systemctl', 'userdel', 'docker', 'kubectl'];

let folder: string;
let installation: Installation;
let page: CommandsOnPage;

/** Root folder of a system with Latchkey, in which other programs have files too. */
const inRoot = (path: string) => join(folder, 'root', path);

function install(path: string): void {
  mkdirSync(dirname(inRoot(path)), { recursive: true });
  writeFileSync(inRoot(path), '');
}

const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  for (const name of REPLACED) {
    const script = `#!/bin/sh\necho "${name} $*" >> '${join(folder, 'calls')}'\n`;
    writeFileSync(join(programs, name), script, { mode: 0o755 });
  }
  installation = await Installation.open();
  page = new CommandsOnPage(
    PAGE,
    { ...(installation.environment as Record<string, string>), PATH: `${programs}:${process.env.PATH}` },
    {
      'rm -rf data .env': `cd '${folder}' && rm -rf data .env`,
      'rm -r secrets': `cd '${folder}' && rm -r secrets`,
      '/etc/': inRoot('etc/'),
      '/opt/': inRoot('opt/'),
      '/var/lib/': inRoot('var/lib/'),
    },
  );
});

afterAll(async () => {
  await installation.close();
  rmSync(folder, { recursive: true });
});

// In the order of the page.
describe('docs/operations/uninstall.md', () => {
  it('lists the tokens, and revokes them', async () => {
    const client = await installation.running();
    const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
    await client.createMyToken(asAdmin, { note: 'nightly build' });

    expect(await page.run('list-tokens')).toContain('nightly build');
    expect(await page.run('revoke --all')).toMatch(/^Revoked 2 tokens/);
  });

  it('deletes the data of a server in a folder', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, '.env'), '');

    await page.run('rm -rf data');
    // Without the files that not every server has, the commands succeed as well.
    await new CommandsOnPage(PAGE, page.environment, page.replacements).run('rm -rf data');

    expect(['data', '.env'].filter((name) => existsSync(join(folder, name)))).toEqual([]);
  });

  it('deletes everything that the pages about systemd install, and nothing else', async () => {
    for (const name of readdirSync(UNITS)) {
      install(
        name.endsWith('.sysusers.conf') ? 'etc/sysusers.d/latchkey.conf' : `etc/systemd/system/${name}`,
      );
    }
    const secrets = [
      ...readFileSync(join(UNITS, 'latchkey.service'), 'utf8').matchAll(/^LoadCredential=(.*)$/gm),
    ];
    secrets.forEach(([, name = '']) => install(`etc/credstore/${name}`));
    [
      ...['etc/systemd/system/latchkey.service.d/override.conf', 'etc/latchkey/latchkey.env'],
      ...['opt/latchkey-0.1.0/package.json', 'opt/latchkey/package.json'],
      ...['var/lib/latchkey/latchkey.sqlite', 'var/lib/latchkey-backups/1.sqlite'],
      ...['etc/latchkey/verifier.env', 'var/lib/latchkey-verifier/token'],
      ...['etc/systemd/system/other.service', 'etc/credstore/other', 'opt/other/file', 'var/lib/other/file'],
    ].forEach(install);

    await page.run('systemctl disable');
    await page.run('userdel');

    const left = readdirSync(inRoot(''), { recursive: true, encoding: 'utf8' });
    expect(secrets.length).toBeGreaterThan(2);
    expect(left.filter((name) => name.includes('latchkey'))).toEqual([]);
    expect(left.filter((name) => /other[.\w]*$/.test(name)).sort()).toEqual([
      'etc/credstore/other',
      'etc/systemd/system/other.service',
      'opt/other',
      'var/lib/other',
    ]);
    expect(calls()).toEqual([
      'systemctl disable --now latchkey.socket latchkey.service latchkey-backup.timer latchkey-verifier.service',
      'systemctl daemon-reload',
      'userdel latchkey',
      'userdel latchkey-verifier',
    ]);
  });

  it('names the container, the volume, the image and the namespace of the other pages', async () => {
    const [containers, kubernetes] = ['containers', 'kubernetes'].map((name) =>
      readFileSync(`docs/operations/${name}.md`, 'utf8'),
    );
    mkdirSync(join(folder, 'secrets'));

    await page.run('docker rm');
    await page.run('docker compose down');
    await page.run('kubectl delete');

    expect(containers).toMatch(/docker run .*--name latchkey .*--volume latchkey:\/data latchkey$/m);
    expect(kubernetes).toContain('--namespace latchkey ');
    expect(existsSync(join(folder, 'secrets'))).toBe(false);
    expect(calls().slice(4)).toEqual([
      'docker rm --force latchkey',
      'docker volume rm latchkey',
      'docker image rm latchkey',
      'docker compose down --volumes --rmi local',
      'kubectl delete namespace latchkey',
    ]);
  });

  it('deletes the database and the role that the page about PostgreSQL creates', async () => {
    const client = new pg.Client({ connectionString: process.env.LATCHKEYTEST_POSTGRES_URL });
    await client.connect();
    // The administrator of the test cluster has the name on the pages.
    const run = async (name: string) => {
      const [sql = ''] = codeOnPage(name, 'sql');
      for (const statement of sql.replaceAll('latchkey', 'leaving').split(';\n').filter(Boolean)) {
        await client.query(statement);
      }
    };
    try {
      await run('operations/move-to-postgresql.md');
      await run(PAGE);

      const { rows } = await client.query(
        "SELECT datname FROM pg_database WHERE datname = 'leaving' UNION ALL SELECT rolname FROM pg_roles WHERE rolname = 'leaving'",
      );
      expect(rows).toEqual([]);
    } finally {
      await client.end();
    }
  });

  it('has no other commands', () => {
    expect(page.notRun).toEqual([]);
  });
});
