import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../../apps/api/src/platform/database/migrations/index.js';
import { type Store } from './store.js';

/** How many migrations there are. */
export const MIGRATION_COUNT = MIGRATIONS.length;

/** Migrations that an older build had run: what came after them can be taken back and run anew without a loss. */
export const OLDER_COUNT = MIGRATIONS.findIndex(({ name }) => name.startsWith('CreateTokenUsage'));

/** Takes a database back to what an older build had made of it. */
export async function makeOlder(store: Store): Promise<void> {
  const [kind, file] = store.url.split(/:(.*)/s);
  const source = new DataSource({
    ...(kind === 'sqlite'
      ? { type: 'better-sqlite3', database: file ?? '' }
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
