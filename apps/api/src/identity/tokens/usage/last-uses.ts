import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock, type EpochMilliseconds } from '../../../common/clock.js';
import { type RequestOrigin } from '../../../common/request/request-origin.js';
import { Writes } from '../../../platform/database/writes.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { TokenUsageRepository } from './token-usage.repository.js';
import { dayOf, UsageTally, type UnwrittenUses } from './usage-tally.js';

/** Tokens whose uses are counted at a time. At this many all counts are written, and counting goes on. */
export const TALLIES_MAX = 100_000;
/** A token in steady use is written once in so long. */
const QUIET_MILLISECONDS = 60_000;
/** Uses gather for so long before they are written together. */
const GATHER_MILLISECONDS = 250;
/** How often counts are looked for that no later use has brought to be written. */
const SWEEP_MILLISECONDS = 15_000;
/** Tokens in one transaction, so that nobody waits long for their turn. */
const SLICE = 50;
/** How many times as long as a transaction took none follows it: on SQLite everybody waits while one is written. */
const REST = 9;

/**
 * Keeps when tokens were last used and how often, without a write a request: the first use is written at once, those
 * after it together, once a minute a token. Where so many tokens are in use that this would take more than a tenth of the
 * time, they are written more seldom.
 */
@Injectable()
export class LastUses implements BeforeApplicationShutdown {
  private readonly tallies = new Map<string, UsageTally>();
  private due: UsageTally[] = [];
  private writing: Promise<void> = Promise.resolve();
  private isFull = false;
  private uncounted = 0;
  private flushes = 0;
  private endRest: () => void = () => undefined;
  private gathering: NodeJS.Timeout | undefined;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: TokenUsageRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Counts a use of a token, by the secret it has, or by the one before its last rotation, whose digest is given. */
  note(tokenId: string, origin: RequestOrigin, supersededDigest?: string): void {
    const now = this.clock.now();
    const known = this.tallies.get(tokenId);
    const tally = known?.day === dayOf(now) ? known : this.begin(tokenId, now, known);
    if (!tally) {
      return;
    }
    tally.add(now, origin, supersededDigest);
    // Each of the two secrets has a first use of its own: that of an old one is what people wait for.
    const takenTime = supersededDigest === undefined ? tally.takenTime : tally.supersededTakenTime;
    if (!tally.isDue && isQuiet(takenTime, now)) {
      this.makeDue(tally);
    }
  }

  /** Writes all that has been counted, without a rest. */
  async flush(): Promise<void> {
    this.flushes += 1;
    this.endRest();
    await this.writeAll();
    this.flushes -= 1;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
    clearTimeout(this.gathering);
    clearInterval(this.sweeping);
  }

  /** Begins to count for a token, or for a new day; `undefined` when there is no room. */
  private begin(tokenId: string, now: EpochMilliseconds, before?: UsageTally): UsageTally | undefined {
    if (before && !before.isEmpty && !before.isDue) {
      this.makeDue(before);
    }
    if (!before && this.tallies.size >= TALLIES_MAX) {
      this.makeRoom();
      if (this.tallies.size >= 2 * TALLIES_MAX) {
        this.uncounted += 1;
        return undefined;
      }
    }
    this.sweeping ??= setInterval(() => this.sweep(), SWEEP_MILLISECONDS).unref();
    const tally = new UsageTally(tokenId, dayOf(now), before?.takenTime, before?.supersededTakenTime);
    this.tallies.set(tokenId, tally);
    return tally;
  }

  private writeAll(): Promise<void> {
    for (const tally of this.tallies.values()) {
      if (!tally.isEmpty && !tally.isDue) {
        this.makeDue(tally);
      }
    }
    return this.writeDue();
  }

  private makeDue(tally: UsageTally): void {
    tally.isDue = true;
    this.due.push(tally);
    this.gathering ??= setTimeout(() => void this.writeDue(), GATHER_MILLISECONDS);
  }

  /** Has those written that were used once more within their minute, and forgets those that were not. */
  private sweep(): void {
    const now = this.clock.now();
    for (const [tokenId, tally] of this.tallies) {
      if (!isQuiet(tally.takenTime, now)) {
        continue;
      }
      if (tally.isEmpty) {
        this.tallies.delete(tokenId);
      } else if (!tally.isDue) {
        this.makeDue(tally);
      }
    }
  }

  /** Writes everything early, and then forgets what is written. */
  private makeRoom(): void {
    if (this.isFull) {
      return;
    }
    this.isFull = true;
    void this.writeAll().then(() => {
      for (const [tokenId, tally] of this.tallies) {
        if (tally.isEmpty) {
          this.tallies.delete(tokenId);
        }
      }
      if (this.uncounted > 0) {
        this.logger.warn({ uses: this.uncounted }, 'Too many tokens were used at once to count each use');
      }
      this.uncounted = 0;
      this.isFull = false;
    });
  }

  private writeDue(): Promise<void> {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    const due = this.due;
    this.due = [];
    this.writing = this.writing.then(() => this.write(due));
    return this.writing;
  }

  private async write(tallies: readonly UsageTally[]): Promise<void> {
    // Those of yesterday by themselves, so that no token is twice in a slice.
    const ofYesterday = tallies.filter((tally) => !this.isPresent(tally));
    const ofToday = tallies.filter((tally) => this.isPresent(tally));
    for (const group of [ofYesterday, ofToday]) {
      for (let start = 0; start < group.length; start += SLICE) {
        const begin = performance.now();
        await this.writeSlice(group.slice(start, start + SLICE));
        await this.rest(REST * (performance.now() - begin));
      }
    }
  }

  private rest(milliseconds: number): Promise<void> {
    if (this.flushes > 0 || milliseconds === 0) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async writeSlice(tallies: readonly UsageTally[]): Promise<void> {
    const now = this.clock.now();
    const taken = tallies.map((tally): [UsageTally, UnwrittenUses] => [tally, tally.take(now)]);
    try {
      await this.writes.transaction(
        (tx) =>
          this.repository.add(
            taken.map(([, uses]) => uses),
            tx,
          ),
        'none',
      );
    } catch (err) {
      // Nobody waits for it. What was counted goes with the next writing.
      for (const [tally, uses] of taken) {
        tally.giveBack(uses);
        if (!this.isPresent(tally)) {
          tally.isDue = true;
          this.due.push(tally);
        }
      }
      this.logger.warn({ err, tokens: taken.length }, 'The last use of some tokens could not be written');
    }
  }

  /** Whether a tally is still added to; one of yesterday is not. */
  private isPresent(tally: UsageTally): boolean {
    return this.tallies.get(tally.tokenId) === tally;
  }
}

/** Whether the last writing is so long ago that there may be another. */
function isQuiet(takenTime: EpochMilliseconds, now: EpochMilliseconds): boolean {
  return Math.abs(now - takenTime) >= QUIET_MILLISECONDS;
}
