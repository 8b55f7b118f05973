import { listed, type MovedColumn, type MovedRow, type MovedTable, placeOf } from './moved-table.js';
import { type SqliteSource } from './sqlite-source.js';
import { DatabaseFileError } from '../../../common/application-error.js';

/** Rows in memory at a time. */
const BATCH = 1_000;

/** Replacement of the SQLite driver for bytes that are not UTF-8, such as half of a surrogate pair. */
const REPLACEMENT = '\uFFFD';

const INTEGER = /^-?\d+$/;
const INTEGER_MAX = 2 ** 31 - 1;
const BOOLEANS = new Map([
  ['0', 'false'],
  ['1', 'true'],
]);

/** Rows of a table to be moved. */
export class SourceRows {
  constructor(
    private readonly source: SqliteSource,
    private readonly table: MovedTable,
  ) {}

  count(): number {
    const [row] = this.source.all<{ count: number }>(`SELECT COUNT(*) AS count FROM "${this.table.name}"`);
    return row?.count ?? 0;
  }

  /**
   * Yields all rows in the order of the key and rejects values that PostgreSQL cannot store. Reads them in
   * batches.
   */
  *batches(): Generator<MovedRow[], undefined> {
    const { name, key, columns, checks } = this.table;
    const select = `SELECT ${columns.map(selected).join(', ')} FROM "${name}" AS t`;
    const ordered = `ORDER BY ${listed(key, 't.')} LIMIT ${BATCH}`;
    const after = `WHERE (${listed(key, 't.')}) > (${key.map(() => '?').join(', ')})`;
    const read = (sql: string, ...from: unknown[]) =>
      this.source.all<MovedRow>(sql, ...from).map((row) => this.checked(row));
    for (const [check, condition] of checks) {
      const [row] = this.source.all<MovedRow>(`${select} WHERE NOT (${condition}) LIMIT 1`);
      if (row) {
        throw this.notStorable(row, `it violates ${check}`);
      }
    }
    let batch = read(`${select} ${ordered}`);
    for (let last = batch.at(-1); last; last = batch.at(-1)) {
      const from = this.boundKey(last);
      yield batch;
      batch = read(`${select} ${after} ${ordered}`, ...from);
    }
  }

  /** Returns the key of a row as parameters for SQLite. */
  private boundKey(row: MovedRow): unknown[] {
    return this.table.key.map(({ name, content }) =>
      content === 'text' ? row[name] : BigInt(row[name] ?? 0),
    );
  }

  /** Returns a row that PostgreSQL accepts. SQLite accepts any value in a column of any type. */
  private checked(row: MovedRow): MovedRow {
    return Object.fromEntries(
      this.table.columns.map((column) => {
        const value: unknown = row[column.name];
        if (value === null) {
          return [column.name, null];
        }
        const problem = typeof value === 'string' ? this.problemOf(column, value, row) : 'is not text';
        if (typeof value !== 'string' || problem !== undefined) {
          // Without the value, which may be secret.
          throw this.notStorable(row, `${column.name} ${problem}`);
        }
        return [column.name, column.content === 'boolean' ? (BOOLEANS.get(value) ?? null) : value];
      }),
    );
  }

  private problemOf(column: MovedColumn, value: string, row: MovedRow): string | undefined {
    switch (column.content) {
      case 'text':
        return (
          problemOfText(column, value) ?? (this.isAsStored(column, value, row) ? undefined : 'is not UTF-8')
        );
      case 'boolean':
        return BOOLEANS.has(value) ? undefined : 'is neither yes nor no';
      case 'integer':
      case 'bigint':
        return problemOfNumber(column, value);
    }
  }

  /** Whether a text equals the bytes in the file. */
  private isAsStored(column: MovedColumn, value: string, row: MovedRow): boolean {
    if (!value.includes(REPLACEMENT)) {
      return true;
    }
    const { name, key } = this.table;
    const isThisRow = key.map((part) => `"${part.name}" = ?`).join(' AND ');
    const [stored] = this.source.all<{ bytes: Buffer }>(
      `SELECT CAST("${column.name}" AS BLOB) AS "bytes" FROM "${name}" WHERE ${isThisRow}`,
      ...key.map((part) => row[part.name]),
    );
    return stored?.bytes.equals(Buffer.from(value)) ?? false;
  }

  private notStorable(row: MovedRow, problem: string): DatabaseFileError {
    return new DatabaseFileError(
      `PostgreSQL cannot store ${placeOf(this.table, row)}: ${problem}. Start the server on the file again, change or delete the row, and try again.`,
    );
  }
}

/** Selects numbers as strings, because 64-bit integers exceed the precision of the driver. */
function selected({ name, content }: MovedColumn): string {
  return content === 'text' ? `t."${name}"` : `CAST(t."${name}" AS TEXT) AS "${name}"`;
}

function problemOfText({ maxLength = Infinity }: MovedColumn, value: string): string | undefined {
  if (value.includes('\0')) {
    return 'has a NUL character';
  }
  // Counting UTF-16 units is faster, and there are never more code points than units.
  return value.length > maxLength && [...value].length > maxLength
    ? `has more than ${maxLength} characters`
    : undefined;
}

function problemOfNumber({ content }: MovedColumn, value: string): string | undefined {
  if (!INTEGER.test(value)) {
    return 'is not a whole number';
  }
  return content === 'integer' && Math.abs(Number(value)) > INTEGER_MAX ? 'is too large a number' : undefined;
}
