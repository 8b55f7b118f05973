import { listed, type MovedColumn, type MovedRow, type MovedTable, placeOf } from './moved-table.js';
import { type SqliteSource } from './sqlite-source.js';
import { DatabaseFileError } from '../../../common/application-error.js';

/** Rows in memory at a time. */
const BATCH = 1_000;

/** Yields all rows of a table in the order of its key. It reads them in batches. */
export function* sourceRows(source: SqliteSource, table: MovedTable): Generator<MovedRow[], undefined> {
  const { name, key, columns } = table;
  const select = `SELECT ${columns.map(selected).join(', ')} FROM "${name}" AS t`;
  const ordered = `ORDER BY ${listed(key, 't.')} LIMIT ${BATCH}`;
  const after = `WHERE (${listed(key, 't.')}) > (${key.map(() => '?').join(', ')})`;
  const read = (sql: string, ...from: unknown[]) =>
    source.all<MovedRow>(sql, ...from).map((row) => checkedRow(source, table, row));
  for (const [check, condition] of table.checks) {
    const [row] = source.all<MovedRow>(`${select} WHERE NOT (${condition}) LIMIT 1`);
    if (row) {
      throw notStorable(table, row, `it violates ${check}`);
    }
  }
  let batch = read(`${select} ${ordered}`);
  for (let last = batch.at(-1); last; last = batch.at(-1)) {
    const from = boundKey(table, last);
    yield batch;
    batch = read(`${select} ${after} ${ordered}`, ...from);
  }
}

/** Returns the number of rows of a table. */
export function countRows(source: SqliteSource, { name }: MovedTable): number {
  const [{ count } = { count: 0 }] = source.all<{ count: number }>(`SELECT COUNT(*) AS count FROM "${name}"`);
  return count;
}

/** Selects numbers as strings, because 64-bit integers exceed the precision of the driver. */
function selected({ name, content }: MovedColumn): string {
  return content === 'text' ? `t."${name}"` : `CAST(t."${name}" AS TEXT) AS "${name}"`;
}

/** Returns the key of a row as parameters for SQLite. */
function boundKey({ key }: MovedTable, row: MovedRow): unknown[] {
  return key.map(({ name, content }) => (content === 'text' ? row[name] : BigInt(row[name] ?? 0)));
}

function checkedRow(source: SqliteSource, table: MovedTable, row: MovedRow): MovedRow {
  return Object.fromEntries(
    table.columns.map((column) => [column.name, checkedValue(source, table, column, row)]),
  );
}

/** Replacement of the SQLite driver for bytes that are not UTF-8, such as half of a surrogate pair. */
const REPLACEMENT = '\uFFFD';

const INTEGER = /^-?\d+$/;
const INTEGER_MAX = 2 ** 31 - 1;
const BOOLEANS = new Map([
  ['0', 'false'],
  ['1', 'true'],
]);

/**
 * Returns a value that PostgreSQL accepts. SQLite accepts any value in a column of any type.
 *
 * @throws DatabaseFileError that names table, key and column, but not the value, which may be secret.
 */
function checkedValue(
  source: SqliteSource,
  table: MovedTable,
  column: MovedColumn,
  row: MovedRow,
): string | null {
  const value: unknown = row[column.name];
  if (value === null) {
    return null;
  }
  const problem = typeof value === 'string' ? problemOf(source, table, column, row, value) : 'is not text';
  if (typeof value !== 'string' || problem !== undefined) {
    throw notStorable(table, row, `${column.name} ${problem}`);
  }
  return column.content === 'boolean' ? (BOOLEANS.get(value) ?? null) : value;
}

function notStorable(table: MovedTable, row: MovedRow, problem: string): DatabaseFileError {
  return new DatabaseFileError(
    `PostgreSQL cannot store ${placeOf(table, row)}: ${problem}. Start the server on the file again, change or delete the row, and try again.`,
  );
}

/** Returns the problem of a value; `undefined` if it has none. */
function problemOf(
  source: SqliteSource,
  table: MovedTable,
  column: MovedColumn,
  row: MovedRow,
  value: string,
): string | undefined {
  switch (column.content) {
    case 'text':
      return (
        problemOfText(column, value) ??
        (isAsStored(source, table, column, row, value) ? undefined : 'is not UTF-8')
      );
    case 'boolean':
      return BOOLEANS.has(value) ? undefined : 'is neither yes nor no';
    case 'integer':
    case 'bigint':
      return problemOfNumber(column, value);
  }
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

/** Whether a text equals the bytes in the file. */
function isAsStored(
  source: SqliteSource,
  { name, key }: MovedTable,
  column: MovedColumn,
  row: MovedRow,
  value: string,
): boolean {
  if (!value.includes(REPLACEMENT)) {
    return true;
  }
  const isThisRow = key.map((part) => `"${part.name}" = ?`).join(' AND ');
  const [stored] = source.all<{ bytes: Buffer }>(
    `SELECT CAST("${column.name}" AS BLOB) AS "bytes" FROM "${name}" WHERE ${isThisRow}`,
    ...key.map((part) => row[part.name]),
  );
  return stored?.bytes.equals(Buffer.from(value)) ?? false;
}
