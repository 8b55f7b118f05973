import { type EntityMetadata, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { type WriteTransaction } from '../writes.js';

// TypeORM makes the text of each statement anew, which costs several times what the database does. These are for what
// every log-in writes.

const insertions = new WeakMap<EntityMetadata, string>();

/**
 * Inserts a whole row.
 *
 * @throws Error if it lacks a column: defaults are not for whom these are.
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
 * Runs a fixed statement with RETURNING, and returns its rows as the driver has them: 64-bit integers are texts on
 * PostgreSQL.
 *
 * @param text has its parameters as `?`, in their order.
 */
export async function returning<Row>(
  text: string,
  values: readonly unknown[],
  tx: WriteTransaction,
): Promise<Row[]> {
  const result = await tx.query<Row[] | [Row[], number]>(withParameters(text, tx), values.map(bound));
  // Of an update TypeORM hands over the rows alone on SQLite, and with their number on PostgreSQL.
  return Array.isArray(result[0]) ? result[0] : (result as Row[]);
}

/** Runs a fixed statement, whose parameters are `?`, in their order. */
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

/** The text with the parameters of the database at hand. */
function withParameters(text: string, { dataSource }: WriteTransaction): string {
  let index = 0;
  return text.replaceAll('?', () => dataSource.driver.createParameter('', index++));
}

/** SQLite's driver binds a `bigint` as the integer that it is, and larger numbers as fractions. */
function bound(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}
