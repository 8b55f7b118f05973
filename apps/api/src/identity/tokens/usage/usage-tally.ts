import { type EpochMilliseconds } from '../../../common/clock.js';
import { type RequestOrigin } from '../../../common/request/request-origin.js';

/** Milliseconds in a day. */
export const DAY_MILLISECONDS = 86_400_000;

/** How often a secret was used, and by whom it was the last time. */
export interface Uses {
  count: number;
  time: EpochMilliseconds;
  address: string;
  agent: string | null;
}

/** How often the secret before the last rotation was used, which may have been another one a moment ago. */
export interface SupersededUses extends Uses {
  /** Digest of the secret that was used the last time. */
  digest: string;
  /** How many of the uses were by that one. */
  countOfDigest: number;
}

/** Uses of a token on one day that are not written yet; `null` where there is none. */
export interface UnwrittenUses {
  readonly tokenId: string;
  readonly day: number;
  /** Of the secret it has. */
  readonly current: Uses | null;
  /** Of the secret it had before its last rotation. */
  readonly superseded: SupersededUses | null;
}

/** The day of an instant in UTC, counted from 1970. */
export const dayOf = (time: EpochMilliseconds): number => Math.floor(time / DAY_MILLISECONDS);

/**
 * Counts a token's uses of one day until they are written. A request only adds to what is here: nothing is allocated but
 * at the first use after a writing.
 */
export class UsageTally {
  /** Whether it waits to be written. */
  isDue = false;
  private current: Uses | null = null;
  private superseded: SupersededUses | null = null;

  constructor(
    readonly tokenId: string,
    readonly day: number,
    /** When uses of the token were last handed over to be written; 0 = never. */
    public takenTime: EpochMilliseconds = 0,
    /** When uses of its superseded secret were. */
    public supersededTakenTime: EpochMilliseconds = 0,
  ) {}

  get isEmpty(): boolean {
    return this.current === null && this.superseded === null;
  }

  /** Counts a use, by the secret it has unless the digest of a superseded one is given. */
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

  /** Hands over what has been counted, to be written. */
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

  /** Takes back what could not be written. */
  giveBack({ current, superseded }: UnwrittenUses): void {
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
