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
    }
    // Not TypeORM's BEGIN: if another process writes between the first read and the first write of such a
    // transaction, SQLite rejects the write at once. IMMEDIATE waits for the other process before the first
    // read.
    await runner.query('BEGIN IMMEDIATE');
    try {
      const result = await work(runner.manager);
      await runner.query('COMMIT');
      return result;
    } catch (error) {
      leftOpen.add(runner);
      await rollBack(runner).catch(() => undefined);
      throw error;
    }
  } finally {
    await runner.release();
  }
}

/** After some errors, above all on a full disk, SQLite has rolled back on its own and rejects a rollback. */
async function rollBack(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('ROLLBACK');
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('no transaction is active'))) {
      throw error;
    }
  }
  leftOpen.delete(runner);
}
