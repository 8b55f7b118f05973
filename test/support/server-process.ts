import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient } from './api-client.js';
import { ADMIN } from './factories.js';
import { rejectLeaks } from './secrets.js';
import { type TestDatabase } from './test-database.js';
import { freePort } from './free-port.mjs';

/** Script of the built server. */
export const MAIN = join(process.cwd(), 'dist/apps/api/bundle/main.js');
/** Script of the next release: this build with more migrations. */
export const NEXT_BUILD = join(process.cwd(), 'test/support/next-build.mjs');
/** Script that `npm start` loads before it. */
export const PREPARATION = join(process.cwd(), 'apps/api/bin/prepare-process.cjs');
/** Most servers of tests stop before optimized functions pay off. */
const V8_FLAGS = join(process.cwd(), 'test/support/v8-flags.cjs');
const START_MILLISECONDS = 60_000;
/** In the log, or on a terminal. */
const READY = /Latchkey (verifier )?([\d.]+ )?is ready/;

declare global {
  /** Output of each server and command of the test file. The environment prints the end if a test fails. */
  var recordedOutputs: string[][] | undefined;
}

/** Environment variables of a server. `undefined` omits a variable. */
export type Environment = Record<string, string | undefined>;

const HIDE_SQLITE = `import Module from 'node:module';
const load = Module._load;
Module._load = (name, ...rest) => {
  if (name.startsWith('better-sqlite3')) {
    throw new Error('hidden');
  }
  return load(name, ...rest);
};`;

/** Environment of a process that finds no driver for SQLite, as on Node 20 without the additional package. */
export const WITHOUT_SQLITE: Environment = {
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(HIDE_SQLITE)}`,
};

/** Records the output of a process, whose end is printed if a test fails. Returns the chunks so far. */
export function recordOutput({ stdout, stderr }: Record<'stdout' | 'stderr', Readable>): string[] {
  const chunks: string[] = [];
  globalThis.recordedOutputs?.push(chunks);
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  }
  return chunks;
}

/** Built server in its own process. */
export class ServerProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly client: ApiClient,
    private readonly chunks: string[],
    private readonly errorChunks: string[],
    private readonly databaseUrl: string | undefined,
  ) {}

  /**
   * Starts the built server on a free port of the loopback interface, without waiting until it is ready.
   *
   * @param main script of another build.
   * @param args arguments of the script, such as `verifier`.
   */
  static async spawn(
    environment: Environment,
    port?: number,
    main = MAIN,
    args: readonly string[] = [],
  ): Promise<ServerProcess> {
    if (!existsSync(main)) {
      throw new Error('The server is not built. Run npm run build.');
    }
    const listening = port ?? (await freePort());
    const child = spawn(process.execPath, ['--require', V8_FLAGS, '--require', PREPARATION, main, ...args], {
      env: {
        PATH: process.env.PATH,
        PORT: String(listening),
        LATCHKEY_AUDIT_KEY: randomBytes(32).toString('base64'),
        LATCHKEY_LOG_LEVEL: 'debug',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = recordOutput(child);
    const errorChunks: string[] = [];
    child.stderr.on('data', (chunk: string) => errorChunks.push(chunk));
    const client = new ApiClient(`http://127.0.0.1:${listening}`);
    return new ServerProcess(child, client, chunks, errorChunks, environment.DATABASE_URL);
  }

  /** Starts the built server and waits until it is ready. It must log at level info. */
  static async start(...how: Parameters<typeof ServerProcess.spawn>): Promise<ServerProcess> {
    const server = await ServerProcess.spawn(...how);
    const deadline = Date.now() + START_MILLISECONDS;
    while (Date.now() < deadline && server.child.exitCode === null) {
      // Another server could respond on the port.
      const isReady =
        READY.test(server.output) &&
        (await server.client.ready().then(
          ({ status }) => status === 200,
          () => false,
        ));
      if (isReady) {
        return server;
      }
      await pause(50);
    }
    await server.kill();
    throw new Error(`The server did not start: ${server.output}`);
  }

  /** Standard output and standard error. */
  get output(): string {
    return this.chunks.join('');
  }

  /** Standard error. */
  get errors(): string {
    return this.errorChunks.join('');
  }

  /** Waits for the exit and returns the exit code. Throws if the output contains a secret. */
  async exit(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      // At this event, all output has been read.
      await once(this.child, 'close');
    }
    rejectLeaks(this.output, this.databaseUrl);
    return this.child.exitCode;
  }

  /** Stops the server like a supervisor. */
  stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.exit();
  }

  /** Kills the server, like a power failure. */
  kill(): Promise<number | null> {
    this.child.kill('SIGKILL');
    return this.exit();
  }
}

/** Returns the environment of a server with a test database, and with limits that most tests do not reach. */
export function serverOn(
  { url, folder }: Pick<TestDatabase, 'url' | 'folder'>,
  environment: Environment = {},
): Environment {
  return serverIn(folder, { DATABASE_URL: url, LATCHKEY_DATA_DIR: folder, ...environment });
}

/**
 * Returns the environment of a server with its database in a folder, and with limits that most tests do not
 * reach.
 */
export function serverIn(folder: string, environment: Environment = {}): Environment {
  return {
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    LATCHKEY_ADMIN_PASSWORD: ADMIN.password,
    LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
    LATCHKEY_SEAL_KEY: Buffer.alloc(32, 8).toString('base64'),
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '100000',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: '100000',
    LATCHKEY_WRITE_LIMIT_PER_USER: '1000000000',
    // Long enough for a write on a busy machine.
    LATCHKEY_STATEMENT_TIMEOUT_MS: '90000',
    ...environment,
  };
}
