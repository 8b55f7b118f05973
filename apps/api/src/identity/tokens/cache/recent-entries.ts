import { type EpochMilliseconds } from '../../../common/clock.js';

/**
 * What was put in last, up to a bound and an age: in two halves, of which the older one goes whole when the younger is full
 * or old. Unlike a list in the order of use it costs nothing while it is empty, and a hit moves nothing; what is kept for a
 * moment only has no use for that order.
 */
export class RecentEntries<Value> {
  private younger = new Map<string, Value>();
  private older = new Map<string, Value>();
  /** When the younger half began. */
  private startTime: EpochMilliseconds = 0;

  /**
   * @param max most entries at a time; half of them stay for certain.
   * @param maxAge milliseconds for which an entry stays for certain; nothing older is of any use.
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

  set(key: string, value: Value, now: EpochMilliseconds): void {
    this.delete(key);
    // However far the clock was set back.
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
