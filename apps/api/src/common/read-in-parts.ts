import { setImmediate as otherWork } from 'node:timers/promises';

/** Rows that are read in one go; the others' requests are answered between. */
const PART = 500;

/**
 * Reads a long list in parts, each beginning after the last row of the one before.
 *
 * @param read reads at most so many rows after that one; `undefined` = from the beginning.
 * @param size rows in a part.
 */
export async function* readInParts<T>(
  read: (after: T | undefined, limit: number) => Promise<T[]>,
  size = PART,
): AsyncGenerator<T[]> {
  let last: T | undefined;
  for (;;) {
    const rows = await read(last, size);
    if (rows.length > 0) {
      yield rows;
    }
    if (rows.length < size) {
      return;
    }
    last = rows.at(-1);
    // SQLite answers without a pause of its own.
    await otherWork();
  }
}
