import { type EpochMilliseconds } from './clock.service.js';

/**
 * Map of the latest entries, limited in number and age. It has two halves: when the younger one is full or
 * old, the older one is dropped. Unlike an LRU list it takes no memory while it is empty, and a hit moves
 * nothing. Entries that live only for a moment do not need the order of use.
 */
export class RecentEntries<Value> {
  private younger = new Map<string, Value>();
  private older = new Map<string, Value>();
  /** Start of the younger half. */
  private startTime: EpochMilliseconds = 0;

  /**
   * @param max maximum number of entries; the latest half is always kept.
   * @param maxAge milliseconds after which entries are useless.
   */
  constructor(
    private readonly max: number,
    private readonly maxAge: number,
  ) {}

  get size(): number {
    return this.younger.size + this.older.size;
  }

  get(key: string): Value | undefined {
    return this.younger.get(key) ?? this.older.get(key);
  }

  /** Returns all entries, the older half first. */
  *values(): Generator<Value> {
    yield* this.older.values();
    yield* this.younger.values();
  }

  set(key: string, value: Value, now: EpochMilliseconds): void {
    this.delete(key);
    // Also if the clock was set back.
    if (this.younger.size >= this.max / 2 || Math.abs(now - this.startTime) >= this.maxAge) {
      this.older = this.younger;
      this.younger = new Map();
      this.startTime = now;
    }
    this.younger.set(key, value);
  }

  delete(key: string): void {
    this.younger.delete(key);
    this.older.delete(key);
  }

  clear(): void {
    this.younger.clear();
    this.older.clear();
  }
}
