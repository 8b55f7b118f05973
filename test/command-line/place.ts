import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandLine } from '../support/command-line.js';
import { freePort } from '../support/free-port.mjs';
import { serverIn, ServerProcess, type Environment } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Starting a command takes a second or two, and a test runs several. */
export const TIMEOUT = 180_000;

/** A server and a command line with the same database, folder and environment. */
export class Place {
  private server: ServerProcess | undefined;

  private constructor(
    readonly database: TestDatabase,
    readonly environment: Environment,
    /** Folder for the files of commands. */
    readonly folder: string,
    private readonly port: number,
  ) {}

  /** Creates a place with an empty database. */
  static async open(kind: 'sqlite' | 'postgres', change: Environment = {}): Promise<Place> {
    globalThis.DATABASE_KIND = kind;
    const database = await createTestDatabase();
    const port = await freePort();
    const environment = serverIn(database.folder, {
      PORT: String(port),
      DATABASE_URL: database.url,
      LATCHKEY_DATA_DIR: database.folder,
      ...change,
    });
    return new Place(database, environment, mkdtempSync(join(tmpdir(), 'latchkey-cli-')), port);
  }

  get latchkey(): CommandLine {
    return new CommandLine(this.environment, this.folder);
  }

  /** Returns the server and starts it first if necessary. */
  async running(): Promise<ServerProcess> {
    const { child } = this.server ?? {};
    if (!this.server || child?.exitCode !== null || child.signalCode !== null) {
      this.server = await ServerProcess.start(this.environment, this.port);
    }
    return this.server;
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /** Kills the server, like a power cut. */
  async kill(): Promise<void> {
    await this.server?.kill();
  }

  async close(): Promise<void> {
    await this.kill();
    await this.database.drop();
    rmSync(this.folder, { recursive: true });
  }
}
