import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { type Client } from 'pg';
import { type EntityManager, type QueryRunner } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { Metrics } from '../metrics/metrics.js';
import { alone } from './postgres/alone.js';
import { Database } from './database.js';
import { DiskTrust } from './sqlite/disk-trust.js';
import { SqliteCheckpoints } from './sqlite/sqlite-checkpoints.js';
import { inSqliteTransaction } from './sqlite/sqlite-transaction.js';
import { REVOCATION_CHANNEL, toPayloads, type AffectedUsers } from './affected-users.js';

declare const writable: unique symbol;

/** An open transaction; the only thing a repository can write with. */
export type WriteTransaction = EntityManager & { readonly [writable]: true };

/** Whom a transaction touches, by what its work returned. */
type AffectedBy<T> = (result: T) => AffectedUsers;

/** Items that one of many transactions deals with. */
const CHUNK = 200;

/** Sent to who listens by the commit, and by no rollback. */
const NOTIFY = 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload';

/** Writes that may wait for their turn on SQLite. */
const WAITING_MAX = 10_000;

/**
 * The way to write. On SQLite all transactions share one connection, so they run one after another in the order in
 * which they came: side by side they would be refused, or lost with another's rollback. On PostgreSQL each has a
 * connection of the pool.
 */
@Injectable()
export class Writes {
  /** Whether what SQLite writes reaches the disk; PostgreSQL sees to that itself. */
  readonly disk = new DiskTrust();
  private readonly turn = pLimit(1);
  private readonly checkpoints: SqliteCheckpoints;
  private readonly listeners: ((affected: AffectedUsers) => void)[] = [];

  constructor(
    private readonly database: Database,
    metrics: Metrics,
  ) {
    this.checkpoints = new SqliteCheckpoints(database.writer, this.disk);
    metrics.gauge(
      'latchkey_writes_waiting',
      'Transactions that wait for their turn; on PostgreSQL they take none.',
      () => this.turn.pendingCount,
    );
  }

  /**
   * Runs `work` in a transaction; what it returns is on the disk when the promise resolves, and who listens has been told.
   *
   * @param touched whom it touches, or how that follows from what it returns; everybody, unless somebody has thought
   *   about it.
   * @param told whom other replicas are told of: fewer if they may go on believing what they know.
   */
  transaction<T>(
    work: (tx: WriteTransaction) => Promise<T>,
    affected: AffectedUsers | AffectedBy<T> = 'all',
    told: AffectedUsers | AffectedBy<T> = affected,
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
            await notify(manager, whom(told, result));
            return result;
          });
    return ended.finally(() => {
      // Work that failed is rolled back, or strangers could have everybody's tokens looked up. A commit that failed may
      // have been one whose answer was lost.
      if (done) {
        const all = whom(affected, done.result);
        this.listeners.forEach((listener) => listener(all));
      }
    });
  }

  /** Calls back whenever a transaction has ended, before whoever began it goes on. */
  onEnd(listener: (affected: AffectedUsers) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Does something to many items in transactions of a few, so that others' writes get their turn between.
   *
   * @param touched the users touched, by what a transaction returned.
   * @returns what each transaction returned, once that is on the disk. Those before one that fails stay.
   */
  async *inChunks<Item, T>(
    items: readonly Item[],
    work: (chunk: readonly Item[], tx: WriteTransaction) => Promise<T>,
    affected: AffectedBy<T>,
  ): AsyncGenerator<T> {
    for (let start = 0; start < items.length; start += CHUNK) {
      const chunk = items.slice(start, start + CHUNK);
      yield await this.transaction((tx) => work(chunk, tx), affected);
      // The queue alone would give the others' writes their turn, but not their reads.
      await otherWork();
    }
  }

  /**
   * Does a job unless another process on this database is doing it just now.
   *
   * @returns what it returned; `undefined` if it was left to the other.
   */
  alone<T>(job: string, work: () => Promise<T>): Promise<T | undefined> {
    const { ownConnection } = this.database;
    return ownConnection ? alone(ownConnection, job, work) : work();
  }

  /** Runs `work` in a transaction of SQLite's one connection. */
  private async commit<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.disk.guard(() => inSqliteTransaction(this.database.writer, work));
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

function whom<T>(affected: AffectedUsers | AffectedBy<T>, result: T): AffectedUsers {
  return typeof affected === 'function' ? affected(result) : affected;
}

async function notify(manager: EntityManager, told: AffectedUsers): Promise<void> {
  const payloads = toPayloads(told);
  // Commits that notify wait for one another, all over the cluster: those that need not do not.
  if (payloads.length > 0) {
    await manager.query(NOTIFY, [REVOCATION_CHANNEL, payloads]);
  }
}

/** Runs `work` in a transaction of the runner's connection, which is closed if that takes too long. */
async function within<T>(
  milliseconds: number,
  runner: QueryRunner,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  try {
    const connection = (await runner.connect()) as Client;
    // Its statements then fail, a rollback too, and the pool takes no connection back with a transaction open.
    const timer = setTimeout(() => void connection.end(), milliseconds);
    return await runner.manager.transaction(work).finally(() => clearTimeout(timer));
  } finally {
    await runner.release();
  }
}
