import { SealingKey } from '../audit/keys/sealing-key.js';
import { TRAIL_KEY_SQL } from '../audit/keys/trail-key.js';
import { type Config } from '../platform/config/config.js';
import { ConfigurationError } from '../common/application-error.js';
import {
  moveToPostgres,
  type ReportRows,
  type RowCounts,
} from '../platform/database/move/move-to-postgres.js';
import { SqliteSource } from '../platform/database/move/sqlite-source.js';

/**
 * Copies all rows of a SQLite file to an empty PostgreSQL database.
 *
 * @param url of the configured PostgreSQL database.
 * @returns the number of rows in each table.
 * @throws Error that describes the obstacle. In this case nothing was copied.
 */
export async function moveDatabase(
  file: string,
  url: string,
  config: Config,
  entities: (new () => unknown)[],
  report: ReportRows,
): Promise<RowCounts> {
  const source = await SqliteSource.open(file);
  try {
    checkKey(source, config);
    return await moveToPostgres(source, url, config, entities, report);
  } finally {
    source.close();
  }
}

/** Rejects a wrong audit key before the move, because no server could start afterwards. */
function checkKey(source: SqliteSource, { auditKey = '' }: Config): void {
  const [{ keyId } = { keyId: '' }] = source.all<{ keyId: string }>(TRAIL_KEY_SQL);
  const own = SealingKey.parse(auditKey);
  if (keyId !== '' && keyId !== own?.id) {
    throw new ConfigurationError(
      `The audit trail needs key ${keyId}, and LATCHKEY_AUDIT_KEY is key ${own?.id}. Set it to the LATCHKEY_AUDIT_KEY of the server on SQLite, or if it was not set, to the content of audit.key in its data folder.`,
    );
  }
}
