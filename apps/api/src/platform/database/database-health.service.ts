import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER, filterFailures, type Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.service.js';
import { Database } from './database.js';
import { codeOf, translateDriverError } from './driver-errors.js';
import { Writes } from './writes.service.js';

/** Time after which the database counts as unavailable. */
const DEADLINE_MILLISECONDS = 1_000;

/** Pause between two checks after a failure. */
const PAUSE_MILLISECONDS = 500;

/** An outage is over when a check succeeds and no operation has failed for this time. */
const QUIET_MILLISECONDS = 1_000;

/** It is also over when all checks have succeeded for this time: single operations can fail at any time. */
const STEADY_MILLISECONDS = 10_000;

/**
 * Maximum number of failures that are kept until the check shows whether there is an outage. Others are only
 * counted.
 */
const KEPT_MAX = 10;

/**
 * Test write on PostgreSQL. Needs new pages of a file, as most writes do, and leaves nothing behind.
 * Databases that lack the right to create temporary tables report that only after they have checked whether
 * they are read-only.
 */
const POSTGRES_SQL = `CREATE TEMPORARY TABLE "latchkey_write_probe" ON COMMIT DROP AS
  SELECT repeat('x', 1000) AS "text" FROM generate_series(1, 64)`;

/** PostgreSQL code of a missing right. */
const NOT_ALLOWED = '42501';

/**
 * Test write on SQLite: a row of 64 KiB, with a name that no account has. The next purge deletes it if the
 * process ends in between.
 */
const INSERT_SQL = `INSERT OR IGNORE INTO "failure_counts" ("account", "network", "failures", "blockedUntil", "resetTime", "pacedUntil", "knownUntil", "forgetTime")
  VALUES ('write probe', printf('%.65536c', 'x'), 0, 0, 0, 0, 0, 0)`;
const DELETE_SQL = `DELETE FROM "failure_counts" WHERE "account" = 'write probe'`;

/** Log messages of each outage. */
const OUTAGES = {
  unavailable: { begin: 'The database does not respond', end: 'The database responds again' },
  unwritable: {
    begin: `The database accepts no changes. The server rejects changes and logins, and attempts a write every ${PAUSE_MILLISECONDS} ms`,
    end: 'The database accepts changes again',
  },
};

/** Why the server cannot use its database: it does not respond, or it accepts no changes. */
type OutageKind = keyof typeof OUTAGES;

interface Outage {
  kind: OutageKind;
  readonly startTime: number;
  /** Operations that failed. */
  failures: number;
}

/**
 * Detects when the database does not respond, or accepts no changes, for example because the disk is full.
 * After an operation has failed, it reads and writes until both succeed, because a server that is not ready
 * may get no requests. An outage is logged when it begins and when it is over; in between, failed operations
 * are only counted.
 */
@Injectable()
export class DatabaseHealth implements BeforeApplicationShutdown {
  private current: Outage | undefined;
  private latestFailureTime = -Infinity;
  private steadySince: number | undefined;
  private isWatching = false;
  private isStopping = false;
  /** Writes the log lines of failures whose cause is not yet known. */
  private kept: (() => void)[] = [];
  /** Failures that were not kept. */
  private dropped = 0;

  constructor(
    private readonly database: Database,
    private readonly writes: Writes,
    metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    metrics.gauge(
      'latchkey_writes_failing',
      '1 while the database accepts no changes or does not respond, else 0.',
      () => Number(this.current !== undefined || writes.disk.isLost),
    );
    writes.disk.onLoss((err) =>
      logger.error({ err }, 'The disk has failed. Writes are rejected until the server is restarted'),
    );
    filterFailures(logger, (error, write) => this.note(error, write));
  }

  /** Current outage, as far as it is known. */
  get outage(): OutageKind | undefined {
    return this.current?.kind;
  }

  /** Whether a sync has failed, so that the server rejects all writes until it restarts. */
  get hasLostDisk(): boolean {
    return this.writes.disk.isLost;
  }

  /** Reads from the database and returns the current outage. */
  async check(): Promise<OutageKind | undefined> {
    const error = await this.readError();
    if (error !== undefined && !this.isStopping) {
      this.begin('unavailable', error);
      this.watch();
    }
    return this.outage;
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  /**
   * Records a failed operation.
   *
   * @param write writes its log line. It is not called if an outage explains the failure.
   */
  private note(error: unknown, write: () => void): void {
    if (this.isStopping || !isOfDatabase(error)) {
      write();
      return;
    }
    if (this.hasLostDisk) {
      return;
    }
    this.latestFailureTime = performance.now();
    if (this.current) {
      this.current.failures += 1;
    } else if (this.kept.length < KEPT_MAX) {
      this.kept.push(write);
    } else {
      this.dropped += 1;
    }
    this.watch();
  }

  private watch(): void {
    if (!this.isWatching) {
      this.isWatching = true;
      void this.keepChecking();
    }
  }

  private async keepChecking(): Promise<void> {
    do {
      const kept = this.kept.length;
      const startTime = performance.now();
      const failure = await this.findFailure();
      if (this.isStopping) {
        this.logKept();
        return;
      }
      if (failure) {
        this.begin(failure.kind, failure.error);
      } else {
        this.succeed(startTime, kept);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS).unref());
    } while (!this.isStopping && (this.current !== undefined || this.kept.length > 0));
    this.isWatching = false;
  }

  private async findFailure(): Promise<{ kind: OutageKind; error: unknown } | undefined> {
    const error = await this.readError();
    if (error !== undefined) {
      return { kind: 'unavailable', error };
    }
    try {
      await this.probeWrites();
      return undefined;
    } catch (failure) {
      // Other errors, such as a full queue, do not mean that writes fail.
      return isOfDatabase(failure) ? { kind: 'unwritable', error: failure } : undefined;
    }
  }

  private async readError(): Promise<unknown> {
    try {
      await withDeadline(this.database.reader.query('SELECT 1'));
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /**
   * Attempts a write that takes about as much space as a login.
   *
   * @throws the error of the database if it accepts no writes.
   */
  private async probeWrites(): Promise<void> {
    if (this.database.hasOneWriter) {
      // Two transactions, because SQLite writes no page that is unused at the commit.
      await this.writes.transaction((tx) => tx.query(INSERT_SQL), 'none');
      await this.writes.transaction((tx) => tx.query(DELETE_SQL), 'none');
      return;
    }
    try {
      await this.writes.transaction((tx) => tx.query(POSTGRES_SQL), 'none');
    } catch (error) {
      if (codeOf(error) !== NOT_ALLOWED) {
        throw error;
      }
    }
  }

  /** Begins an outage, or changes its kind. */
  private begin(kind: OutageKind, err: unknown): void {
    this.steadySince = undefined;
    if (this.current?.kind === kind || this.hasLostDisk) {
      return;
    }
    if (this.current) {
      this.current.kind = kind;
    } else {
      const failures = this.kept.splice(0).length + this.dropped;
      this.dropped = 0;
      this.current = { kind, startTime: performance.now(), failures };
    }
    this.logger.error({ err }, OUTAGES[kind].begin);
  }

  /**
   * Handles a check that found no failure.
   *
   * @param startTime start of the check.
   * @param kept number of failures before it.
   */
  private succeed(startTime: number, kept: number): void {
    this.steadySince ??= startTime;
    const isQuiet = startTime - this.latestFailureTime >= QUIET_MILLISECONDS;
    if (isQuiet || startTime - this.steadySince >= STEADY_MILLISECONDS) {
      this.end();
    }
    // Without an outage, they concern single operations.
    this.logKept(kept);
  }

  /** Logs the first kept failures, and the number of dropped ones. */
  private logKept(count = this.kept.length): void {
    this.kept.splice(0, count).forEach((write) => write());
    if (this.dropped > 0) {
      this.logger.warn(
        { failures: this.dropped },
        'More operations of the database failed. They are not logged',
      );
      this.dropped = 0;
    }
  }

  private end(): void {
    if (this.current) {
      const { kind, startTime, failures } = this.current;
      this.current = undefined;
      const seconds = Math.round((performance.now() - startTime) / 100) / 10;
      this.logger.info({ seconds, failures }, OUTAGES[kind].end);
    }
  }
}

/** Whether an operation failed because of the database, and not because of its content. */
function isOfDatabase(error: unknown): boolean {
  return (
    translateDriverError(error) !== undefined ||
    (error instanceof Error && error.cause !== undefined && isOfDatabase(error.cause))
  );
}

async function withDeadline(query: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const error = new Error(`No answer within ${DEADLINE_MILLISECONDS} ms`);
    timer = setTimeout(() => reject(error), DEADLINE_MILLISECONDS);
  });
  try {
    await Promise.race([query, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
