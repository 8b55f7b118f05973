import { setImmediate as otherWork } from 'node:timers/promises';

/** Ids or rows per query. */
const PART = 500;

/** Splits a long list of ids into parts and lets other requests run in between. */
export async function* inParts(ids: readonly string[], size = PART): AsyncGenerator<string[]> {
  for (let start = 0; start < ids.length; start += size) {
    yield ids.slice(start, start + size);
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
