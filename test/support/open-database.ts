import { ENTITIES } from '../../apps/api/src/app.module.js';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { type TestDatabase } from './test-database.js';

/** Any key; PostgreSQL is not opened without one. */
const KEY = Buffer.alloc(32, 7).toString('base64');

/** Opens a database as the server does, without a server. */
export function openDatabase(
  { url, folder }: Pick<TestDatabase, 'url' | 'folder'>,
  environment: Record<string, string> = {},
): Promise<Database> {
  const config = Config.read({
    DATABASE_URL: url,
    LATCHKEY_DATA_DIR: folder,
    LATCHKEY_AUDIT_KEY: KEY,
    ...environment,
  });
  return Database.open(config, ENTITIES);
}
