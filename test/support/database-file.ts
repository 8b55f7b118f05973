import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openDatabase } from './open-database.js';
import { serverIn, type Environment } from './server-process.js';

/** An SQLite database in a folder of its own, whatever database the test files are run on. */
export class DatabaseFile {
  readonly folder = mkdtempSync(join(tmpdir(), 'latchkey-file-'));
  readonly path = join(this.folder, 'latchkey.sqlite');

  /** The environment of a server on it. */
  environment(change: Environment = {}): Environment {
    return serverIn(this.folder, { LATCHKEY_DATA_DIR: this.folder, ...change });
  }

  /** Makes its tables, as the first start of a server does. */
  async migrate(): Promise<void> {
    const database = await openDatabase({ url: `sqlite:${this.path}`, folder: this.folder });
    await database.close();
  }

  /** Reads rows while no server runs. */
  query<Row>(sql: string): Row[] {
    // Not read-only, which would leave its log behind.
    const database = new Database(this.path);
    try {
      return database.prepare(sql).all() as Row[];
    } finally {
      database.close();
    }
  }

  /** Changes rows while no server runs. */
  execute(...statements: string[]): void {
    const database = new Database(this.path);
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
