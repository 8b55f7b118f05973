import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

const LIST = new URL('common-passwords.txt.br', import.meta.url);
const LINE_FEED = 0x0a;

/** Passwords that attackers try first: 322,000 from public lists. `build-list.mjs` makes the list, LICENSES.md says whose it is. */
export class CommonPasswords {
  /** @param lines folded entries sorted by their bytes, each with a line feed behind it. */
  private constructor(private readonly lines: Buffer) {}

  /** Reads the list: 3 MB that stay in memory as they are, since strings would take ten times as much. */
  static async load(): Promise<CommonPasswords> {
    return new CommonPasswords(await promisify(brotliDecompress)(await readFile(LIST)));
  }

  /** Every entry, in no order that means anything. */
  *[Symbol.iterator](): Iterator<string> {
    for (const entry of this.lines.toString().split('\n')) {
      if (entry !== '') {
        yield entry;
      }
    }
  }

  /** Whether a password, folded, is on the list. */
  has(folded: string): boolean {
    return this.find(folded) === 'entry';
  }

  /** Whether a folded text is on the list, or at least the beginning of an entry. */
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
    // The first entry that sorts after the text is the first that can begin with it.
    return this.lines.subarray(low, low + wanted.length).equals(wanted) ? 'beginning' : null;
  }
}
