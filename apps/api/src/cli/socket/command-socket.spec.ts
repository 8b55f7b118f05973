import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Config } from '../../platform/config/config.js';
import { createLogger } from '../../platform/logging/logger.js';
import { CommandError } from '../command-failure.js';
import { type CommandRunner } from '../command-runner.js';
import { type Progress, type ReportProgress } from '../command.js';
import { CommandSocket } from './command-socket.js';
import { type CommandOutcome, type CommandRequest } from './messages.js';
import { SocketSession } from './socket-session.js';

type Run = (request: Omit<CommandRequest, 'build'>, report: ReportProgress) => Promise<CommandOutcome>;

const INVOKER = { user: 'alice', traceId: 'trace-1' };

let folder: string;
let file: string;
let sockets: CommandSocket[];
let sessions: SocketSession[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-socket-')));
  file = join(folder, 'latchkey.sqlite');
  writeFileSync(file, '');
  sockets = [];
  sessions = [];
});

afterEach(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await Promise.all(sockets.map((socket) => socket.beforeApplicationShutdown()));
  rmSync(folder, { recursive: true });
});

/** Opens a socket that runs commands with this function. */
async function open(run: Run): Promise<CommandSocket> {
  const config = { database: { kind: 'sqlite', file } } as Config;
  const socket = new CommandSocket({ run } as CommandRunner, config, createLogger('silent'));
  sockets.push(socket);
  await socket.open();
  return socket;
}

async function connect(): Promise<SocketSession> {
  const session = await SocketSession.connect(`${file}.sock`, INVOKER);
  if (!session) {
    throw new Error('No server listens');
  }
  sessions.push(session);
  return session;
}

const unlock = (session: SocketSession, name: string, report: ReportProgress = () => undefined) =>
  session.run('unlock', { name }, report);

describe('CommandSocket', () => {
  it('passes on the account and the command, and returns progress and the result', async () => {
    const asked: unknown[] = [];
    await open((request, report) => {
      asked.push(request);
      report({ done: 1, total: 2, what: 'things' });
      return Promise.resolve({ result: { name: 'ännchen' } });
    });
    const progress: Progress[] = [];

    const result = await unlock(await connect(), 'ännchen', (step) => progress.push(step));

    expect(asked).toEqual([
      expect.objectContaining({ ...INVOKER, command: 'unlock', options: { name: 'ännchen' } }),
    ]);
    expect(progress).toEqual([{ done: 1, total: 2, what: 'things' }]);
    expect(result).toEqual({ name: 'ännchen' });
  });

  it('returns the error of a failed command, and accepts the next one on the same connection', async () => {
    await open(({ options }) =>
      Promise.resolve(
        (options as { name: string }).name === 'wrong'
          ? { error: { code: 'not_found', message: 'There is no user of this name.' } }
          : { result: {} },
      ),
    );
    const session = await connect();

    const failing = unlock(session, 'wrong');

    await expect(failing).rejects.toThrow(
      new CommandError({ code: 'not_found', message: 'There is no user of this name.' }),
    );
    expect(await unlock(session, 'right')).toEqual({});
  });

  it('finishes the running command before it closes, and accepts no more', async () => {
    let finish: (outcome: CommandOutcome) => void = () => undefined;
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const socket = await open(() => {
      begun();
      return new Promise((resolve) => (finish = resolve));
    });
    const result = unlock(await connect(), 'anna');
    await running;
    const idle = await connect();

    const closed = socket.beforeApplicationShutdown();
    finish({ result: { name: 'anna' } });

    expect(await result).toEqual({ name: 'anna' });
    await closed;
    await expect(unlock(idle, 'bert')).rejects.toThrow(/stopped before it responded/);
    expect(await SocketSession.connect(`${file}.sock`, INVOKER)).toBeUndefined();
  });

  it('replaces the socket of a killed server, and is accessible to its owner only', async () => {
    writeFileSync(`${file}.sock`, '', { mode: 0o666 });

    await open(() => Promise.resolve({ result: {} }));

    expect((statSync(`${file}.sock`).mode & 0o777).toString(8)).toBe('600');
  });

  it('keeps the server running when the path is taken', async () => {
    mkdirSync(`${file}.sock`);

    await expect(open(() => Promise.resolve({ result: {} }))).resolves.toBeDefined();

    expect(statSync(`${file}.sock`).isDirectory()).toBe(true);
  });
});
