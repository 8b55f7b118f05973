import { setImmediate as otherWork } from 'node:timers/promises';

/** Ids per query. */
const PART = 500;

/** Splits a long list of ids into parts, and lets other requests run in between. */
export async function* inParts(ids: readonly string[], size = PART): AsyncGenerator<string[]> {
  for (let start = 0; start < ids.length; start += size) {
    yield ids.slice(start, start + size);
    // SQLite queries are synchronous.
    await otherWork();
  }
}
