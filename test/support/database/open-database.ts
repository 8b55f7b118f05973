import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from '#sqlite';
import { ENTITIES } from '../../../apps/api/src/app.module.js';
import { Config } from '../../../apps/api/src/platform/config/config.js';
import { Database } from '../../../apps/api/src/platform/database/database.js';
import { serverIn, type Environment } from '../server-process.js';
import { type TestDatabase } from '../test-database.js';

/** Any audit key, which PostgreSQL requires. */
const KEY = Buffer.alloc(32, 7).toString('base64');

/** Opens a database like the server, without starting a server. */
export function openDatabase(
  { url, folder }: Pick<TestDatabase, 'url' | 'folder'>,
  environment: Record<string, string> = {},
): Promise<Database> {
  const config = Config.read({
    DATABASE_URL: url,
    LATCHKEY_DATA_DIR: folder,
    LATCHKEY_AUDIT_KEY: KEY,
    // Long enough for a busy machine, as in TestServer.
    LATCHKEY_STATEMENT_TIMEOUT_MS: '90000',
    ...environment,
  });
  return Database.open(config, ENTITIES);
}

/** SQLite database in a temporary folder, also in tests that run on PostgreSQL. */
export class DatabaseFile {
  readonly folder = mkdtempSync(join(tmpdir(), 'latchkey-file-'));
  readonly path = join(this.folder, 'latchkey.sqlite');

  /** Returns the environment of a server with this database. */
  environment(change: Environment = {}): Environment {
    return serverIn(this.folder, { LATCHKEY_DATA_DIR: this.folder, ...change });
  }

  /** Creates the tables, like the first start of a server. */
  async migrate(): Promise<void> {
    const database = await openDatabase({ url: `sqlite:${this.path}`, folder: this.folder });
    await database.close();
  }

  /** Reads rows while no server runs. */
  query<Row>(sql: string): Row[] {
    // Not read-only, which would leave the write-ahead log behind.
    const database = new Sqlite(this.path);
    try {
      return database.prepare(sql).all() as Row[];
    } finally {
      database.close();
    }
  }

  /** Changes rows while no server runs. */
  execute(...statements: string[]): void {
    const database = new Sqlite(this.path);
    try {
      statements.forEach((sql) => database.exec(sql));
    } finally {
      database.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
