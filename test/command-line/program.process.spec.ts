import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';
import { freePort } from '../support/free-port.mjs';
import { type Environment } from '../support/server-process.js';
import { PackageRegistry } from './package-registry.js';

const run = promisify(execFile);

let folder: string;
let latchkey: CommandLine;

let environment: Environment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-program-'));
  environment = {
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    PORT: String(await freePort()),
  };
  latchkey = new CommandLine(environment, folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the command line on a Node that reports this version. */
function latchkeyOn(version: string): CommandLine {
  const fake = join(folder, `node-${version}.cjs`);
  const versions = `{ ...process.versions, node: '${version}' }`;
  writeFileSync(fake, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
  return new CommandLine({ ...environment, NODE_OPTIONS: `--require=${fake}` }, folder);
}

const commandsIn = (help: string) => [...help.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name]) => name);

describe('latchkey', () => {
  it.each([[['--all']], [['--help', '--all']]])('prints all commands with %j', async (args) => {
    const { code, output, errors } = await latchkey.run(args);

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(commandsIn(output)).toEqual([
      'serve',
      'config',
      'doctor',
      'create-admin',
      'create-user',
      'create-role',
      'reset-password',
      'unlock',
      'import-users',
      'list-users',
      'create-token',
      'rotate-token',
      'list-tokens',
      'revoke',
      'apis',
      'explain',
      'verify-audit',
      'rotate-audit-key',
      'backup',
      'restore',
      'migrate-database',
      'trust-clock',
      'help',
    ]);
  });

  it('prints the ten most used commands with --help, and how to list the others', async () => {
    const { code, output, errors } = await latchkey.run(['--help']);

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(commandsIn(output)).toEqual([
      'serve',
      'config',
      'doctor',
      'create-admin',
      'create-user',
      'reset-password',
      'create-token',
      'revoke',
      'backup',
      'restore',
    ]);
    expect(output).toContain('latchkey --all');
  });

  it('prints the same without arguments', async () => {
    expect(await latchkey.run([])).toEqual(await latchkey.run(['--help']));
  });

  it.each([
    [['--environment-file', '.env']],
    [['no-such-command']],
    [['no-such-command', '--help']],
    [['--help', 'no-such-command']],
    [['help', 'no-such-command']],
    [['help', 'config', 'no-such-command']],
    [['config', 'no-such-command']],
    [['config', 'no-such-command', '--help']],
    [['serve', 'now']],
    [['serve', '--no-such-option']],
    [['create-admin']],
    [['create-admin', 'one', 'two']],
    [['create-user', 'anna', '--kind', 'robot']],
    [['create-role']],
    [['create-token', '--user', 'anna', '--out', '-']],
    [['list-tokens', '--limit', 'many']],
    [['list-tokens', '--state', 'foo']],
    [['list-tokens', '--kind', 'foo']],
    [['list-tokens', '--user', 'anna', '--user', 'bert']],
    [['config', 'check', '--environment-file', 'one', '--environment-file', 'two']],
    [['list-tokens', '--no-such-option']],
    [['create-token']],
    [['create-token', '--user', 'anna', '--expires-in', '5w']],
    [['rotate-token']],
    [['list-users', '--kind', 'robot']],
    [['apis', 'no-such-command']],
    [['apis', 'create', 'orders', '--permission', 'read']],
    [['verify-audit', '--head', 'foo']],
    [['import-users', 'users.csv', '--format', 'xml']],
    [['migrate-database']],
    [['revoke']],
    [['revoke', 'some-id', '--all']],
    [['revoke', '--user', 'anna', '--descendants']],
  ])('exits with 2 and prints nothing to standard output for %j', async (args) => {
    const { code, output, errors } = await latchkey.run(args);

    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).not.toBe('');
  });

  it.each([
    [['--help', 'list-tokens']],
    [['list-tokens', '--help']],
    [['help', 'list-tokens']],
    [['config', '--help']],
    [['help']],
  ])('prints help and exits with 0 for %j', async (args) => {
    const { code, output, errors } = await latchkey.run(args);

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toMatch(/^Usage: latchkey /);
  });

  it('prints the help of a subcommand', async () => {
    expect(await latchkey.run(['help', 'config', 'init'])).toEqual(
      await latchkey.run(['config', 'init', '--help']),
    );
  });

  it.each([
    [[], 'a command is missing'],
    [['config'], 'a command is missing'],
    [['list-token'], "unknown command 'list-token' (Did you mean list-tokens?)"],
    [['list-token', '--help'], "unknown command 'list-token' (Did you mean list-tokens?)"],
    [['config', 'chek', '--help'], "unknown command 'chek' (Did you mean check?)"],
    [['help', 'list-token'], "unknown command 'list-token' (Did you mean list-tokens?)"],
    [['apis', 'creat', 'orders'], "unknown command 'creat' (Did you mean create?)"],
    [['list-tokens', '--usr', 'anna'], "unknown option '--usr' (Did you mean --user?)"],
    [
      ['create-user', 'anna', '--password-file', 'a.txt', '--out', 'b.txt'],
      "option '--password-file <file>' cannot be used with option '--out <file>'",
    ],
    [
      ['create-user', 'job', '--kind', 'service', '--out', 'b.txt'],
      'a service has no password, so it needs neither --password-file nor --out',
    ],
    [['reset-password'], "missing required argument 'name'"],
    [['list-tokens', '--bogus'], "unknown option '--bogus'"],
    [
      ['list-tokens', '--limit', 'x'],
      "option '--limit <number>' argument 'x' is invalid. Use a whole number from 1 to 10000",
    ],
    [
      ['list-tokens', '--state', 'foo'],
      "option '--state <states>' argument 'foo' is invalid. Use one or more of active, expiring, pending, expired, disabled, revoked, separated by commas",
    ],
    [['list-tokens', '--user', 'anna', '--user', 'ben'], "option '--user <name>' may be given only once"],
    [['revoke'], 'give either the id of one token, or --user, or --all'],
  ])('prints the usage error of %j as JSON when requested', async (args, usageError) => {
    const outcomes = await Promise.all([
      latchkey.run(['--json', ...args]),
      latchkey.run([...args, '--json']),
    ]);

    const message = `${usageError}. Use --help for all commands and options.`;
    expect(
      outcomes.map(({ errors, ...rest }) => ({ ...rest, errors: JSON.parse(errors) as unknown })),
    ).toEqual(Array(2).fill({ code: 2, output: '', errors: { error: { code: 'command_line', message } } }));
  });

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

    expect(await latchkey.run(['--version'])).toEqual({ code: 0, output: `${version}\n`, errors: '' });
    expect(await latchkey.json('--version')).toEqual({ version });
  });

  it('prints an invalid configuration in one line, and as JSON when requested', async () => {
    const wrong = new CommandLine({ PORT: 'many' }, folder);

    const plain = await wrong.run(['config', 'check']);
    const json = await wrong.failure('config', 'check');

    expect(plain).toEqual({ code: 1, output: '', errors: expect.stringMatching(/^PORT: .*\n$/) });
    expect(json).toEqual({ code: 'configuration', message: plain.errors.trim() });
  });

  it('prints ok for a configuration whose database does not exist yet', async () => {
    const { code, output } = await latchkey.run(['config', 'check']);

    expect(code).toBe(0);
    expect(output).toMatch(/^ok\n/);
  });

  it('prints advice when it is not built', async () => {
    const root = join(folder, 'copy');
    const copy = join(root, 'apps/api/bin');
    cpSync('apps/api/bin', copy, { recursive: true });
    cpSync('package.json', join(root, 'package.json'));
    const advice = (steps: string) => ({
      code: 1,
      stderr: `Latchkey is not built yet. Run ${steps} first.\n`,
    });
    const outcome = () => run(process.execPath, [join(copy, 'latchkey.cjs')]);

    await expect(outcome()).rejects.toMatchObject(advice('npm ci && npm run build'));
    mkdirSync(join(root, 'node_modules'));
    await expect(outcome()).rejects.toMatchObject(advice('npm run build'));
  });

  it('has as many threads as the server', () => {
    const start = (file: string) =>
      readFileSync(join('apps/api/bin', file), 'utf8').replace(/^(#!|\/\/).*\n/gm, '');

    expect(start('latchkey.cjs')).toBe("require('./check-node.cjs');\nrequire('./run.cjs');\n");
    expect(start('run.cjs')).toMatch(/^require\('\.\/prepare-process\.cjs'\);/);
  });

  it.each([
    ['8.17.0', ['--help']],
    ['18.20.8', ['--help']],
    ['18.20.8', ['serve']],
    ['18.20.8', ['doctor']],
    ['20.19.9', ['serve']],
    ['21.7.3', ['serve']],
    ['22.13.1', ['serve']],
    ['25.0.0', ['serve']],
  ])(
    'exits with one line on Node %s with the arguments %j, and names the supported versions',
    async (version, args) => {
      const { code, output, errors } = await latchkeyOn(version).run(args);

      expect({ code, output, errors }).toEqual({
        code: 1,
        output: '',
        errors: `Latchkey does not run on Node ${version}. Install one of these versions: 20 (20.20 or later), 22 (22.14 or later), 24 (24.11 or later), 26 or later.\n`,
      });
    },
  );

  it.each(['20.20.0', '22.14.0', '22.15.0', '24.11.1', '26.0.0', '27.1.0'])(
    'runs on Node %s',
    async (version) => {
      expect(await latchkeyOn(version).run(['--version'])).toMatchObject({ code: 0, errors: '' });
    },
  );

  describe('by npx and npm', () => {
    it('can be run', async () => {
      const env = {
        ...process.env,
        ...environment,
        npm_config_cache: join(folder, 'npm'),
        npm_config_offline: 'true',
      };

      const outputs = await Promise.all([
        run('npx', ['--no-install', 'latchkey', 'config', 'check'], { env }),
        run('npm', ['run', '--silent', 'cli', '--', 'config', 'check'], { env }),
      ]);

      outputs.forEach(({ stdout }) => expect(stdout).toMatch(/^ok\n/));
    });

    it('is not downloaded from a registry with a package of the same name', async () => {
      const registry = await PackageRegistry.start('latchkey');
      try {
        const outcome = run('npx', ['--no-install', 'latchkey', 'config', 'check'], {
          cwd: folder,
          env: { ...process.env, ...registry.environment, npm_config_cache: join(folder, 'npm') },
        });

        await expect(outcome).rejects.toMatchObject({
          stdout: '',
          stderr: expect.stringMatching(/canceled .*latchkey@1\.0\.0/),
        });
        expect(registry.asked).toEqual(['/latchkey']);
      } finally {
        await registry.stop();
      }
    });
  });
});
