import { setImmediate as otherWork } from 'node:timers/promises';

/** Rows per query. Other requests run in between. */
const PART = 500;

/**
 * Reads a long list in parts.
 *
 * @param read returns at most `size` rows after the given one; `undefined` starts at the first row.
 * @param size rows per part.
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
    // SQLite queries are synchronous.
    await otherWork();
  }
}
