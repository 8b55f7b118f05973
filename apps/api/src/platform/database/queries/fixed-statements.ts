import { type EntityMetadata, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { type WriteTransaction } from '../writes.service.js';

// TypeORM builds the text of each statement anew, which takes several times longer than running it. These
// functions are for statements of every login.

const insertions = new WeakMap<EntityMetadata, string>();

/**
 * Inserts a complete row.
 *
 * @throws Error if a column is missing, because defaults are not supported.
 */
export async function insertRow<Row extends ObjectLiteral>(
  type: EntityTarget<Row>,
  row: Row,
  tx: WriteTransaction,
): Promise<void> {
  const metadata = tx.dataSource.getMetadata(type);
  const { driver } = tx.dataSource;
  const values = metadata.columns.map((column) => {
    const value: unknown = driver.preparePersistentValue(column.getEntityValue(row), column);
    if (value === undefined) {
      throw new Error(`A row of ${metadata.tableName} has no ${column.databaseName}`);
    }
    return bound(value);
  });
  await tx.query(insertionOf(metadata), values);
}

/**
 * Runs a fixed statement with RETURNING and returns the rows of the driver: on PostgreSQL 64-bit integers are
 * strings.
 *
 * @param text has `?` for each parameter, in their order.
 */
export async function returning<Row>(
  text: string,
  values: readonly unknown[],
  tx: WriteTransaction,
): Promise<Row[]> {
  const result = await tx.query<Row[] | [Row[], number]>(withParameters(text, tx), values.map(bound));
  // For an update TypeORM returns the rows on SQLite, and a pair of rows and their number on PostgreSQL.
  return Array.isArray(result[0]) ? result[0] : (result as Row[]);
}

/** Runs a fixed statement with `?` for each parameter, in their order. */
export async function run(text: string, values: readonly unknown[], tx: WriteTransaction): Promise<void> {
  await tx.query(withParameters(text, tx), values.map(bound));
}

function insertionOf(metadata: EntityMetadata): string {
  let text = insertions.get(metadata);
  if (text === undefined) {
    const { driver } = metadata.dataSource;
    const columns = metadata.columns.map(({ databaseName }) => driver.escape(databaseName));
    const parameters = columns.map((name, index) => driver.createParameter(name, index));
    text = `INSERT INTO ${driver.escape(metadata.tableName)} (${columns.join(', ')}) VALUES (${parameters.join(', ')})`;
    insertions.set(metadata, text);
  }
  return text;
}

/** Replaces `?` with the placeholders of the database. */
function withParameters(text: string, { dataSource }: WriteTransaction): string {
  let index = 0;
  return text.replaceAll('?', () => dataSource.driver.createParameter('', index++));
}

/** The SQLite driver binds a `bigint` as an integer, but numbers beyond 32 bits as floats. */
function bound(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}
