import { setImmediate as otherWork } from 'node:timers/promises';

/** Rows that are read in one go; the others' requests are answered between. */
const PART = 500;

/**
 * Reads a long list in parts, each beginning after the last row of the one before.
 *
 * @param read reads at most so many rows after that one; `undefined` = from the beginning.
 */
export async function* readInParts<T>(
  read: (after: T | undefined, limit: number) => Promise<T[]>,
): AsyncGenerator<T[]> {
  let last: T | undefined;
  for (;;) {
    const rows = await read(last, PART);
    if (rows.length > 0) {
      yield rows;
    }
    if (rows.length < PART) {
      return;
    }
    last = rows.at(-1);
    // SQLite answers without a pause of its own.
    await otherWork();
  }
}
