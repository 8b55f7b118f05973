import { type OwnConnection } from './postgres-data-source.js';

/** Name of the connection in `pg_stat_activity`. */
const APPLICATION_NAME = 'latchkey job';

/** Of the transaction, so that it also holds through a pooler, and goes with the connection. */
const LOCK = 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS "isOurs"';

/**
 * Does a job unless another process on the same PostgreSQL database is doing it just now.
 *
 * @returns what it returned; `undefined` if it was left to the other.
 */
export async function alone<T>(
  ownConnection: (applicationName: string) => OwnConnection,
  job: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const { client, socket } = ownConnection(APPLICATION_NAME);
  // Without it another may begin as well, which costs both of them some work and nothing else.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // However long the job takes; nothing is read in this transaction, so it holds nobody up.
    await client.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
    const { rows } = await client.query<{ isOurs: boolean }>(LOCK, [`latchkey ${job}`]);
    return rows[0]?.isOurs ? await work() : undefined;
  } finally {
    // The lock is free before whoever waits for the job goes on.
    await client.query('ROLLBACK').catch(() => undefined);
    client.end().catch(() => undefined);
    socket.destroySoon();
  }
}
