import Database from '#sqlite';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../../apps/api/src/platform/database/migrations/index.js';
import { type Store } from './store.js';

/** Number of migrations. */
export const MIGRATION_COUNT = MIGRATIONS.length;

/** Number of migrations in an older build. The later ones can be reverted and repeated without losing data. */
export const OLDER_COUNT = MIGRATIONS.findIndex(({ name }) => name.startsWith('CreateTokenUsage'));

/** Reverts a database to the schema of an older build. */
export async function makeOlder(store: Store): Promise<void> {
  const [kind, file] = store.url.split(/:(.*)/s);
  const source = new DataSource({
    ...(kind === 'sqlite'
      ? { type: 'better-sqlite3', driver: Database, database: file ?? '' }
      : { type: 'postgres', url: store.url }),
    migrations: MIGRATIONS,
  });
  await source.initialize();
  try {
    for (let count = MIGRATION_COUNT; count > OLDER_COUNT; count -= 1) {
      await source.undoLastMigration({ transaction: 'each' });
    }
  } finally {
    await source.destroy();
  }
}
