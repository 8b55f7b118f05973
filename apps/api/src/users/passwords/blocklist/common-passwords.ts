import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

const LIST = new URL('common-passwords.txt.br', import.meta.url);
const LINE_FEED = 0x0a;
/** Bytes. Chunks of 16 KiB, the default, take twice the processor time. */
const CHUNK_SIZE = 1 << 20;

/**
 * 322,000 common passwords from public lists. `build-list.mjs` builds the list, and LICENSES.md names its
 * sources.
 */
export class CommonPasswords {
  /** @param lines folded entries sorted by their bytes, each terminated by a line feed. */
  private constructor(private readonly lines: Buffer) {}

  private static loaded?: Promise<CommonPasswords>;

  /**
   * Loads the list once per process. Its 3 MB stay in memory as one buffer, because strings would take ten
   * times as much.
   */
  static load(): Promise<CommonPasswords> {
    return (this.loaded ??= this.read());
  }

  private static async read(): Promise<CommonPasswords> {
    const lines = await promisify(brotliDecompress)(await readFile(LIST), { chunkSize: CHUNK_SIZE });
    return new CommonPasswords(lines);
  }

  /** Iterates over all entries, in no particular order. */
  *[Symbol.iterator](): Iterator<string> {
    for (const entry of this.lines.toString().split('\n')) {
      if (entry !== '') {
        yield entry;
      }
    }
  }

  /** Returns whether a folded password is on the list. */
  has(folded: string): boolean {
    return this.find(folded) === 'entry';
  }

  /** Returns whether a folded text is an entry, or the beginning of one. */
  find(folded: string): 'entry' | 'beginning' | null {
    const wanted = Buffer.from(folded);
    let low = 0;
    let high = this.lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = middle === 0 ? 0 : this.lines.lastIndexOf(LINE_FEED, middle - 1) + 1;
      const end = this.lines.indexOf(LINE_FEED, middle);
      const order = this.lines.compare(wanted, 0, wanted.length, start, end);
      if (order === 0) {
        return 'entry';
      }
      if (order < 0) {
        low = end + 1;
      } else {
        high = start;
      }
    }
    // If any entry begins with the text, the first entry after it in the order does.
    return this.lines.subarray(low, low + wanted.length).equals(wanted) ? 'beginning' : null;
  }
}
