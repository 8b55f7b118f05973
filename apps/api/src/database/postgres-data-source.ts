import pg from 'pg';
import { DataSource, type MixedList } from 'typeorm';
import { type Config } from '../config/config.js';
import { MIGRATIONS } from './migrations/index.js';

const OID_INT8 = 20;

/** Opens the connection pool of a PostgreSQL database. */
export function openPostgres(
  url: string,
  { databasePool, statementTimeoutMilliseconds }: Config,
  entities: MixedList<new () => unknown>,
): Promise<DataSource> {
  // All our 64-bit integers are instants and counts, far below 2^53.
  pg.types.setTypeParser(OID_INT8, Number);
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    migrations: MIGRATIONS,
    poolSize: databasePool,
    applicationName: 'latchkey',
    extra: {
      statement_timeout: statementTimeoutMilliseconds,
      query_timeout: 2 * statementTimeoutMilliseconds,
      connectionTimeoutMillis: statementTimeoutMilliseconds,
      idle_in_transaction_session_timeout: 5 * statementTimeoutMilliseconds,
    },
  }).initialize();
}
