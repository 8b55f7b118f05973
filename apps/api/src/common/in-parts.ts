import { setImmediate as otherWork } from 'node:timers/promises';

/** Ids or rows per query. */
const PART = 500;

/** Splits a long list into parts and lets other requests run in between. */
export async function* inParts<T>(items: readonly T[], size = PART): AsyncGenerator<T[]> {
  for (let start = 0; start < items.length; start += size) {
    yield items.slice(start, start + size);
    // SQLite queries are synchronous.
    await otherWork();
  }
}

/**
 * Reads a long list in parts and lets other requests run in between.
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
