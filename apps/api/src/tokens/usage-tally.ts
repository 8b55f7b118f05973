import { type EpochMilliseconds } from '../common/clock.js';
import { type RequestOrigin } from '../common/request-origin.js';

/** Milliseconds in a day. */
export const DAY_MILLISECONDS = 86_400_000;

/** How often a secret was used, and by whom it was the last time. */
export interface Uses {
  count: number;
  time: EpochMilliseconds;
  address: string;
  agent: string | null;
}

/** Uses of a token on one day that are not written yet; `null` where there is none. */
export interface UnwrittenUses {
  readonly tokenId: string;
  readonly day: number;
  /** Of the secret it has. */
  readonly current: Uses | null;
  /** Of the secret it had before its last rotation. */
  readonly superseded: Uses | null;
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
  private superseded: Uses | null = null;

  constructor(
    readonly tokenId: string,
    readonly day: number,
    /** When uses of the token were last handed over to be written; 0 = never. */
    public takenTime: EpochMilliseconds,
  ) {}

  get isEmpty(): boolean {
    return this.current === null && this.superseded === null;
  }

  add(time: EpochMilliseconds, origin: RequestOrigin, isSuperseded: boolean): void {
    const { address } = origin;
    const agent = origin.agent ?? null;
    const uses = isSuperseded ? this.superseded : this.current;
    if (uses !== null) {
      uses.count += 1;
      uses.time = time;
      uses.address = address;
      uses.agent = agent;
    } else if (isSuperseded) {
      this.superseded = { count: 1, time, address, agent };
    } else {
      this.current = { count: 1, time, address, agent };
    }
  }

  /** Hands over what has been counted, to be written. */
  take(now: EpochMilliseconds): UnwrittenUses {
    const { tokenId, day, current, superseded } = this;
    this.isDue = false;
    this.takenTime = now;
    this.current = null;
    this.superseded = null;
    return { tokenId, day, current, superseded };
  }

  /** Takes back what could not be written. */
  giveBack({ current, superseded }: UnwrittenUses): void {
    this.current = joined(current, this.current);
    this.superseded = joined(superseded, this.superseded);
  }
}

function joined(earlier: Uses | null, later: Uses | null): Uses | null {
  return earlier && later ? { ...later, count: earlier.count + later.count } : (later ?? earlier);
}
