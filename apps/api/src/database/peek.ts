import { type Config } from '../config/config.js';
import { isWithoutTable } from './driver-errors.js';
import { openPostgres } from './postgres-data-source.js';
import { openSqliteReader } from './sqlite-data-source.js';

/**
 * Reads from the configured database, which must be there, without using it as a server does: nothing is changed.
 *
 * @returns the rows; `undefined` if there is no such table.
 * @throws ConfigurationError if it cannot be opened.
 */
export async function peek<Row>(config: Config, sql: string): Promise<Row[] | undefined> {
  const { database } = config;
  const source =
    database.kind === 'postgres'
      ? await openPostgres(database.url, config, [])
      : await openSqliteReader(database.file, []);
  try {
    return await source.query<Row[]>(sql);
  } catch (error) {
    if (isWithoutTable(error)) {
      return undefined;
    }
    throw error;
  } finally {
    await source.destroy();
  }
}
