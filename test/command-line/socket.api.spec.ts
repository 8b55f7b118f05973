import { chmodSync, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine, LOADER } from '../support/command-line.js';
import { withClient } from '../../apps/api/src/cli/client/open-client.js';
import { openApplication } from '../../apps/api/src/open-application.js';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { SqliteLock } from '../../apps/api/src/platform/database/sqlite/sqlite-lock.js';
import { Installation } from '../support/installation.js';

let installation: Installation;

beforeEach(async () => {
  installation = await Installation.open();
});

afterEach(() => installation.close());

const databaseFile = () => (installation.environment.DATABASE_URL ?? '').replace('sqlite:', '');
const socketFile = () => `${databaseFile()}.sock`;

/** Puts the database in a folder whose path is too long for a socket. */
function moveDeepDown(): void {
  const folder = join(installation.database.folder, 'deep'.repeat(30), 'down'.repeat(30));
  mkdirSync(folder, { recursive: true });
  installation.environment.DATABASE_URL = `sqlite:${join(folder, 'latchkey.sqlite')}`;
}

/**
 * Sends a line to the socket and reads until the response is complete or the server closes the connection.
 */
function answerTo(line: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(socketFile());
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
      socket.end();
    });
    // The server may close the connection before the line is written.
    socket.on('error', () => undefined).on('close', () => resolve(answer));
    socket.write(line);
  });
}

describe('the socket of the command line', () => {
  it('is for its owner only, and is removed when the server stops', async () => {
    await installation.running();

    expect((statSync(socketFile()).mode & 0o777).toString(8)).toBe('600');
    expect(statSync(socketFile()).isSocket()).toBe(true);
    await installation.stop();
    expect(existsSync(socketFile())).toBe(false);
  });

  it('works with a path that is too long for the system', async () => {
    moveDeepDown();
    await installation.running();

    const unlocked = await installation.latchkey.json('unlock', 'admin');

    expect(unlocked).toEqual({ name: 'admin' });
    expect((statSync(socketFile()).mode & 0o777).toString(8)).toBe('600');
    await installation.stop();
    expect(existsSync(socketFile())).toBe(false);
  });

  it('rejects requests without credentials, and malformed ones', async () => {
    const client = await installation.running();

    const answers = [
      await answerTo('GET /users HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      await answerTo('null\n'),
      await answerTo(`GET /users HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`),
    ];

    expect(answers.map((answer) => answer.split('\r\n')[0])).toEqual([
      'HTTP/1.1 401 Unauthorized',
      'HTTP/1.1 400 Bad Request',
      'HTTP/1.1 431 Request Header Fields Too Large',
    ]);
    expect((await client.ready()).status).toBe(200);
    expect(await installation.latchkey.json('unlock', 'admin')).toEqual({ name: 'admin' });
  });
});

describe('openApplication', () => {
  it('closes the database if it cannot listen', async () => {
    await installation.running();
    await installation.stop();

    const opened = openApplication(Config.read(installation.environment), installation.folder);

    await expect(opened).rejects.toThrow(/EADDRINUSE/);
    SqliteLock.acquireFor(databaseFile()).release();
  });
});

describe('a command', () => {
  it('is rejected in one line without a database, and creates none', async () => {
    const file = join(installation.folder, 'nowhere', 'latchkey.sqlite');
    const latchkey = new CommandLine({ DATABASE_URL: `sqlite:${file}` }, installation.folder);

    const { code, errors } = await latchkey.run(['create-admin', 'somebody']);

    expect({ code, errors }).toEqual({
      code: 1,
      errors: expect.stringMatching(/^There is no database .*\n$/),
    });
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('is rejected in one line on a database that was not created by a server', async () => {
    writeFileSync(databaseFile(), '');

    const { message } = await installation.latchkey.failure('create-admin', 'somebody');

    expect(message).toMatch(/no Latchkey tables/);
  });

  it('is rejected in one line on tables of another build, which it does not change', async () => {
    await installation.running();
    await installation.stop();
    const rejections = [];
    for (const sql of [
      'DELETE FROM migrations WHERE id = (SELECT MAX(id) FROM migrations)',
      `INSERT INTO migrations (timestamp, name) VALUES (1, 'Later1')`,
    ]) {
      await installation.database.execute(sql);
      rejections.push((await installation.latchkey.failure('list-tokens')).message);
    }

    expect(rejections).toEqual([
      expect.stringMatching(/older than this build\. Start the server/),
      expect.stringMatching(/newer than this build\. Use the command line/),
    ]);
  });

  it('gives up when another process holds the database and accepts no commands', async () => {
    await installation.running();
    await installation.stop();
    const lock = SqliteLock.acquireFor(databaseFile());
    try {
      const called = withClient(Config.read(installation.environment), LOADER, () => Promise.resolve(), 1);

      await expect(called).rejects.toThrow(/^Another Latchkey process is using the database/);
    } finally {
      lock.release();
    }
  });

  it('reads .env of the working directory like the server, or the file of --environment-file', async () => {
    await installation.running();
    const env = Object.entries(installation.environment).map(([name, value]) => `${name}="${value}"`);
    const latchkey = new CommandLine({}, installation.folder);
    writeFileSync(join(installation.folder, 'server.env'), env.join('\n'));

    const none = await latchkey.failure('unlock', 'admin');
    const absent = await latchkey.failure('unlock', 'admin', '--environment-file', 'absent');
    const named = await latchkey.json('--environment-file', 'server.env', 'unlock', 'admin');
    renameSync(join(installation.folder, 'server.env'), join(installation.folder, '.env'));
    const unnamed = await latchkey.json('unlock', 'admin');

    expect(none.message).toMatch(/^There is no database .*data\/latchkey\.sqlite\. .*--environment-file/);
    expect(absent.message).toBe('absent does not exist. Check the path.');
    expect([named, unnamed]).toEqual([{ name: 'admin' }, { name: 'admin' }]);
  });

  it('ignores a .env that other accounts can change', async () => {
    await installation.running();
    const file = join(installation.folder, '.env');
    writeFileSync(file, 'DATABASE_URL=sqlite:elsewhere/other.sqlite\nPORT=many');
    chmodSync(file, 0o666);

    const { code, errors } = await installation.latchkey.run(['unlock', 'admin']);

    expect({ code, errors }).toEqual({
      code: 0,
      errors:
        'Ignored .env in this folder, because other accounts can change it. If your server reads it, add --environment-file .env.\n',
    });
  });
});
