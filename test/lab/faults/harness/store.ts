import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from '#sqlite';
import {
  startPrivateCluster,
  type PrivatePostgresCluster,
} from '../../../support/database/postgres-cluster.mjs';
import { queryOnce } from '../../../support/test-database.js';

/** Storage of a server under test. */
export interface Store {
  readonly folder: string;
  readonly url: string;
  /** Queries the database directly. */
  query<Row>(sql: string): Promise<Row[]>;
  /** Returns the damage that the database's own checks find. */
  damages(): Promise<string[]>;
  remove(): Promise<void>;
}

/** A SQLite file. */
export class SqliteStore implements Store {
  readonly url: string;
  readonly file: string;

  /** @param folder an empty folder that the caller removes; a new one if absent. */
  constructor(
    readonly folder = mkdtempSync(join(tmpdir(), 'latchkey-faults-')),
    private readonly isOwn = true,
  ) {
    this.file = join(folder, 'latchkey.sqlite');
    this.url = `sqlite:${this.file}`;
  }

  query<Row>(sql: string): Promise<Row[]> {
    const database = new Database(this.file, { readonly: true, timeout: 5_000 });
    try {
      return Promise.resolve(database.prepare(sql).all() as Row[]);
    } finally {
      database.close();
    }
  }

  /** Changes the file while no server runs. */
  execute(...statements: string[]): void {
    const database = new Database(this.file);
    try {
      statements.forEach((sql) => database.exec(sql));
    } finally {
      database.close();
    }
  }

  async damages(): Promise<string[]> {
    const integrity = await this.query<{ integrity_check: string }>('PRAGMA integrity_check');
    const orphans = await this.query<{ table: string }>('PRAGMA foreign_key_check');
    return [
      ...integrity.map((row) => row.integrity_check).filter((finding) => finding !== 'ok'),
      ...orphans.map(({ table }) => `an orphaned row in ${table}`),
    ];
  }

  remove(): Promise<void> {
    if (this.isOwn) {
      rmSync(this.folder, { recursive: true, force: true });
    }
    return Promise.resolve();
  }
}

/** A separate PostgreSQL cluster. */
export class PostgresStore implements Store {
  readonly folder = mkdtempSync(join(tmpdir(), 'latchkey-faults-'));

  private constructor(readonly cluster: PrivatePostgresCluster) {}

  static async start(): Promise<PostgresStore> {
    return new PostgresStore(await startPrivateCluster());
  }

  private pathname = '/postgres';

  get url(): string {
    const url = new URL(this.cluster.url);
    url.pathname = this.pathname;
    return url.href;
  }

  /** Uses a new database, whose tables are in this folder. */
  async useTablespace(folder: string): Promise<void> {
    // PostgreSQL may run as another account, which must own the folder.
    const [data] = await this.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
    const { uid, gid } = statSync(data!.folder);
    chownSync(folder, uid, gid);
    await this.query(`CREATE TABLESPACE own LOCATION '${folder}'`);
    await this.query('CREATE DATABASE own TABLESPACE own');
    this.pathname = '/own';
  }

  query<Row>(sql: string): Promise<Row[]> {
    return queryOnce<Row>(this.url, sql);
  }

  /** Reads all rows, which fails on unreadable ones. PostgreSQL checks foreign keys itself. */
  async damages(): Promise<string[]> {
    const tables = await this.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    for (const { name } of tables) {
      await this.query(`SELECT count(t) FROM "${name}" t`);
    }
    return [];
  }

  async remove(): Promise<void> {
    await this.cluster.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
