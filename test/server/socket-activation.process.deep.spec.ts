import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { describeIfInstalled, ExternalProgram } from '../support/external-programs.js';
import { ADMIN } from '../support/factories.js';
import { MAIN, PREPARATION, serverIn, type Environment } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

const PROGRAM = 'systemd-socket-activate';
const MISSING = spawnSync(PROGRAM, ['--version']).status === 0 ? null : `${PROGRAM}: apt-get install systemd`;

/** Keeps the socket and starts the server again whenever it exits, like systemd with `latchkey.socket`. */
const SUPERVISOR = `
trap 'stopped=yes; kill "$server"' TERM
until [[ -n \${stopped-} ]]; do
  (export LISTEN_PID=$BASHPID; exec "$@" >> output 2>&1) &
  server=$!
  echo "$server" > server.pid.new && mv server.pid.new server.pid
  while wait "$server"; (($? > 128)) && kill -0 "$server" 2> /dev/null; do :; done
done
wait
`;

const CLIENTS = 4;
/** Pause of a client after each request, so that the restart gets the processor. */
const PAUSE_MILLISECONDS = 20;

let folder: string;
let program: ExternalProgram | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-socket-'));
});

afterEach(async () => {
  await program?.stop();
  program = undefined;
  rmSync(folder, { recursive: true });
});

/** Starts the supervisor with a socket at an address: `HOST:PORT`, or a path. */
async function start(environment: Environment = {}): Promise<ExternalProgram> {
  // The program passes its environment on only in part.
  const settings = Object.entries(serverIn(folder, environment)).map(
    ([name, value]) => `--setenv=${name}=${value}`,
  );
  program = await ExternalProgram.start((_, port) => ({
    program: PROGRAM,
    arguments: [
      ...[
        `--listen=127.0.0.1:${port}`,
        ...settings,
        'bash',
        '-c',
        `cd ${folder}\n${SUPERVISOR}`,
        'supervisor',
      ],
      ...[process.execPath, '--require', PREPARATION, MAIN],
    ],
    files: {},
  }));
  return program;
}

/** Process of the server, or `undefined` before it starts. */
function serverPid(): string | undefined {
  try {
    return readFileSync(join(folder, 'server.pid'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

async function restart(): Promise<void> {
  const before = serverPid();
  process.kill(Number(before), 'SIGTERM');
  await waitUntil(serverPid, (pid) => pid !== before, { pauseMilliseconds: 20 });
}

/** Sends requests one after the other until the signal aborts and returns the number of each result. */
async function load(
  baseUrl: string,
  agent: Agent | undefined,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const results = new Map<string, number>();
  while (!signal.aborted) {
    const result = await get(`${baseUrl}/health/live`, agent);
    results.set(result, (results.get(result) ?? 0) + 1);
    await pause(PAUSE_MILLISECONDS);
  }
  return results;
}

function get(url: string, agent?: Agent): Promise<string> {
  return new Promise((resolve) => {
    request(url, { agent }, (response) => {
      response.resume().on('end', () => resolve(String(response.statusCode)));
    })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .end();
  });
}

describeIfInstalled(MISSING, 'a socket passed by systemd', () => {
  it('is the one that is served and reported, and loses no request while the server drains and restarts', async () => {
    const { baseUrl } = await start({ PORT: '1', LATCHKEY_DRAIN_SECONDS: '1' });
    const { status } = await new ApiClient(baseUrl).login(ADMIN.name, ADMIN.password);

    expect(status).toBe(200);
    expect(readFileSync(join(folder, 'output'), 'utf8')).toContain(`"address":"${baseUrl}"`);

    const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: false })];
    const finished = new AbortController();
    const loads = Array.from({ length: CLIENTS }, (_, index) =>
      load(baseUrl, agents[index % agents.length], finished.signal),
    );

    await get(`${baseUrl}/health/ready`);
    await restart();
    const last = await get(`${baseUrl}/health/ready`);
    finished.abort();
    const results = await Promise.all(loads);
    agents.forEach((agent) => agent.destroy());

    expect(last).toBe('200');
    expect(results.map((counts) => [...counts.keys()])).toEqual(results.map(() => ['200']));
  });
});
