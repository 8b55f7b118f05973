import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Finding } from '../../apps/api/src/cli/doctor/finding.js';
import { CommandLine } from '../support/command-line.js';
import { describeIfInstalled } from '../support/external-programs.js';
import { ADMIN } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { MailServer } from '../support/mail-server.js';
import { type Environment } from '../support/server-process.js';
import { Installation } from '../support/installation.js';

interface Diagnosis {
  ok: boolean;
  checks: Finding[];
}

/** Runs the command in a folder and returns its exit code and its findings by check. */
async function diagnose(environment: Environment, folder: string, ...options: string[]) {
  const { code, output, errors } = await new CommandLine(environment, folder).run([
    ...options,
    'doctor',
    '--json',
  ]);
  expect(errors).toBe('');
  const { ok, checks } = JSON.parse(output) as Diagnosis;
  // The message and the advice of each.
  return { code, ok, checks: Object.fromEntries(checks.map((finding) => [finding.check, finding])) };
}

describe('latchkey doctor on SQLite', () => {
  let installation: Installation;
  const check = (change: Environment = {}, ...options: string[]) =>
    diagnose({ ...installation.environment, ...change }, installation.folder, ...options);

  beforeAll(async () => {
    installation = await Installation.open();
    await installation.running();
  });

  afterAll(() => installation.close());

  it('accepts a running server, and warns that there is no backup', async () => {
    const { code, ok, checks } = await check();

    expect({ code, ok }).toEqual({ code: 0, ok: true });
    const verdicts = Object.values(checks).map(({ check: name, verdict }) => [name, verdict]);
    expect(verdicts.filter(([name]) => name !== 'node' && name !== 'disk')).toEqual([
      ['settings', 'ok'],
      ['start', 'ok'],
      ['files', 'ok'],
      ['database', 'ok'],
      ['clock', 'ok'],
      ['audit key', 'ok'],
      ['seal key', 'ok'],
      ['tokens', 'ok'],
      ['backups', 'warning'],
      ['tls', 'ok'],
      ['proxies', 'ok'],
      ['mail', 'skipped'],
      ['events', 'ok'],
    ]);
  });

  it('prints one line for each check, and one with advice for each warning', async () => {
    const { code, output } = await installation.latchkey.run(['doctor']);

    expect(code).toBe(0);
    expect(output).toMatch(
      /^ok {7}start {6}The server is running, and would start again with these settings\.$/m,
    );
    expect(output).toMatch(/^warning {2}backups {4}The database .*\n {20}Run latchkey backup FILE each day/m);
  });

  it('knows the last backup', async () => {
    const file = join(installation.folder, 'backup.sqlite');
    await installation.latchkey.json('backup', file);

    const { checks } = await check();

    expect(checks['backups']).toEqual({
      check: 'backups',
      verdict: 'ok',
      message: expect.stringMatching(`^The last backup is from \\S+Z: ${file}$`),
    });
  });

  it('warns of tokens that expire soon, and of a proxy that is not trusted', async () => {
    const client = await installation.running();
    const headers = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const expirationTime = new Date(Date.now() + 86_400_000).toISOString();
    const create = (note: string) =>
      client.request('POST', '/me/tokens', { headers, body: { note, expirationTime } });
    const created = await create('soon');
    // Its whole lifetime is a day, so it is left out.
    await create('short-lived');
    await installation.database.execute(`UPDATE tokens SET "lifeStartTime" = 0 WHERE note = 'soon'`);
    await client.request('GET', '/health/live', { headers: { 'X-Forwarded-For': '192.0.2.1' } });

    const { code, checks } = await check();

    expect(created.status).toBe(201);
    expect(code).toBe(0);
    expect(checks['tokens']).toMatchObject({
      verdict: 'warning',
      message: '1 API token expires within 14 days.',
      advice: expect.stringContaining('latchkey list-tokens --kind api --state expiring'),
    });
    expect(checks['proxies']).toMatchObject({
      verdict: 'warning',
      message: expect.stringContaining('127.0.0.1 (1 connection)'),
    });
  });

  it('judges TLS by the address of the running server, which may be that of a socket of systemd', async () => {
    const { checks } = await check({ HOST: '0.0.0.0', LATCHKEY_PUBLIC_URL: 'http://localhost' });

    expect(checks['tls']).toMatchObject({
      verdict: 'ok',
      message: expect.stringContaining('the server listens on 127.0.0.1'),
    });
  });

  it('reports event targets that fail, and events test the reason', async () => {
    const client = await installation.running();
    const headers = await client.loginHeaders(ADMIN.name, ADMIN.password);
    const hook = { name: 'hook', kind: 'webhook', url: 'https://127.0.0.1:1/', types: ['token.leaked'] };
    const created = await client.request('POST', '/event-targets', { headers, body: hook });
    expect(created.status).toBe(201);

    const { message } = await installation.latchkey.failure('events', 'test', 'hook');
    expect(message).toMatch(/^hook did not accept the event: /);

    const set = (column: string) => installation.database.execute(`UPDATE "event_targets" SET ${column}`);
    await set(`"failingSince" = 1 WHERE "name" = 'hook'`);
    expect((await check()).checks['events']).toMatchObject({ verdict: 'warning' });
    await set(`"enabled" = false, "disabledReason" = 'failing' WHERE "name" = 'hook'`);
    expect((await check()).checks['events']).toMatchObject({
      verdict: 'problem',
      message: 'The server disabled event targets: hook.',
    });
    await installation.database.execute(`DELETE FROM "event_targets" WHERE "name" = 'hook'`);
  });

  it('connects to the mail server, and mail test sends a message to an address', async () => {
    const mails = await MailServer.start();
    const environment = { ...installation.environment, ...mails.environment };
    const latchkey = new CommandLine(environment, installation.folder);
    const { checks } = await check(mails.environment);
    const sent = await latchkey.run(['mail', 'test', 'anna@example.org', '--language', 'de']);
    const rejected = await latchkey.failure('mail', 'test', 'Anna <anna@example.org>');
    await mails.close();
    const closed = await check(mails.environment);
    const failed = await latchkey.failure('mail', 'test', 'anna@example.org');

    const server = `smtp://127.0.0.1:${mails.port}`;
    expect(checks['mail']).toMatchObject({
      verdict: 'ok',
      message: `${server} accepts the connection on this machine.`,
    });
    expect(sent).toEqual({
      code: 0,
      output: `${server} accepted the message to anna@example.org.\n`,
      errors: '',
    });
    expect(mails.received).toHaveLength(1);
    expect(mails.textTo('anna@example.org')).toContain('kann Latchkey E-Mails senden');
    expect(rejected.message).toBe('"Anna <anna@example.org>" is not a plain e-mail address.');
    expect(closed.checks['mail']).toMatchObject({
      verdict: 'problem',
      message: expect.stringMatching(/^smtp:.* does not work: .*ECONNREFUSED.*\.$/),
      advice: expect.stringContaining('latchkey mail test'),
    });
    expect(failed.message).toMatch(/did not accept the message: .*ECONNREFUSED/);
  });

  it('reports a database that other accounts can read, and exits with 1', async () => {
    const file = installation.environment['DATABASE_URL']?.replace('sqlite:', '') ?? '';
    chmodSync(file, 0o644);

    const { code, ok, checks } = await check();

    chmodSync(file, 0o600);
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(checks['files']).toMatchObject({ verdict: 'problem', advice: `Run: chmod go-rwx ${file}` });
  });

  it('works with a stopped server', async () => {
    await installation.stop();

    const { code, checks } = await check();

    expect(code).toBe(0);
    expect(checks['database']?.verdict).toBe('ok');
    expect(checks['proxies']?.verdict).toBe('skipped');
  });

  it('sends links to users, and prints those that the mail server does not accept', async () => {
    const mails = await MailServer.start();
    const latchkey = new CommandLine(
      { ...installation.environment, ...mails.environment },
      installation.folder,
    );
    const created = await latchkey.run(['create-user', 'anna', '--email', 'anna@example.org', '--send']);
    await mails.close();
    const { code, output, errors } = await latchkey.run(['reset-password', 'anna', '--send']);

    expect([created.code, created.output]).toEqual([
      0,
      expect.stringMatching(
        /^Created the user anna\. Sent the link to choose a password to anna@example\.org\./,
      ),
    ]);
    expect(created.output).not.toContain('#');
    expect(mails.textTo('anna@example.org')).toMatch(
      /https:\/\/auth\.example\.org\/admin\/set-up\?name=anna#/,
    );
    expect([code, errors]).toEqual([1, expect.stringMatching(/^The link was not sent: .*ECONNREFUSED/)]);
    expect(output).toMatch(/https:\/\/auth\.example\.org\/admin\/set-up\?name=anna#[\w-]{22}/);
  });

  it('reports an invalid setting, and skips the checks that need it', async () => {
    const { code, checks } = await check({ PORT: 'many' });

    expect(code).toBe(1);
    expect(checks['settings']).toMatchObject({
      verdict: 'problem',
      message: expect.stringMatching(/^PORT: /),
    });
    expect(checks['start']?.verdict).toBe('skipped');
    expect(checks['node']?.verdict).not.toBe('skipped');
  });

  it('reports a settings file that cannot be read', async () => {
    const { code, checks } = await check({}, '--environment-file', 'absent.env');

    expect(code).toBe(1);
    expect(checks['settings']).toMatchObject({
      verdict: 'problem',
      message: 'absent.env does not exist. Check the path.',
    });
  });

  it('reports another key than that of the audit trail', async () => {
    const { code, checks } = await check({ LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 9).toString('base64') });

    expect(code).toBe(1);
    expect(checks['audit key']).toMatchObject({
      verdict: 'problem',
      message: expect.stringMatching(/^The audit trail needs key \w+, and this server has key \w+\.$/),
      advice: expect.stringContaining('latchkey rotate-audit-key --old-key-lost'),
    });
  });

  it('reports an open address without TLS', async () => {
    const { code, checks } = await check({ HOST: '0.0.0.0' });

    expect(code).toBe(1);
    expect(checks['tls']?.verdict).toBe('problem');
  });

  it('reads .env, and reports its mode, or that it was ignored', async () => {
    const file = join(installation.folder, '.env');
    writeFileSync(file, 'LATCHKEY_LOG_LEVEL=warn\n');
    chmodSync(file, 0o604);
    const read = await check();
    chmodSync(file, 0o606);
    const ignored = await check();
    rmSync(file);

    expect(read.checks['settings']?.verdict).toBe('ok');
    expect(read.checks['files']).toMatchObject({
      verdict: 'problem',
      message: 'Other accounts can read or change .env (0604).',
    });
    expect(ignored.checks['settings']).toMatchObject({
      verdict: 'warning',
      advice: expect.stringContaining('--environment-file .env doctor'),
    });
  });

  it('reports a file that is not a database', async () => {
    const file = join(installation.folder, 'text.sqlite');
    writeFileSync(file, 'This is a text of some length, and no database at all.'.repeat(100), {
      mode: 0o600,
    });

    const { code, checks } = await check({ DATABASE_URL: `sqlite:${file}` });

    expect(code).toBe(1);
    expect(checks['start']?.verdict).toBe('problem');
    expect(checks['database']).toMatchObject({
      verdict: 'problem',
      message: expect.stringContaining(file),
    });
    expect(checks['clock']?.verdict).toBe('skipped');
  });

  it('accepts a database that does not exist yet', async () => {
    const { code, checks } = await check({
      DATABASE_URL: `sqlite:${join(installation.folder, 'new/latchkey.sqlite')}`,
      LATCHKEY_DATA_DIR: '',
    });

    expect(code).toBe(0);
    expect(checks['database']).toMatchObject({
      verdict: 'ok',
      message: expect.stringContaining('no database yet'),
    });
  });
});

const mount = mkdtempSync(join(tmpdir(), 'latchkey-tmpfs-'));
const isMounted = mountSmallDisk(mount);

afterAll(() => {
  if (isMounted) {
    execFileSync('umount', [mount]);
  }
  rmSync(mount, { recursive: true });
});

describeIfInstalled(
  isMounted ? null : 'root: to mount a small disk',
  'latchkey doctor on a full disk',
  () => {
    it('reports the free space', async () => {
      const folder = join(mount, 'data');
      mkdirSync(folder, { mode: 0o700 });

      const { code, checks } = await diagnose(
        { DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`, PORT: String(await freePort()) },
        mount,
      );

      expect(code).toBe(1);
      expect(checks['disk']).toMatchObject({
        verdict: 'problem',
        message: expect.stringMatching(/^Free space in .* MiB\.$/),
      });
    });
  },
);

function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
