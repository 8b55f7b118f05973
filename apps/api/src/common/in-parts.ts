import { setImmediate as otherWork } from 'node:timers/promises';

/** Ids whose rows are read in one go. */
const PART = 500;

/** Takes a long list of ids in parts; the others' requests are answered between. */
export async function* inParts(ids: readonly string[], size = PART): AsyncGenerator<string[]> {
  for (let start = 0; start < ids.length; start += size) {
    yield ids.slice(start, start + size);
    // SQLite answers without a pause of its own.
    await otherWork();
  }
}
