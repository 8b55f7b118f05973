import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { type Client } from 'pg';
import { type EntityManager, type QueryRunner } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { Metrics } from '../metrics/metrics.service.js';
import { withAdvisoryLock } from './postgres/postgres-data-source.js';
import { Database } from './database.js';
import { SqliteCheckpoints } from './sqlite/durability/checkpoints.js';
import { DiskTrust, type LogSync } from './sqlite/durability/log-sync.js';
import { inSqliteTransaction } from './sqlite/sqlite-transaction.js';
import { REVOCATION_CHANNEL, toPayloads, type AffectedUsers } from './affected-users.js';

declare const writable: unique symbol;

/** Open transaction. Repositories need one to write. */
export type WriteTransaction = EntityManager & { readonly [writable]: true };

/** Derives the affected users from the result of a transaction. */
type AffectedBy<T> = (result: T) => AffectedUsers;

/** Items per transaction. */
const CHUNK = 200;

/** PostgreSQL delivers the notifications on commit, and drops them on rollback. */
const NOTIFY = 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload';

/** Maximum length of the write queue on SQLite. */
const WAITING_MAX = 10_000;

/**
 * Runs all write transactions. On SQLite they share one connection, so they run one after another, in order
 * of arrival: concurrent ones would fail, or be lost with the rollback of another. On PostgreSQL each has a
 * connection of the pool.
 */
@Injectable()
export class Writes {
  /** Tracks failed syncs of SQLite. PostgreSQL handles them itself. */
  readonly disk: DiskTrust;
  private readonly turn = pLimit(1);
  private readonly checkpoints: SqliteCheckpoints;
  private readonly log: LogSync | undefined;
  private readonly listeners: ((affected: AffectedUsers, notified: AffectedUsers) => void)[] = [];

  constructor(
    private readonly database: Database,
    metrics: Metrics,
  ) {
    this.log = database.log;
    this.disk = this.log?.disk ?? new DiskTrust();
    this.checkpoints = new SqliteCheckpoints(database.writer, this.disk);
    metrics.gauge(
      'latchkey_writes_waiting',
      'Transactions that wait for their turn; on PostgreSQL they take none.',
      () => this.turn.pendingCount,
    );
    metrics.gauge('latchkey_disk_failed', '1 if the disk has failed and writes are rejected, else 0.', () =>
      Number(this.disk.isLost),
    );
  }

  /**
   * Runs `work` in a transaction, and calls the listeners at the commit. When the promise settles, this
   * commit and all commits that `work` could read are on the disk.
   *
   * @param affected affected users, or a function that derives them from the result; all users by default.
   * @param notified affected users for other replicas; fewer if their caches remain valid.
   */
  transaction<T>(
    work: (tx: WriteTransaction) => Promise<T>,
    affected: AffectedUsers | AffectedBy<T> = 'all',
    notified: AffectedUsers | AffectedBy<T> = affected,
  ): Promise<T> {
    const { writer, transactionMilliseconds } = this.database;
    let done: { result: T } | undefined;
    const inTransaction = async (manager: EntityManager) => {
      const result = await work(manager as WriteTransaction);
      done = { result };
      return result;
    };
    const ended =
      transactionMilliseconds === undefined
        ? this.inTurn(() => this.commit(inTransaction))
        : within(transactionMilliseconds, writer.createQueryRunner(), async (manager) => {
            const result = await inTransaction(manager);
            await notify(manager, resolveAffected(notified, result));
            return result;
          });
    const published = ended.finally(() => {
      // Failed work was rolled back and affects no user; otherwise unauthenticated clients could empty the
      // cache. A failed commit may have succeeded, with its response lost.
      if (done) {
        const all = resolveAffected(affected, done.result);
        const others = resolveAffected(notified, done.result);
        this.listeners.forEach((listener) => listener(all, others));
      }
    });
    return published.finally(() => this.log?.synced);
  }

  /**
   * Calls `listener` after each transaction, before its caller continues, with the affected users here and in
   * the caches of other processes.
   */
  onEnd(listener: (affected: AffectedUsers, notified: AffectedUsers) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Processes many items in chunks, each in its own transaction, so that other writes can run in between.
   *
   * @param affected affected users, derived from the result of a transaction.
   * @returns the result of each transaction after its commit. If one fails, the earlier ones remain.
   */
  async *inChunks<Item, T>(
    items: readonly Item[],
    work: (chunk: readonly Item[], tx: WriteTransaction) => Promise<T>,
    affected: AffectedBy<T>,
  ): AsyncGenerator<T> {
    for (let start = 0; start < items.length; start += CHUNK) {
      const chunk = items.slice(start, start + CHUNK);
      yield await this.transaction((tx) => work(chunk, tx), affected);
      // The queue lets other writes run in between, but not reads.
      await otherWork();
    }
  }

  /**
   * Runs a job unless another process on this database is running it.
   *
   * @returns the result of the job; `undefined` if another process is running it.
   */
  withAdvisoryLock<T>(job: string, work: () => Promise<T>): Promise<T | undefined> {
    const { ownConnection } = this.database;
    return ownConnection ? withAdvisoryLock(ownConnection, job, work) : work();
  }

  /** Runs `work` in a transaction of the only connection of SQLite. */
  private async commit<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.disk.guard(() => inSqliteTransaction(this.database.writer, work));
    this.log?.schedule();
    await this.checkpoints.afterCommit();
    return result;
  }

  private async inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (this.turn.pendingCount >= WAITING_MAX) {
      throw new ApplicationError('overloaded', { retryAfterSeconds: 1 });
    }
    return this.turn(run);
  }
}

function resolveAffected<T>(affected: AffectedUsers | AffectedBy<T>, result: T): AffectedUsers {
  return typeof affected === 'function' ? affected(result) : affected;
}

async function notify(manager: EntityManager, notified: AffectedUsers): Promise<void> {
  const payloads = toPayloads(notified);
  // Commits that notify are serialized in the whole cluster, so only those that need it do.
  if (payloads.length > 0) {
    await manager.query(NOTIFY, [REVOCATION_CHANNEL, payloads]);
  }
}

/** Runs `work` in a transaction of the runner's connection and closes the connection after the time limit. */
async function within<T>(
  milliseconds: number,
  runner: QueryRunner,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  try {
    const connection = (await runner.connect()) as Client;
    // Then all statements fail, even a rollback, and no connection returns to the pool with an open
    // transaction.
    const timer = setTimeout(() => void connection.end(), milliseconds);
    return await runner.manager.transaction(work).finally(() => clearTimeout(timer));
  } finally {
    await runner.release();
  }
}
