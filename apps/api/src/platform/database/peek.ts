import { type Config } from '../config/config.js';
import { ConfigurationError } from '../../common/application-error.js';
import { showDatabaseAddress } from '../config/database-address.js';
import { adviceOnDamage, isWithoutColumn, isWithoutTable } from './driver-errors.js';
import { openPostgres } from './postgres/postgres-data-source.js';
import { openSqliteReader } from './sqlite/sqlite-data-source.js';

/** Reads rows; `undefined` if there is no such table or column, as before an upgrade. */
export type Peek = <Row>(sql: string) => Promise<Row[] | undefined>;

/**
 * Reads from the configured database, which must be there, without using it as a server does: nothing is
 * changed.
 */
export async function peekInto<T>(config: Config, work: (peek: Peek) => Promise<T>): Promise<T> {
  const { database } = config;
  const source =
    database.kind === 'postgres'
      ? await openPostgres(database.url, config, [])
      : await openSqliteReader(database.file, []);
  try {
    return await work((sql) =>
      source.query(sql).catch((cause: unknown) => {
        if (isWithoutTable(cause) || isWithoutColumn(cause)) {
          return undefined;
        }
        const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/^SqliteError: /, '');
        throw new ConfigurationError(
          `DATABASE_URL: ${showDatabaseAddress(database)} cannot be read: ${reason}${adviceOnDamage(cause)}`,
          { cause },
        );
      }),
    );
  } finally {
    await source.destroy();
  }
}
