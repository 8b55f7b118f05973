import { isIP } from 'node:net';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { ADDRESSES_PER_TOKEN_MAX, REPORTED_ADDRESSES_PER_TOKEN_MAX } from '@latchkey/auth-models';
import { Clock, dayOf, type EpochMilliseconds } from '../../common/clock.service.js';
import { type PresentedToken } from '../../common/request/principal.js';
import { type Reporter, type RequestOrigin } from '../../common/request/request-origin.js';
import { isInvalidData } from '../../platform/database/driver-errors.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { permissionsIn } from '../../permissions/scope.js';
import { TokenLastUsesRepository } from './token-last-uses.repository.js';
import {
  type ReportedAddress,
  type SupersededUses,
  TokenUsageRepository,
  type UnwrittenUses,
  type Uses,
  USES_PER_DAY_MAX,
} from './token-usage.repository.js';

/** Number of tokens at which all counts are written early. */
export const TALLIES_MAX = 100_000;
/** Interval between writes for a token in steady use. */
const QUIET_MILLISECONDS = 60_000;
/** Delay before a write, so that uses are written together. */
const GATHER_MILLISECONDS = 250;
/** Interval of the search for counts that no later use has queued. */
const SWEEP_MILLISECONDS = 15_000;
/** Maximum number of permissions of a token that wait to be written. A verifier could report any number. */
const PERMISSIONS_MAX = 500;
/** Maximum number of reported addresses of a token that wait to be written. */
const REPORTED_MAX = REPORTED_ADDRESSES_PER_TOKEN_MAX;
/**
 * Maximum number of written reported addresses of a token in memory. Others are written again, which changes
 * no row.
 */
const WRITTEN_REPORTED_MAX = 64;
/** Maximum number of new addresses of a service between two sweeps, so that none of them fills the memory. */
const REPORTED_PER_SWEEP_MAX = 20_000;
/** Tokens in one transaction, so that other writes wait only briefly. */
const SLICE = 50;
/**
 * Pause after a transaction, as a multiple of its duration: on SQLite all requests wait while one is written.
 */
const PAUSE_FACTOR = 9;

/**
 * Records last use and number of uses of tokens without a write for each request: the first use immediately,
 * later ones together, once a minute for each token. The writes take at most a tenth of the time; with very
 * many tokens in use the interval grows.
 */
@Injectable()
export class LastUses implements BeforeApplicationShutdown {
  private readonly tallies = new Map<string, UsageTally>();
  /** Reported uses of earlier days that wait to be written, by token and day. */
  private readonly earlier = new Map<string, UsageTally>();
  /** Permissions that have been recorded today, for each cached token. */
  private demanded = new WeakMap<PresentedToken, Set<string>>();
  private demandedDay = 0;
  private due: UsageTally[] = [];
  private writing: Promise<void> = Promise.resolve();
  private isFull = false;
  private uncounted = 0;
  /** Number of new addresses since the last sweep, by the id of the service that reported them. */
  private readonly reportedBy = new Map<string, number>();
  private flushes = 0;
  private endPause: () => void = () => undefined;
  private gathering: NodeJS.Timeout | undefined;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: TokenUsageRepository,
    private readonly lastUses: TokenLastUsesRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Counts a use of the current secret of a token, or of a superseded one if its digest is given. */
  note(tokenId: string, origin: RequestOrigin, supersededDigest?: string): void {
    const now = this.clock.now();
    const tally = this.tallyOf(tokenId, now);
    if (tally) {
      this.addAddress(tally, origin);
      tally.add(now, origin, supersededDigest);
      this.makeDueIfQuiet(tally, now, supersededDigest !== undefined);
    }
  }

  /**
   * Counts uses of the current secret of a token that a verifier has reported, with the time of the last one.
   */
  noteReported(tokenId: string, origin: RequestOrigin, count: number, time: EpochMilliseconds): void {
    const now = this.clock.now();
    const tally = this.tallyAt(time, tokenId, now);
    if (tally) {
      this.addAddress(tally, origin);
      tally.addReported(count, Math.min(time, now), origin);
      this.makeDueIfQuiet(tally, now, false);
    }
  }

  /**
   * Records the permissions that a request required, for tokens that are limited to permissions. The use of
   * the token is already counted. After the first time on a day, it costs one read in memory for each
   * permission.
   */
  noteDemands(token: PresentedToken, permissions: readonly string[]): void {
    if (token.scope === null) {
      return;
    }
    let known = this.demanded.get(token);
    if (!known) {
      known = new Set();
      this.demanded.set(token, known);
    }
    for (const permission of permissions) {
      if (!known.has(permission)) {
        known.add(permission);
        if (permissionsIn(token.scope).includes(permission)) {
          this.tallies.get(token.id)?.addPermission(permission);
        }
      }
    }
  }

  /**
   * Records the permissions that a verifier required of a token, with the time of the last use. Those outside
   * its scope are dropped before they are stored.
   */
  noteReportedDemands(tokenId: string, permissions: readonly string[], time: EpochMilliseconds): void {
    const now = this.clock.now();
    const tally = permissions.length > 0 ? this.tallyAt(time, tokenId, now) : undefined;
    if (tally) {
      permissions.forEach((permission) => tally.addPermission(permission));
      this.makeDueIfQuiet(tally, now, false);
    }
  }

  private addAddress(tally: UsageTally, { address, reporter }: RequestOrigin): void {
    if (!reporter) {
      tally.addAddress(address);
      return;
    }
    const added = this.reportedBy.get(reporter.id) ?? 0;
    if (added < REPORTED_PER_SWEEP_MAX && tally.addReportedAddress(address, reporter)) {
      this.reportedBy.set(reporter.id, added + 1);
    }
  }

  /** Writes all counts without pauses. */
  async flush(): Promise<void> {
    this.flushes += 1;
    this.endPause();
    await this.writeAll();
    this.flushes -= 1;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
    clearTimeout(this.gathering);
    clearInterval(this.sweeping);
  }

  /** Returns the tally of a token for today; `undefined` if there are too many. */
  private tallyOf(tokenId: string, now: EpochMilliseconds): UsageTally | undefined {
    const known = this.tallies.get(tokenId);
    return known?.day === dayOf(now) ? known : this.begin(tokenId, now, known);
  }

  /** Returns the tally of a token for the day of a reported use; `undefined` if there are too many. */
  private tallyAt(time: EpochMilliseconds, tokenId: string, now: EpochMilliseconds): UsageTally | undefined {
    const day = dayOf(time);
    if (day >= dayOf(now)) {
      return this.tallyOf(tokenId, now);
    }
    const key = keyOf(tokenId, day);
    const known = this.earlier.get(key);
    if (known || this.earlier.size >= TALLIES_MAX) {
      return known;
    }
    this.startSweeping();
    const tally = new UsageTally(tokenId, day);
    this.earlier.set(key, tally);
    return tally;
  }

  private makeDueIfQuiet(tally: UsageTally, now: EpochMilliseconds, isSuperseded: boolean): void {
    // Each of the two secrets has its own first use: administrators watch for uses of the old one.
    const takenTime = isSuperseded ? tally.supersededTakenTime : tally.takenTime;
    if (!tally.isDue && isQuiet(takenTime, now)) {
      this.makeDue(tally);
    }
  }

  /** Starts a tally for a token or a new day. Returns `undefined` if there are too many. */
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
    if (this.demandedDay !== dayOf(now)) {
      this.demandedDay = dayOf(now);
      this.demanded = new WeakMap();
    }
    this.startSweeping();
    const tally = new UsageTally(tokenId, dayOf(now), before?.takenTime, before?.supersededTakenTime);
    this.tallies.set(tokenId, tally);
    return tally;
  }

  private startSweeping(): void {
    this.sweeping ??= setInterval(() => this.sweep(), SWEEP_MILLISECONDS).unref();
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

  /** Queues tallies that were used again within their minute and drops those that were not. */
  private sweep(): void {
    const now = this.clock.now();
    this.reportedBy.clear();
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

  /** Writes everything early, then drops the empty tallies. */
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
    // No slice contains a token twice, for example with uses of yesterday and today.
    const groups: UsageTally[][] = [];
    const numbers = new Map<string, number>();
    for (const tally of tallies) {
      const number = numbers.get(tally.tokenId) ?? 0;
      numbers.set(tally.tokenId, number + 1);
      (groups[number] ??= []).push(tally);
    }
    for (const group of groups) {
      for (let start = 0; start < group.length; start += SLICE) {
        const begin = performance.now();
        await this.writeSlice(group.slice(start, start + SLICE));
        await this.pause(PAUSE_FACTOR * (performance.now() - begin));
      }
    }
  }

  private pause(milliseconds: number): Promise<void> {
    if (this.flushes > 0 || milliseconds === 0) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async writeSlice(tallies: readonly UsageTally[]): Promise<void> {
    const now = this.clock.now();
    const taken = tallies.map((tally): Taken => [tally, tally.take(now)]);
    const err = await this.writeTaken(taken);
    if (!isInvalidData(err)) {
      return;
    }
    // One of them would fail at each attempt, and all others with it.
    for (const one of taken) {
      const error = taken.length === 1 ? err : await this.writeTaken([one]);
      if (isInvalidData(error)) {
        const [{ tokenId }, { day, current, superseded }] = one;
        const uses = { current: current?.count ?? 0, superseded: superseded?.count ?? 0 };
        this.logger.error({ err: error, tokenId, day, uses }, 'The uses of a token were dropped');
        this.release(one[0]);
      }
    }
  }

  /**
   * Writes counts in one transaction. If it fails, they are part of the next write, except for invalid data.
   * Returns the error.
   */
  private async writeTaken(taken: readonly Taken[]): Promise<unknown> {
    try {
      await this.writes.transaction(async (tx) => {
        const uses = taken.map(([, one]) => one);
        await this.repository.add(uses, tx);
        await this.lastUses.add(uses, tx);
      }, 'none');
    } catch (err) {
      if (!isInvalidData(err)) {
        this.restore(taken);
        logFailure(
          this.logger,
          { err, tokens: taken.length },
          'The last use of some tokens could not be written',
        );
      }
      return err;
    }
    taken.forEach(([tally]) => this.release(tally));
    return undefined;
  }

  /** Adds counts again that could not be written. No request waits for them. */
  private restore(taken: readonly Taken[]): void {
    for (const [tally, uses] of taken) {
      tally.restore(uses);
      if (!this.isCurrent(tally)) {
        tally.isDue = true;
        this.due.push(tally);
      }
    }
  }

  /** Drops the tally of an earlier day after a write, unless uses were added meanwhile. */
  private release(tally: UsageTally): void {
    const key = keyOf(tally.tokenId, tally.day);
    if (this.earlier.get(key) !== tally) {
      return;
    }
    if (tally.isEmpty) {
      this.earlier.delete(key);
    } else if (!tally.isDue) {
      this.makeDue(tally);
    }
  }

  /** Whether a tally still counts; one of yesterday does not. */
  private isCurrent(tally: UsageTally): boolean {
    return this.tallies.get(tally.tokenId) === tally;
  }
}

/** Tally with the counts that were taken from it for a write. */
type Taken = readonly [UsageTally, UnwrittenUses];

function keyOf(tokenId: string, day: number): string {
  return `${tokenId} ${day}`;
}

/**
 * Empty list of all tallies. They add items with `concat`, because V8 allocates 17 slots for the first pushed
 * or spread item.
 */
const NONE: readonly string[] = [];
const NONE_REPORTED: readonly ReportedAddress[] = [];

/** Whether enough time has passed since the last write for another one. */
function isQuiet(takenTime: EpochMilliseconds, now: EpochMilliseconds): boolean {
  return Math.abs(now - takenTime) >= QUIET_MILLISECONDS;
}

/**
 * Counts the uses of a token on one day until they are written. It allocates memory only at the first use
 * after a write.
 */
class UsageTally {
  /** Whether it is queued for writing. */
  isDue = false;
  private current: Uses | null = null;
  private superseded: SupersededUses | null = null;
  /** Required permissions that are not yet written. */
  private permissions: readonly string[] = NONE;
  /** Addresses of this day, in the order of their first use. Those at the start are already written. */
  private addresses: readonly string[] = NONE;
  private writtenAddresses = 0;
  /** Reported addresses that are not yet written. */
  private reported = NONE_REPORTED;
  /** Reported addresses of this day that are written. */
  private writtenReported = NONE_REPORTED;

  constructor(
    readonly tokenId: string,
    readonly day: number,
    /** Time of the last {@link take}; 0 = never. */
    public takenTime: EpochMilliseconds = 0,
    /** Time of the last {@link take} with uses of a superseded secret. */
    public supersededTakenTime: EpochMilliseconds = 0,
  ) {}

  get isEmpty(): boolean {
    return this.current === null && this.superseded === null && this.permissions.length === 0;
  }

  /** Counts a use of the current secret, or of a superseded one if its digest is given. */
  add(time: EpochMilliseconds, origin: RequestOrigin, supersededDigest?: string): void {
    const { address } = origin;
    const agent = origin.agent ?? null;
    const reporter = origin.reporter?.name ?? null;
    if (supersededDigest !== undefined) {
      const use = { count: 1, time, address, agent, reporter, digest: supersededDigest, countOfDigest: 1 };
      this.superseded = joinedSuperseded(this.superseded, use);
    } else if (this.current === null) {
      this.current = { count: 1, time, address, agent, reporter };
    } else {
      this.current.count += 1;
      this.current.time = time;
      this.current.address = address;
      this.current.agent = agent;
      this.current.reporter = reporter;
    }
  }

  /** Counts uses of the current secret until `time`. */
  addReported(count: number, time: EpochMilliseconds, origin: RequestOrigin): void {
    const { address, agent = null } = origin;
    const reported = { count, time, address, agent, reporter: origin.reporter?.name ?? null };
    this.current =
      this.current && this.current.time > time
        ? joined(reported, this.current)
        : joined(this.current, reported);
  }

  /** Records that a request required a permission. */
  addPermission(permission: string): void {
    if (this.permissions.length < PERMISSIONS_MAX && !this.permissions.includes(permission)) {
      this.permissions = this.permissions.concat(permission);
    }
  }

  /** Returns the counts for writing, and resets them. */
  take(now: EpochMilliseconds): UnwrittenUses {
    const { tokenId, day, current, superseded, permissions, reported } = this;
    const addresses = this.addresses.slice(this.writtenAddresses);
    this.isDue = false;
    this.takenTime = now;
    if (superseded) {
      this.supersededTakenTime = now;
    }
    this.current = null;
    this.superseded = null;
    this.permissions = NONE;
    if (reported.length > 0) {
      this.reported = NONE_REPORTED;
      this.writtenReported = this.writtenReported.concat(reported).slice(0, WRITTEN_REPORTED_MAX);
    }
    this.writtenAddresses = this.addresses.length;
    return { tokenId, day, current, superseded, permissions, addresses, reported };
  }

  /** Adds counts again that could not be written. */
  restore({ current, superseded, permissions, addresses, reported }: UnwrittenUses): void {
    this.writtenAddresses -= addresses.length;
    this.writtenReported = this.writtenReported.filter((one) => !reported.includes(one));
    reported.forEach(({ address, ...reporter }) => this.addReportedAddress(address, reporter));
    permissions.forEach((permission) => this.addPermission(permission));
    this.current = joined(current, this.current);
    this.superseded = joinedSuperseded(superseded, this.superseded);
  }

  /** Records an address that the server saw. */
  addAddress(address: string): void {
    const isNew = !this.addresses.includes(address) && this.addresses.length < ADDRESSES_PER_TOKEN_MAX;
    if (isNew && isIP(address)) {
      this.addresses = this.addresses.concat(address);
    }
  }

  /** Records an address that a service reported. Returns `false` if it was not recorded. */
  addReportedAddress(address: string, { id, name }: Reporter): boolean {
    const ofReporter = this.reported.filter((other) => other.id === id);
    const isSame = (other: ReportedAddress) => other.id === id && other.address === address;
    const isNew =
      this.reported.length < REPORTED_MAX &&
      ofReporter.length < ADDRESSES_PER_TOKEN_MAX &&
      !ofReporter.some(isSame) &&
      !this.writtenReported.some(isSame) &&
      isIP(address) !== 0;
    if (isNew) {
      this.reported = this.reported.concat({ id, name, address });
    }
    return isNew;
  }
}

function joined(earlier: Uses | null, later: Uses | null): Uses | null {
  return earlier && later ? { ...later, count: sum(earlier.count, later.count) } : (later ?? earlier);
}

function sum(count: number, other: number): number {
  return Math.min(count + other, USES_PER_DAY_MAX);
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
