import { type EpochMilliseconds } from '../../../common/clock.js';
import { type RequestOrigin } from '../../../common/request/request-origin.js';

/** Milliseconds in a day. */
export const DAY_MILLISECONDS = 86_400_000;

/** Number of uses of a secret, and its last use. */
export interface Uses {
  count: number;
  time: EpochMilliseconds;
  address: string;
  agent: string | null;
}

/** Uses of superseded secrets, which can be several if the token is rotated meanwhile. */
export interface SupersededUses extends Uses {
  /** Digest of the last used one. */
  digest: string;
  /** Number of its uses. */
  countOfDigest: number;
}

/** Unwritten uses of a token on one day; `null` for none. */
export interface UnwrittenUses {
  readonly tokenId: string;
  readonly day: number;
  /** Uses of the current secret. */
  readonly current: Uses | null;
  /** Uses of superseded secrets. */
  readonly superseded: SupersededUses | null;
}

/** Returns the day of an instant in UTC, counted from 1970. */
export const dayOf = (time: EpochMilliseconds): number => Math.floor(time / DAY_MILLISECONDS);

/**
 * Counts the uses of a token on one day until they are written. It allocates memory only at the first use after a write.
 */
export class UsageTally {
  /** Whether it is queued for writing. */
  isDue = false;
  private current: Uses | null = null;
  private superseded: SupersededUses | null = null;

  constructor(
    readonly tokenId: string,
    readonly day: number,
    /** Time of the last {@link take}; 0 = never. */
    public takenTime: EpochMilliseconds = 0,
    /** Time of the last {@link take} with uses of a superseded secret. */
    public supersededTakenTime: EpochMilliseconds = 0,
  ) {}

  get isEmpty(): boolean {
    return this.current === null && this.superseded === null;
  }

  /** Counts a use of the current secret, or of a superseded one if its digest is given. */
  add(time: EpochMilliseconds, origin: RequestOrigin, supersededDigest?: string): void {
    const { address } = origin;
    const agent = origin.agent ?? null;
    if (supersededDigest !== undefined) {
      const use = { count: 1, time, address, agent, digest: supersededDigest, countOfDigest: 1 };
      this.superseded = joinedSuperseded(this.superseded, use);
    } else if (this.current === null) {
      this.current = { count: 1, time, address, agent };
    } else {
      this.current.count += 1;
      this.current.time = time;
      this.current.address = address;
      this.current.agent = agent;
    }
  }

  /** Returns the counts for writing, and resets them. */
  take(now: EpochMilliseconds): UnwrittenUses {
    const { tokenId, day, current, superseded } = this;
    this.isDue = false;
    this.takenTime = now;
    if (superseded) {
      this.supersededTakenTime = now;
    }
    this.current = null;
    this.superseded = null;
    return { tokenId, day, current, superseded };
  }

  /** Adds counts again that could not be written. */
  restore({ current, superseded }: UnwrittenUses): void {
    this.current = joined(current, this.current);
    this.superseded = joinedSuperseded(superseded, this.superseded);
  }
}

function joined(earlier: Uses | null, later: Uses | null): Uses | null {
  return earlier && later ? { ...later, count: earlier.count + later.count } : (later ?? earlier);
}

function joinedSuperseded(
  earlier: SupersededUses | null,
  later: SupersededUses | null,
): SupersededUses | null {
  if (!earlier || !later) {
    return later ?? earlier;
  }
  const isSameSecret = earlier.digest === later.digest;
  return {
    ...later,
    count: earlier.count + later.count,
    countOfDigest: later.countOfDigest + (isSameSecret ? earlier.countOfDigest : 0),
  };
}
