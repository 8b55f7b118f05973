/** Numbers that look like chance and are the same for the same seed (mulberry32). */
export class Random {
  private state: number;

  /** @param name what it is for: each has a sequence of its own, so that none depends on what others draw. */
  constructor(seed: number, name: string) {
    this.state = [...name].reduce(
      (state, letter) => Math.imul(state ^ letter.charCodeAt(0), 0x01_00_01_93),
      seed,
    );
  }

  /** From 0 up to and without 1. */
  next(): number {
    this.state = (this.state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of some; `undefined` if there are none. */
  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.next() * items.length)];
  }

  /** One of some that have weights. */
  weighted<T>(items: readonly (readonly [T, number])[]): T {
    let left = this.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) {
        return item;
      }
    }
    throw new Error('There is nothing to choose from');
  }
}
