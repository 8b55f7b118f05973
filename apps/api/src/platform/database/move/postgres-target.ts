import { type EntityManager } from 'typeorm';
import { DatabaseFileError } from '../database-file-error.js';
import { codeOf } from '../driver-errors.js';
import { listed, type MovedRow, type MovedTable } from './moved-table.js';

/** The tables that migrations put rows into, and which rows are others than theirs. */
const SEEDED: Readonly<Record<string, string>> = {
  roles: 'NOT "isBuiltIn"',
  audit_chain: '"sequence" > 0',
};

const LOCK_TIMEOUT_CODE = '55P03';

/** A PostgreSQL database that everything is moved into; it is written within one transaction. */
export class PostgresTarget {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Keeps everybody else out until the transaction ends: a server that starts meanwhile waits, and then finds everything
   * there and not, for a moment, nobody.
   *
   * @throws DatabaseFileError if somebody does not let go of the tables.
   */
  async lock(tables: readonly MovedTable[]): Promise<void> {
    try {
      await this.manager.query(`SET LOCAL lock_timeout = '20s'`);
      await this.manager.query(`LOCK TABLE ${tables.map(({ name }) => `"${name}"`).join(', ')}`);
    } catch (error) {
      throw codeOf(error) === LOCK_TIMEOUT_CODE
        ? new DatabaseFileError(
            'Somebody uses the tables of the PostgreSQL database: stop servers, commands and backups there first.',
          )
        : error;
    }
  }

  /**
   * Makes sure that nobody has used the database, whose tables may be of an older build, or not be there yet.
   *
   * @throws DatabaseFileError that says what is there.
   */
  async checkUnused(tables: readonly MovedTable[]): Promise<void> {
    const found: string[] = [];
    for (const { name } of tables) {
      const count = (await this.has(name)) ? await this.count(name, SEEDED[name]) : 0;
      if (count > 0) {
        found.push(`${count} in ${name}`);
      }
    }
    if (found.length > 0) {
      throw new DatabaseFileError(
        `The PostgreSQL database is not empty: there are ${found.join(', ')}. Nothing is added to what is there: make a new database, and name that one.`,
      );
    }
  }

  /** Removes what migrations have put in. */
  async removeSeeds(): Promise<void> {
    for (const name of Object.keys(SEEDED)) {
      await this.manager.query(`DELETE FROM "${name}"`);
    }
  }

  /** Adds rows. One parameter holds them all, whatever their number. */
  async insert({ name, columns }: MovedTable, rows: readonly MovedRow[]): Promise<void> {
    await this.manager.query(
      `INSERT INTO "${name}" (${listed(columns)})
       SELECT ${listed(columns)} FROM json_populate_recordset(NULL::"${name}", $1)`,
      [JSON.stringify(rows)],
    );
  }

  /** Reads the rows that have the same keys as these, in any order. */
  find({ name, columns, key }: MovedTable, rows: readonly MovedRow[]): Promise<MovedRow[]> {
    const keys = rows.map((row) => Object.fromEntries(key.map((column) => [column.name, row[column.name]])));
    return this.manager.query<MovedRow[]>(
      `SELECT ${columns.map((column) => `t."${column.name}"::text`).join(', ')}
       FROM json_populate_recordset(NULL::"${name}", $1) JOIN "${name}" t USING (${listed(key)})`,
      [JSON.stringify(keys)],
    );
  }

  /** How many rows a table has. */
  async count(name: string, condition = 'TRUE'): Promise<number> {
    const [row] = await this.manager.query<{ count: unknown }[]>(
      `SELECT COUNT(*) AS count FROM "${name}" WHERE ${condition}`,
    );
    return Number(row?.count);
  }

  /** Tells the planner what is there now. */
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
