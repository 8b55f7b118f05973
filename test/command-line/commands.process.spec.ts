import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { Installation } from '../support/installation.js';
import { waitUntil } from '../support/wait-until.js';

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open({ LATCHKEY_AUDIT_KEY: undefined });
});

afterEach(() => {
  delete installation.environment.TMPDIR;
});

afterAll(() => installation.close());

const databaseFile = () => join(installation.database.folder, 'latchkey.sqlite');

/** Creates a folder for the temporary files of commands. */
function temporaryFolder(name: string): string {
  const folder = join(installation.folder, name);
  mkdirSync(folder);
  installation.environment.TMPDIR = folder;
  return folder;
}

/** Arguments of Node: loads all code of the bundle, and then runs its command line. */
const LOAD_ALL = [
  '--input-type=module',
  '--eval',
  `import { readdirSync } from 'node:fs';
   const bundle = new URL(process.argv[1]);
   for (const name of readdirSync(bundle).filter((each) => /^chunk-.*\\.js$/.test(each))) {
     await import(new URL(name, bundle));
   }
   await import(new URL('cli.js', bundle));`,
  pathToFileURL('dist/apps/api/bundle/').href,
];

describe('the bundle', () => {
  it('has all subcommands, and code that Node can load', async () => {
    const commandsIn = (help: string) => help.match(/^ {2}[\w-]+ .*/gm);

    const bundled = execFileSync(process.execPath, [...LOAD_ALL, '--all'], { encoding: 'utf8' });

    expect(commandsIn(bundled)).toEqual(commandsIn((await installation.latchkey.run(['--all'])).output));
  });
});

describe('a command as a process, beside a server', () => {
  beforeAll(async () => {
    const client = await installation.running();
    await client.createUserToken(ADMIN.name, await client.loginHeaders(ADMIN.name, ADMIN.password));
  });

  it.each<[how: string, command: string, options: () => string[], result: object]>([
    ['creates a user in the server', 'create-user', () => ['anna'], { link: expect.any(String) }],
    [
      'reads a list from the server',
      'list-tokens',
      () => ['--user', ADMIN.name, '--limit', '1'],
      { items: [{ user: 'admin' }] },
    ],
    [
      'copies the database of the server',
      'backup',
      () => [join(installation.folder, 'copy.sqlite')],
      { file: expect.stringMatching(/copy\.sqlite$/) },
    ],
  ])('%s: %s', async (_, command, options, result) => {
    expect(await installation.processes.json(command, ...options())).toMatchObject(result);
  });

  it('reads a password from a pipe', async () => {
    const client = await installation.running();

    const { code } = await installation.processes.run(
      ['create-admin', 'typed', '--password-file', '-'],
      `${PASSWORD}\n`,
    );

    expect([code, (await client.login('typed', PASSWORD)).status]).toEqual([0, 200]);
  });
});

describe('a command as a process, without a server', () => {
  beforeAll(async () => {
    await installation.running();
    await installation.stop();
  });

  it('is rejected in one line without a temporary folder', async () => {
    installation.environment.TMPDIR = join(installation.folder, 'nowhere');

    const { message } = await installation.processes.failure('unlock', 'admin');

    expect(message).toMatch(/^No temporary folder can be created in .*nowhere \(ENOENT\)\. Set TMPDIR/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves nothing in the temporary folder when %s ends it',
    async (signal) => {
      const temporary = temporaryFolder(signal);
      // The command waits for a writer of this file.
      const users = join(installation.folder, `${signal}.csv`);
      execFileSync('mkfifo', [users]);
      const child = installation.processes.spawn(['import-users', users]);
      const exit = once(child, 'exit');
      const files = () => readdirSync(temporary, { recursive: true }).map((path) => basename(String(path)));
      await waitUntil(files, (names) => names.includes('sock'), { pauseMilliseconds: 50 });

      child.kill(signal);

      expect(await exit).toEqual([null, signal]);
      expect(files()).toEqual([]);
    },
  );

  it('waits for another command that uses the database, and leaves nothing in the temporary folder', async () => {
    // Too long for the path of a socket.
    const temporary = temporaryFolder('x'.repeat(90));

    const outcomes = await Promise.all(
      ['first', 'second'].map((name) => installation.processes.run(['create-admin', name])),
    );

    expect(outcomes.map(({ code, errors }) => [code, errors])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(await installation.latchkey.json('verify-audit')).toMatchObject({ problems: [] });
  });

  it('exits with 1, and without a stack, when the reader of its output closes the pipe early', async () => {
    const child = installation.processes.spawn(['--all']);
    const errors = text(child.stderr);
    child.stdout.destroy();

    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(await errors).toBe('');
  });
});

describe('after kill -9 of the server', () => {
  it('commands work, and can restore a damaged database', async () => {
    await installation.runningProcess();
    const backup = join(installation.folder, 'backup.sqlite');
    await installation.latchkey.json('backup', backup);
    await installation.kill();

    expect(existsSync(`${databaseFile()}.sock`)).toBe(true);
    await installation.latchkey.json('create-admin', 'without-a-server');
    writeFileSync(databaseFile(), 'These are my holiday pictures.\n'.repeat(1_000));
    await installation.processes.json('restore', backup, '--yes');
    const client = await installation.running();
    expect((await client.login(ADMIN.name, ADMIN.password)).status).toBe(200);
    expect(await installation.latchkey.json('unlock', 'admin')).toEqual({ name: 'admin' });
  });
});
