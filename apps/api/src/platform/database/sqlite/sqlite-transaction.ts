import { type DataSource, type EntityManager, type QueryRunner } from 'typeorm';

/** Connections whose last transaction could not be rolled back. */
const leftOpen = new WeakSet<QueryRunner>();

/**
 * Runs `work` in a transaction of the one connection that writes. Nobody else's may be open.
 *
 * @throws what failed first, whatever fails after it: who looks at an error wants to know of the disk.
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
 * After some errors, of a full disk above all, SQLite has rolled back by itself and refuses to do it again. TypeORM then
 * takes the transaction for open, and makes each later one a savepoint in it, whose end is acknowledged and no commit.
 */
async function rollBack(runner: QueryRunner): Promise<void> {
  try {
    await runner.rollbackTransaction();
  } catch {
    await runner.query('BEGIN');
    await runner.rollbackTransaction();
  }
}
