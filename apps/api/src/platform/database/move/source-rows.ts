import { listed, type MovedColumn, type MovedRow, type MovedTable } from './moved-table.js';
import { checkedValue } from './checked-value.js';
import { type SqliteSource } from './sqlite-source.js';

/** Rows in memory at a time. */
const BATCH = 1_000;

/**
 * Yields all rows of a table in the order of its key. It reads them in batches.
 *
 * @throws DatabaseFileError if a row has a value that PostgreSQL cannot store.
 */
export function* sourceRows(source: SqliteSource, table: MovedTable): Generator<MovedRow[], undefined> {
  const { name, key, columns } = table;
  const select = `SELECT ${columns.map(selected).join(', ')} FROM "${name}" AS t`;
  const ordered = `ORDER BY ${listed(key, 't.')} LIMIT ${BATCH}`;
  const after = `WHERE (${listed(key, 't.')}) > (${key.map(() => '?').join(', ')})`;
  const read = (sql: string, ...from: unknown[]) =>
    source.all<MovedRow>(sql, ...from).map((row) => checkedRow(source, table, row));
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
