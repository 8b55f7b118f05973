import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';
import { freePort } from '../support/free-port.mjs';

let folder: string;
let latchkey: CommandLine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-program-'));
  latchkey = new CommandLine(
    { DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`, PORT: String(await freePort()) },
    folder,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

const commandsIn = (help: string) => [...help.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name]) => name);

describe('latchkey', () => {
  it.each([[['--all']], [['--help', '--all']]])('prints all commands with %j', async (args) => {
    const { code, output, errors } = await latchkey.run(args);

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(commandsIn(output)).toEqual([
      'serve',
      'verifier',
      'config',
      'doctor',
      'mail',
      'events',
      'create-admin',
      'create-user',
      'create-role',
      'reset-password',
      'reset-second-factors',
      'rotate-seal-key',
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
    const [, documentation = ''] = /^Documentation: (.+)$/m.exec(output) ?? [];
    expect(existsSync(documentation)).toBe(true);
    // Without a terminal, too.
    const lines = output.replace(documentation, '').split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
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
    [['verifier', 'now']],
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
      'a service has no password, so --password-file, --out and --send do not apply',
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
});
