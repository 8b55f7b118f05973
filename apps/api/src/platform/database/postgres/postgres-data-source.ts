import { Socket } from 'node:net';
import pg, { type Client } from 'pg';
import { DataSource, type MixedList } from 'typeorm';
import { type Config } from '../../config/config.js';
import { ConfigurationError } from '../../config/configuration-error.js';
import { MIGRATIONS } from '../migrations/index.js';

const OID_INT8 = 20;
/** One that holds the lock, one that migrates. */
const MIGRATION_CONNECTIONS = 2;

/** How much later than it ends a statement the server must have said so; a stalled one says nothing. */
const ANSWER_MILLISECONDS = 500;

/** How long an answer of the server is waited for; the whole of a transaction, too. */
export const answerDeadline = (statementTimeoutMilliseconds: number): number =>
  statementTimeoutMilliseconds + ANSWER_MILLISECONDS;

/** How long an idle connection is silent before the network is asked whether it is still there. */
const KEEP_ALIVE_MILLISECONDS = 10_000;

/** How long a connection of the process's own may take to be there: nothing but statements that are quick goes by it. */
const OWN_CONNECTION_MILLISECONDS = 2_000;

/** A connection that is not one of the pool's, and not open yet. */
export interface OwnConnection {
  readonly client: Client;
  /** What is sent and received through, to end it when PostgreSQL no longer answers. */
  readonly socket: Socket;
}

/** Makes a connection that is not one of the pool's. */
export function ownConnection(url: string, applicationName: string): OwnConnection {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MILLISECONDS,
    connectionTimeoutMillis: OWN_CONNECTION_MILLISECONDS,
    query_timeout: answerDeadline(OWN_CONNECTION_MILLISECONDS),
    stream: () => socket,
  });
  return { client, socket };
}

/** Opens the connection pool of a PostgreSQL database. */
export function openPostgres(
  url: string,
  { databasePool, statementTimeoutMilliseconds }: Config,
  entities: MixedList<new () => unknown>,
): Promise<DataSource> {
  // All our 64-bit integers are instants and counts, far below 2^53.
  pg.types.setTypeParser(OID_INT8, Number);
  const source = new DataSource({
    type: 'postgres',
    url,
    entities,
    poolSize: databasePool,
    applicationName: 'latchkey',
    extra: {
      statement_timeout: statementTimeoutMilliseconds,
      query_timeout: answerDeadline(statementTimeoutMilliseconds),
      connectionTimeoutMillis: statementTimeoutMilliseconds,
      idle_in_transaction_session_timeout: 5 * statementTimeoutMilliseconds,
    },
  });
  return initialize(source, url);
}

/** Opens a PostgreSQL database to migrate or fill it, which takes as long as it takes. */
export function openPostgresToMigrate(
  url: string,
  { statementTimeoutMilliseconds }: Config,
  entities: MixedList<new () => unknown> = [],
): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url,
    entities,
    migrations: MIGRATIONS,
    poolSize: MIGRATION_CONNECTIONS,
    applicationName: 'latchkey migration',
    extra: { connectionTimeoutMillis: statementTimeoutMilliseconds },
  });
  return initialize(source, url);
}

async function initialize(source: DataSource, url: string): Promise<DataSource> {
  try {
    await source.initialize();
  } catch (error) {
    const { host, pathname } = new URL(url);
    const { message, code } = error as NodeJS.ErrnoException;
    // A name with several addresses fails without a message.
    const reason = message || code;
    throw new ConfigurationError(
      `DATABASE_URL: PostgreSQL at ${host} does not open ${pathname}: ${reason}; check that it runs, and the URL`,
      { cause: error },
    );
  }
  try {
    await checkSynchronousCommit(source);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return source;
}

/**
 * A session could set it, but behind a pooler that lasts for a transaction; and over everything else there is, such as
 * `remote_apply`, the administrator has the say.
 */
async function checkSynchronousCommit(source: DataSource): Promise<void> {
  const [row] = await source.query<{ synchronous_commit: string }[]>('SHOW synchronous_commit');
  if (row?.synchronous_commit === 'off') {
    throw new ConfigurationError(
      'DATABASE_URL: PostgreSQL acknowledges changes before they are on the disk, as synchronous_commit is off here, so ' +
        'that a crash would undo log-outs: ALTER ROLE … SET synchronous_commit = on, for the role of Latchkey, mends it',
    );
  }
}
