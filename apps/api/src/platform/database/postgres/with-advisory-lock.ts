import { type OwnConnection } from './postgres-data-source.js';

/** Name of the connection in `pg_stat_activity`. */
const APPLICATION_NAME = 'latchkey job';

/** Transaction-level lock, which works behind a pooler and is released with the connection. */
const LOCK = 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS "isOurs"';

/**
 * Runs a job unless another process on the same PostgreSQL database is running it.
 *
 * @returns the result of the job; `undefined` if another process is running it.
 */
export async function withAdvisoryLock<T>(
  ownConnection: (applicationName: string) => OwnConnection,
  job: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const { client, socket } = ownConnection(APPLICATION_NAME);
  // If the lock is lost, another process may start as well. That costs some work, but no data.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // The job may take long. This transaction reads nothing, so it blocks no other session.
    await client.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
    const { rows } = await client.query<{ isOurs: boolean }>(LOCK, [`latchkey ${job}`]);
    return rows[0]?.isOurs ? await work() : undefined;
  } finally {
    // Releases the lock before the caller continues.
    await client.query('ROLLBACK').catch(() => undefined);
    client.end().catch(() => undefined);
    socket.destroySoon();
  }
}
