import { DatabaseFileError } from '../../../common/application-error.js';
import { placeOf, type MovedRow, type MovedTable } from './moved-table.js';
import { type PostgresTarget } from './postgres-target.js';

/**
 * Reads copied rows back and compares them field by field.
 *
 * @throws DatabaseFileError that names table, key and column of the first difference, but no value.
 */
export async function checkCopies(
  target: PostgresTarget,
  table: MovedTable,
  rows: readonly MovedRow[],
): Promise<void> {
  const keyOf = (row: MovedRow) => JSON.stringify(table.key.map(({ name }) => row[name]));
  const copies = new Map((await target.find(table, rows)).map((copy) => [keyOf(copy), copy]));
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

/** @throws DatabaseFileError if the number of rows differs from the number of copied rows. */
export async function checkCount(
  target: PostgresTarget,
  { name }: MovedTable,
  expected: number,
): Promise<void> {
  const count = await target.count(name);
  if (count !== expected) {
    throw differenceAt(`${name} has ${count} rows, and the file ${expected}`);
  }
}

function differenceAt(difference: string): DatabaseFileError {
  return new DatabaseFileError(
    `The copy differs from the file: ${difference}. Nothing was moved. Something in PostgreSQL, such as a trigger, changes rows as they are written.`,
  );
}
