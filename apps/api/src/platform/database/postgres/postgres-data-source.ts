import { Socket } from 'node:net';
import type pg from 'pg';
import { type Client, type ClientConfig, type Pool, type PoolClient } from 'pg';
import { DataSource, type MixedList } from 'typeorm';
import { type PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { type Config } from '../../config/config.js';
import { ConfigurationError } from '../../../common/application-error.js';
import { MIGRATIONS } from '../migrations/index.js';

/**
 * Supported versions of PostgreSQL. A later one works as long as PostgreSQL removes nothing that Latchkey
 * uses.
 */
export const OLDEST_POSTGRES = 15;
export const NEWEST_POSTGRES = 18;

const OID_INT8 = 20;
/** One connection holds the lock, the other migrates. */
const MIGRATION_CONNECTIONS = 2;

/** Time after the statement timeout within which the server must respond. A stalled one does not. */
const ANSWER_MILLISECONDS = 500;

/** Returns the time limit for a response of the server, and for a whole transaction. */
export const answerDeadline = (statementTimeoutMilliseconds: number): number =>
  statementTimeoutMilliseconds + ANSWER_MILLISECONDS;

/** Idle time before TCP keep-alive probes. */
const KEEP_ALIVE_MILLISECONDS = 10_000;

/** Time limit for opening a connection outside the pool, and for each of its statements, which are quick. */
const OWN_CONNECTION_MILLISECONDS = 2_000;

/** Connection outside the pool, not open yet. */
export interface OwnConnection {
  readonly client: Client;
  /** Socket of the connection, to close it if PostgreSQL no longer responds. */
  readonly socket: Socket;
}

/**
 * Returns the module `pg`, as TypeORM loaded it. Importing it here would add a seventh to the processor time
 * of a start on SQLite.
 */
const pgOf = ({ driver }: DataSource) => (driver as PostgresDriver).postgres as typeof pg;

/** Creates a connection outside the pool of `source`. */
export function ownConnection(source: DataSource, url: string, applicationName: string): OwnConnection {
  const socket = new Socket();
  const { Client } = pgOf(source);
  const client = new Client({
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

/**
 * Returns a function that replaces all connections of a pool: idle ones immediately, the others when they are
 * returned. New ones resolve the address of the database again.
 */
export function connectionRenewal({ driver }: DataSource): () => void {
  const pool = (driver as PostgresDriver).master as Pool & { Client: typeof Client };
  const idle = new Set<PoolClient>();
  let renewals = 0;
  /** Number of renewals before each connection began, which is before the address was resolved. */
  const renewalsBefore = new WeakMap<object, number>();
  // Not in its types, checked with pg-pool 3.14. Without it, each connection would serve one query.
  pool.Client = class extends pool.Client {
    constructor(options?: ClientConfig) {
      super(options);
      renewalsBefore.set(this, renewals);
    }
  };
  pool.on('acquire', (client) => idle.delete(client));
  pool.on('remove', (client) => idle.delete(client));
  pool.on('release', (_, client) => {
    // The first connections are older than this function.
    if ((renewalsBefore.get(client) ?? 0) === renewals) {
      idle.add(client);
    } else {
      // The pool removes a client that ends.
      void client.end();
    }
  });
  return () => {
    renewals += 1;
    const error = new Error('The connection is replaced');
    // As if it was lost, so that the pool removes it at once.
    idle.forEach((client) => client.emit('error', error));
  };
}

/** Name of the pool's connections in `pg_stat_activity`, unless the URL has another one. */
const POOL_NAME = 'latchkey';

/** Length in bytes after which PostgreSQL cuts names. */
const NAME_MAX_BYTES = 63;

/**
 * Returns the URL with a mark after the name of its connections, if it has one. That name would take
 * precedence.
 */
export function withMark(url: string, mark: string): string {
  const marked = new URL(url);
  const name = marked.searchParams.get('application_name');
  if (name === null || mark === '') {
    return url;
  }
  let kept = name;
  while (Buffer.byteLength(`${kept} ${mark}`) > NAME_MAX_BYTES) {
    kept = [...kept].slice(0, -1).join('');
  }
  marked.searchParams.set('application_name', `${kept} ${mark}`);
  return marked.href;
}

/**
 * Opens the connection pool of a PostgreSQL database.
 *
 * @param mark mark of the server that opens it; empty for commands.
 */
export function openPostgres(
  url: string,
  { databasePool, statementTimeoutMilliseconds }: Config,
  entities: MixedList<new () => unknown>,
  mark = '',
): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url: withMark(url, mark),
    entities,
    poolSize: databasePool,
    applicationName: `${POOL_NAME} ${mark}`.trim(),
    extra: {
      statement_timeout: statementTimeoutMilliseconds,
      query_timeout: answerDeadline(statementTimeoutMilliseconds),
      connectionTimeoutMillis: statementTimeoutMilliseconds,
      idle_in_transaction_session_timeout: 5 * statementTimeoutMilliseconds,
    },
  });
  // All 64-bit integers in the tables are instants and counts, far below 2^53.
  pgOf(source).types.setTypeParser(OID_INT8, Number);
  return initialize(source, url);
}

/** Opens a PostgreSQL database for migrations and moves, without timeouts. */
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
    throw new ConfigurationError(`DATABASE_URL: ${describeOpenError(url, error)}`, { cause: error });
  }
  try {
    checkVersion(source);
    await checkSynchronousCommit(source);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return source;
}

/** Message of `pg` when there is no password for SCRAM. */
const NO_PASSWORD = /client password must be a (?:non-empty )?string/;
/** PostgreSQL code of a wrong password. For other methods, `pg` sends an empty one. */
const WRONG_PASSWORD = '28P01';

/** Describes why a database cannot be opened, and the advice. */
function describeOpenError(url: string, error: unknown): string {
  const { host, pathname, username, password, searchParams } = new URL(url);
  const { message, code } = error as NodeJS.ErrnoException;
  const hasPassword = password !== '' || searchParams.has('password');
  if (NO_PASSWORD.test(message) || (code === WRONG_PASSWORD && !hasPassword)) {
    const user = username === '' ? 'USER' : username;
    return `PostgreSQL at ${host} asks for a password, and the URL has none. Write it as postgres://${user}:PASSWORD@${host}${pathname.length > 1 ? pathname : '/DATABASE'}`;
  }
  const database = pathname.length > 1 ? pathname : 'the database, which the URL does not name';
  // The error of a host name with several addresses has no message.
  return `PostgreSQL at ${host} cannot open ${database}: ${message || code}. Check that it is running, and the URL`;
}

/** Returns the major version of the server. */
export function postgresVersion({ driver }: DataSource): number {
  return Number.parseInt((driver as PostgresDriver).version ?? '', 10);
}

/** Rejects versions of PostgreSQL that no longer get fixes, and are not tested. */
function checkVersion(source: DataSource): void {
  const version = postgresVersion(source);
  if (version < OLDEST_POSTGRES) {
    throw new ConfigurationError(
      `DATABASE_URL: this is PostgreSQL ${version}, and Latchkey needs ${OLDEST_POSTGRES} to ${NEWEST_POSTGRES}. Upgrade PostgreSQL`,
    );
  }
}

/**
 * Rejects `synchronous_commit = off`. A session could set it, but behind a pooler that lasts for one
 * transaction. All other values, such as `remote_apply`, are the choice of the administrator.
 */
async function checkSynchronousCommit(source: DataSource): Promise<void> {
  const [row] = await source.query<{ synchronous_commit: string }[]>('SHOW synchronous_commit');
  if (row?.synchronous_commit === 'off') {
    throw new ConfigurationError(
      'DATABASE_URL: synchronous_commit is off, so PostgreSQL acknowledges changes before they are on the disk, ' +
        'and a crash would undo logouts. To fix this, run ALTER ROLE … SET synchronous_commit = on for the role of Latchkey',
    );
  }
}

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
