import { Injectable } from '@nestjs/common';
import { type RateLimitDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { lruCache } from '../../common/lru-cache.js';
import { type PresentedUseLimits } from '../../common/request/principal.js';
import { Database } from '../../platform/database/database.js';
import { returning } from '../../platform/database/queries/fixed-statements.js';
import { Writes } from '../../platform/database/writes.service.js';
import { rateLimitHeaders } from '../../throttle/rate-limit-headers.js';

/**
 * Maximum number of windows in memory. On SQLite, a token whose window was evicted has its whole limit again.
 */
const WINDOWS_MAX = 50_000;
/**
 * Part of the limit that a replica reserves at a time, so that a token in steady use does not cause a write
 * for each request.
 */
const RESERVED_PART = 1 / 50;
/** Maximum number of consecutive reservations that return after their window because the database is slow. */
const LATE_MAX = 3;
const RETRY_SECONDS = 2;

/** Window of a rate limit in this process. */
interface Window {
  readonly windowSeconds: number;
  readonly startTime: EpochMilliseconds;
  readonly endTime: EpochMilliseconds;
  /** Number of uses that this process may still accept: all on SQLite, the reserved ones on PostgreSQL. */
  readonly reserved: number;
  /** Limit that the last reservation exhausted. If the limit is raised, the process can reserve again. */
  readonly exhaustedLimit: number | undefined;
  used: number;
}

/**
 * Takes one use, and expires the token with its last use. The limit may have been removed since the token was
 * read.
 */
const TAKE_USE = `
  UPDATE "tokens" SET "usesLeft" = "usesLeft" - 1,
    "revocationReason" = CASE WHEN "usesLeft" = 1 THEN 'used_up' END,
    "revocationTime" = CASE WHEN "usesLeft" = 1 THEN CAST(? AS bigint) END
  WHERE "id" = ? AND COALESCE("usesLeft", 1) > 0 AND "revocationReason" IS NULL RETURNING "usesLeft"`;

/**
 * Reserves uses in the current window by the clock of the database, which all replicas share. The stored
 * window may already be the next one, if another replica opened it while this statement waited for the row.
 */
const RESERVE = `
  WITH clock AS (
    SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint) AS "time", CAST(? AS bigint) AS "length"
  ), present AS (
    SELECT token."id", clock."time", clock."length", token."rateWindow", COALESCE(token."rateUses", 0) AS "uses",
      clock."time" - clock."time" % clock."length" AS "start"
    FROM "tokens" token, clock WHERE token."id" = ? FOR UPDATE OF token
  ), opened AS (
    SELECT "id", "time", "length", "rateWindow", "uses", CASE WHEN "rateWindow" = "start" + "length" THEN "rateWindow" ELSE "start" END AS "start"
    FROM present
  ), counted AS (
    SELECT "id", "start", "start" + "length" - "time" AS "left", CASE WHEN "rateWindow" = "start" THEN "uses" ELSE 0 END AS "uses"
    FROM opened
  )
  UPDATE "tokens" SET "rateWindow" = counted."start",
    "rateUses" = GREATEST(counted."uses", LEAST(counted."uses" + CAST(? AS integer), CAST(? AS integer)))
  FROM counted WHERE "tokens"."id" = counted."id"
  RETURNING "tokens"."rateUses" - counted."uses" AS "granted", counted."start" AS "start", counted."left" AS "left"`;

/** Enforces `maxUses` and `rateLimit` on all replicas together. */
@Injectable()
export class TokenLimits {
  private readonly windows = lruCache<string, Window>(WINDOWS_MAX);
  private readonly reservations = new Map<string, Promise<void>>();
  private readonly isShared: boolean;

  constructor(
    private readonly writes: Writes,
    private readonly clock: Clock,
    database: Database,
  ) {
    this.isShared = !database.hasOneWriter;
  }

  /**
   * Takes a use without the database.
   *
   * @returns `false` if {@link take} must read the database.
   * @throws ApplicationError `rate_limited`.
   */
  takeReserved(tokenId: string, { rateLimit, hasMaxUses }: PresentedUseLimits): boolean {
    return !hasMaxUses && (rateLimit === undefined || this.takeFromWindow(tokenId, rateLimit));
  }

  /**
   * Takes a use.
   *
   * @throws ApplicationError `rate_limited`, `token_used_up`, or `unavailable` if the database is too slow
   *   for the window.
   */
  async take(tokenId: string, { rateLimit, hasMaxUses }: PresentedUseLimits): Promise<void> {
    let late = 0;
    while (rateLimit !== undefined && !this.takeFromWindow(tokenId, rateLimit)) {
      if (late === LATE_MAX) {
        throw new ApplicationError('unavailable', { retryAfterSeconds: RETRY_SECONDS });
      }
      await this.reserve(tokenId, rateLimit);
      late = this.currentWindow(tokenId, rateLimit.windowSeconds, this.clock.now()) ? 0 : late + 1;
    }
    if (hasMaxUses) {
      await this.takeUse(tokenId);
    }
  }

  private async takeUse(tokenId: string): Promise<void> {
    const rows = await this.writes.transaction(
      (tx) => returning(TAKE_USE, [this.clock.now(), tokenId], tx),
      // Tokens with `maxUses` are not cached.
      'none',
    );
    if (rows.length === 0) {
      throw new ApplicationError('token_used_up');
    }
  }

  /** @throws ApplicationError `rate_limited`. */
  private takeFromWindow(tokenId: string, { limit, windowSeconds }: RateLimitDto): boolean {
    const now = this.clock.now();
    const window = this.currentWindow(tokenId, windowSeconds, now);
    if (!window) {
      return false;
    }
    if (window.used < Math.min(window.reserved, limit)) {
      window.used += 1;
      return true;
    }
    if (window.exhaustedLimit === limit || window.used >= limit) {
      const resetSeconds = Math.ceil((window.endTime - now) / 1_000);
      throw new ApplicationError('rate_limited', {
        retryAfterSeconds: resetSeconds,
        headers: rateLimitHeaders([{ policy: 'token', limit, windowSeconds, remaining: 0, resetSeconds }]),
        detail: `The token can be used ${limit} times in ${windowSeconds} s. Try again in ${resetSeconds} s.`,
      });
    }
    return false;
  }

  private currentWindow(tokenId: string, windowSeconds: number, now: EpochMilliseconds): Window | undefined {
    const length = windowSeconds * 1_000;
    const known = this.windows.get(tokenId);
    // A window in the future is from before the clock was set back.
    if (known?.windowSeconds === windowSeconds && now < known.endTime && known.endTime - now <= length) {
      return known;
    }
    if (this.isShared) {
      return undefined;
    }
    const startTime = now - (now % length);
    const endTime = startTime + length;
    const window = {
      windowSeconds,
      startTime,
      endTime,
      reserved: Infinity,
      used: 0,
      exhaustedLimit: undefined,
    };
    this.windows.set(tokenId, window);
    return window;
  }

  /** Reserves more uses. Concurrent requests share one reservation. */
  private reserve(tokenId: string, rateLimit: RateLimitDto): Promise<void> {
    let reservation = this.reservations.get(tokenId);
    if (!reservation) {
      reservation = this.reserveShared(tokenId, rateLimit).finally(() => this.reservations.delete(tokenId));
      this.reservations.set(tokenId, reservation);
    }
    return reservation;
  }

  private async reserveShared(tokenId: string, { limit, windowSeconds }: RateLimitDto): Promise<void> {
    const requested = Math.max(1, Math.floor(limit * RESERVED_PART));
    // Measured before the statement, so that the window never ends later here than in the database.
    const requestTime = this.clock.now();
    const [row] = await this.writes.transaction(
      (tx) =>
        returning<{ granted: number; start: number; left: number }>(
          RESERVE,
          [windowSeconds * 1_000, tokenId, requested, limit],
          tx,
        ),
      'none',
    );
    if (!row) {
      throw new ApplicationError('token_revoked');
    }
    const known = this.windows.get(tokenId);
    const isSame = known?.windowSeconds === windowSeconds && known.startTime === row.start;
    this.windows.set(tokenId, {
      windowSeconds,
      startTime: row.start,
      endTime: requestTime + row.left,
      reserved: (isSame ? known.reserved : 0) + row.granted,
      used: isSame ? known.used : 0,
      exhaustedLimit: row.granted === 0 ? limit : undefined,
    });
  }
}
