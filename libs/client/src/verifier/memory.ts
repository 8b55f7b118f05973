import { type Clock } from './clock.js';

interface Entry<T> {
  readonly value: T;
  readonly user: string;
  readonly expiresAt: number;
}

/**
 * Use of an answer, given the revocations since its request began: store it, use it only once, or ask again.
 */
export type Trust = 'store' | 'use' | 'repeat';

/** Maximum number of users whose last revocation is kept. Beyond it, the memory is cleared. */
const REVOCATIONS_MAX = 10_000;

/**
 * Cached answers of the server. A revocation, the expiry, or a newer answer when there are too many removes
 * an answer.
 */
export class Memory<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly keysByUser = new Map<string, Set<string>>();
  /**
   * Arrival of the last revocation of each user, the oldest first, for as long as requests can be affected by
   * it.
   */
  private readonly revocations = new Map<string, number>();
  /** Arrival of the last revocation of all users. */
  private allRevokedAt = -Infinity;
  /** Time of the first connection, before which nothing is stored. */
  private openedAt = Infinity;

  /** @param requestMax the longest time that a request takes. */
  constructor(
    private readonly capacity: number,
    private readonly requestMax: number,
    private readonly clock: Clock,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  find(key: string, now: number): T | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || now < entry.expiresAt) {
      return entry?.value;
    }
    this.delete(key, entry);
    return undefined;
  }

  /**
   * Returns how an answer about a user may be used.
   *
   * @param startedAt time just before the request was sent.
   */
  trust(user: string, startedAt: number): Trust {
    const now = this.clock.monotonic();
    if (now - startedAt > this.requestMax) {
      // The revocations of that time may no longer be kept.
      return 'repeat';
    }
    const revokedAt = Math.max(this.allRevokedAt, this.revocations.get(user) ?? -Infinity);
    if (revokedAt >= startedAt) {
      return 'repeat';
    }
    return this.openedAt >= startedAt ? 'use' : 'store';
  }

  /** Stores an answer. Only after {@link trust} allowed it, in the same tick. */
  store(key: string, user: string, value: T, expiresAt: number): void {
    const previous = this.entries.get(key);
    if (previous) {
      this.delete(key, previous);
    }
    this.entries.set(key, { value, user, expiresAt });
    let keys = this.keysByUser.get(user);
    if (!keys) {
      keys = new Set();
      this.keysByUser.set(user, keys);
    }
    keys.add(key);
    if (this.entries.size > this.capacity) {
      const [oldest] = this.entries;
      if (oldest) {
        this.delete(...oldest);
      }
    }
  }

  /** Continues after an interruption in which revocations may have been missed. */
  restart(): void {
    if (this.openedAt === Infinity) {
      this.openedAt = this.clock.monotonic();
    } else {
      this.revokeAll();
    }
  }

  revokeUser(user: string): void {
    const now = this.clock.monotonic();
    for (const key of this.keysByUser.get(user) ?? []) {
      this.entries.delete(key);
    }
    this.keysByUser.delete(user);
    this.revocations.delete(user);
    this.revocations.set(user, now);
    for (const [other, at] of this.revocations) {
      if (at + this.requestMax >= now) {
        break;
      }
      this.revocations.delete(other);
    }
    if (this.revocations.size > REVOCATIONS_MAX) {
      this.revokeAll();
    }
  }

  revokeAll(): void {
    this.entries.clear();
    this.keysByUser.clear();
    this.revocations.clear();
    this.allRevokedAt = this.clock.monotonic();
  }

  private delete(key: string, { user }: Entry<T>): void {
    this.entries.delete(key);
    const keys = this.keysByUser.get(user);
    keys?.delete(key);
    if (keys?.size === 0) {
      this.keysByUser.delete(user);
    }
  }
}
