import { type EntityManager } from 'typeorm';
import { DatabaseFileError } from '../../../common/application-error.js';
import { codeOf } from '../driver-errors.js';
import { listed, type MovedRow, type MovedTable, placeOf } from './moved-table.js';

/** Tables that migrations fill, with a condition for rows that are not from migrations. */
const SEEDED: Readonly<Record<string, string>> = {
  roles: 'NOT "isBuiltIn"',
  audit_chain: '"sequence" > 0',
  event_targets: `"name" <> 'owners'`,
  event_sender: '"sequence" > 0',
};

const LOCK_TIMEOUT_CODE = '55P03';

/** PostgreSQL database that is the target of a move. It is written in one transaction. */
export class PostgresTarget {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Locks the tables until the transaction ends. A server that starts meanwhile waits, and then finds all
   * rows.
   */
  async lock(tables: readonly MovedTable[]): Promise<void> {
    try {
      await this.manager.query(`SET LOCAL lock_timeout = '20s'`);
      await this.manager.query(`LOCK TABLE ${tables.map(({ name }) => `"${name}"`).join(', ')}`);
    } catch (error) {
      throw codeOf(error) === LOCK_TIMEOUT_CODE
        ? new DatabaseFileError(
            'Another session uses the tables of the PostgreSQL database. Stop servers, commands and backups there first.',
          )
        : error;
    }
  }

  /** Checks that the database is unused. Its tables may be missing or of an older build. */
  async checkUnused(tables: readonly MovedTable[]): Promise<void> {
    const found: string[] = [];
    for (const { name } of tables) {
      const count = (await this.has(name)) ? await this.count(name, SEEDED[name]) : 0;
      if (count > 0) {
        found.push(`${name} (${count})`);
      }
    }
    if (found.length > 0) {
      throw new DatabaseFileError(
        `The PostgreSQL database is not empty: it has rows in ${found.join(', ')}. Create a new database, and use its URL.`,
      );
    }
  }

  /** Deletes the rows that migrations inserted. */
  async removeSeeds(): Promise<void> {
    for (const name of Object.keys(SEEDED)) {
      await this.manager.query(`DELETE FROM "${name}"`);
    }
  }

  /** Inserts rows. One parameter holds all of them. */
  async insert({ name, columns }: MovedTable, rows: readonly MovedRow[]): Promise<void> {
    await this.manager.query(
      `INSERT INTO "${name}" (${listed(columns)})
       SELECT ${listed(columns)} FROM json_populate_recordset(NULL::"${name}", $1)`,
      [JSON.stringify(rows)],
    );
  }

  /**
   * Reads copied rows back and compares them field by field.
   *
   * @throws DatabaseFileError that names table, key and column of the first difference, but no value.
   */
  async checkCopies(table: MovedTable, rows: readonly MovedRow[]): Promise<void> {
    const keyOf = (row: MovedRow) => JSON.stringify(table.key.map(({ name }) => row[name]));
    const copies = new Map((await this.find(table, rows)).map((copy) => [keyOf(copy), copy]));
    for (const row of rows) {
      const copy = copies.get(keyOf(row));
      if (!copy) {
        throw differenceAt(`${placeOf(table, row)} is missing`);
      }
      const different = table.columns.find(({ name }) => copy[name] !== row[name]);
      if (different) {
        throw differenceAt(`${placeOf(table, row)} has another ${different.name}`);
      }
    }
  }

  /** Compares the number of rows with that of the copied rows. */
  async checkCount({ name }: MovedTable, expected: number): Promise<void> {
    const count = await this.count(name);
    if (count !== expected) {
      throw differenceAt(`${name} has ${count} rows, and the file ${expected}`);
    }
  }

  /** Returns the rows with the same keys, in any order. */
  private find({ name, columns, key }: MovedTable, rows: readonly MovedRow[]): Promise<MovedRow[]> {
    const keys = rows.map((row) => Object.fromEntries(key.map((column) => [column.name, row[column.name]])));
    return this.manager.query<MovedRow[]>(
      `SELECT ${columns.map((column) => `t."${column.name}"::text`).join(', ')}
       FROM json_populate_recordset(NULL::"${name}", $1) JOIN "${name}" t USING (${listed(key)})`,
      [JSON.stringify(keys)],
    );
  }

  private async count(name: string, condition = 'TRUE'): Promise<number> {
    const [row] = await this.manager.query<{ count: unknown }[]>(
      `SELECT COUNT(*) AS count FROM "${name}" WHERE ${condition}`,
    );
    return Number(row?.count);
  }

  /** Updates the statistics of the query planner. */
  async analyze(tables: readonly MovedTable[]): Promise<void> {
    await this.manager.query(`ANALYZE ${tables.map(({ name }) => `"${name}"`).join(', ')}`);
  }

  private async has(name: string): Promise<boolean> {
    const [row] = await this.manager.query<{ isThere: boolean }[]>(
      'SELECT to_regclass(quote_ident($1)) IS NOT NULL AS "isThere"',
      [name],
    );
    return row?.isThere ?? false;
  }
}

function differenceAt(difference: string): DatabaseFileError {
  return new DatabaseFileError(
    `The copy differs from the file: ${difference}. Nothing was moved. Something in PostgreSQL, such as a trigger, changes rows as they are written.`,
  );
}
