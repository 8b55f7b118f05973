import { type DataSource, type EntityManager, type QueryRunner } from 'typeorm';

/** Connections whose last rollback failed. */
const leftOpen = new WeakSet<QueryRunner>();

/**
 * Runs `work` in a transaction of the connection for writing. No other transaction may be open on it.
 *
 * @throws the first error, even if the rollback fails as well, because the first one names the cause.
 */
export async function inSqliteTransaction<T>(
  writer: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = writer.createQueryRunner();
  try {
    if (leftOpen.has(runner)) {
      await rollBack(runner);
      leftOpen.delete(runner);
    }
    await runner.startTransaction();
    try {
      const result = await work(runner.manager);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      await rollBack(runner).catch(() => leftOpen.add(runner));
      throw error;
    }
  } finally {
    await runner.release();
  }
}

/**
 * After some errors, above all on a full disk, SQLite has rolled back on its own and rejects a rollback. TypeORM would then
 * assume an open transaction and turn each later one into a savepoint, which is acknowledged but never committed.
 */
async function rollBack(runner: QueryRunner): Promise<void> {
  try {
    await runner.rollbackTransaction();
  } catch {
    await runner.query('BEGIN');
    await runner.rollbackTransaction();
  }
}
