/**
 * What was put in last, up to a bound: in two halves, of which the older one goes whole when the younger is full. Unlike
 * a list in the order of use it costs nothing while it is empty, and a hit moves nothing; what is kept for a moment
 * only has no use for that order.
 */
export class RecentEntries<Value> {
  private younger = new Map<string, Value>();
  private older = new Map<string, Value>();

  /** @param max most entries at a time; half of them stay for certain. */
  constructor(private readonly max: number) {}

  get size(): number {
    return this.younger.size + this.older.size;
  }

  get(key: string): Value | undefined {
    return this.younger.get(key) ?? this.older.get(key);
  }

  set(key: string, value: Value): void {
    this.delete(key);
    if (this.younger.size >= this.max / 2) {
      this.older = this.younger;
      this.younger = new Map();
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
