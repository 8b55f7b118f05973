import { listed, type MovedColumn, type MovedRow, type MovedTable } from './moved-table.js';
import { checkedValue } from './checked-value.js';
import { type SqliteSource } from './sqlite-source.js';

/** Rows that are in memory at once. */
const BATCH = 1_000;

/**
 * Reads all rows of a table in the order of its key, a batch at a time.
 *
 * @throws DatabaseFileError if one has a value that PostgreSQL cannot hold.
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

/** How many rows a table has. */
export function countRows(source: SqliteSource, { name }: MovedTable): number {
  const [{ count } = { count: 0 }] = source.all<{ count: number }>(`SELECT COUNT(*) AS count FROM "${name}"`);
  return count;
}

/** All but texts by their digits, as a number of 64 bits is more than the driver's numbers hold. */
function selected({ name, content }: MovedColumn): string {
  return content === 'text' ? `t."${name}"` : `CAST(t."${name}" AS TEXT) AS "${name}"`;
}

/** The key of a row as SQLite compares it. */
function boundKey({ key }: MovedTable, row: MovedRow): unknown[] {
  return key.map(({ name, content }) => (content === 'text' ? row[name] : BigInt(row[name] ?? 0)));
}

function checkedRow(source: SqliteSource, table: MovedTable, row: MovedRow): MovedRow {
  return Object.fromEntries(
    table.columns.map((column) => [column.name, checkedValue(source, table, column, row)]),
  );
}
