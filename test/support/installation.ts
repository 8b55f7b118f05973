import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorSocket } from '../../apps/api/src/cli/server/operator-socket.service.js';
import { type ApiClient } from './api-client.js';
import { CommandLine, CommandProcess } from './command-line.js';
import { freePort } from './free-port.mjs';
import { serverIn, ServerProcess, type Environment } from './server-process.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { TestServer } from './test-server.js';
import { RECEIVING, timesLogged } from './use-replicas.js';
import { waitUntil } from './wait-until.js';

/** A server and a command line with the same database, folder and environment. */
export class Installation {
  private server: TestServer | undefined;
  private serverProcess: ServerProcess | undefined;

  private constructor(
    readonly database: TestDatabase,
    readonly environment: Environment,
    /** Folder for the files of commands. */
    readonly folder: string,
  ) {}

  /** Creates an installation with an empty database. */
  static async open(change: Environment = {}): Promise<Installation> {
    const database = await createTestDatabase({ isEmpty: true });
    const environment = serverIn(database.folder, {
      PORT: String(await freePort()),
      DATABASE_URL: database.url,
      LATCHKEY_DATA_DIR: database.folder,
      ...change,
    });
    return new Installation(database, environment, mkdtempSync(join(tmpdir(), 'latchkey-cli-')));
  }

  get latchkey(): CommandLine {
    return new CommandLine(this.environment, this.folder);
  }

  /** The command line as processes. */
  get processes(): CommandProcess {
    return new CommandProcess(this.environment, this.folder);
  }

  /**
   * Returns the client of the server and starts it first if necessary. On SQLite it runs in this process, and
   * listens on any port. On PostgreSQL it is a process, because commands open an application of their own,
   * and a process can have one.
   */
  async running(): Promise<ApiClient> {
    if (globalThis.DATABASE_KIND === 'postgres') {
      const server = await this.runningProcess();
      // It caches no tokens before.
      await waitUntil(() => timesLogged(server, RECEIVING) === 1);
      return server.client;
    }
    this.server ??= await this.start();
    return this.server.client;
  }

  /** Returns the server as a process and starts it first if necessary. */
  async runningProcess(): Promise<ServerProcess> {
    const { child } = this.serverProcess ?? {};
    if (!this.serverProcess || child?.exitCode !== null || child.signalCode !== null) {
      this.serverProcess = await ServerProcess.start(this.environment, Number(this.environment.PORT));
    }
    return this.serverProcess;
  }

  async stop(): Promise<void> {
    await this.serverProcess?.stop();
    await this.server?.stop();
    this.server = undefined;
  }

  /** Kills the server process, like a power cut. */
  async kill(): Promise<void> {
    await this.serverProcess?.kill();
  }

  async close(): Promise<void> {
    await this.kill();
    await this.stop();
    await this.database.drop();
    rmSync(this.folder, { recursive: true });
  }

  private async start(): Promise<TestServer> {
    const { database, environment } = this;
    // The files of a server are for its owner only.
    const umask = process.umask(0o077);
    try {
      const server = await TestServer.start({ database, environment });
      await server.app.get(OperatorSocket).open();
      return server;
    } finally {
      process.umask(umask);
    }
  }
}
