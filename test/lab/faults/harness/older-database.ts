import Database from '#sqlite';
import { DataSource } from 'typeorm';
import { SealingKey } from '../../../../apps/api/src/audit/keys/sealing-key.js';
import { sealedText } from '../../../../apps/api/src/audit/trail/audit-entry.js';
import { type AuditEvent } from '../../../../apps/api/src/audit/trail/audit-event.entity.js';
import { MIGRATIONS } from '../../../../apps/api/src/platform/database/migrations/index.js';
import { serverIn } from '../../../support/server-process.js';
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
    await sealWithoutTokens(source);
    for (let count = MIGRATION_COUNT; count > OLDER_COUNT; count -= 1) {
      await source.undoLastMigration({ transaction: 'each' });
    }
  } finally {
    await source.destroy();
  }
}

/** Removes the tokens of actors from the audit trail, which older builds did not record, and seals the entries again. */
async function sealWithoutTokens(source: DataSource): Promise<void> {
  const key = SealingKey.parse(serverIn('').LATCHKEY_AUDIT_KEY ?? '');
  const events = await source.query<AuditEvent[]>('SELECT * FROM "audit_events" ORDER BY "sequence"');
  let mac = '';
  for (const { sequence, time, ...event } of events) {
    // PostgreSQL returns its large integers as text.
    const older = {
      ...event,
      sequence: Number(sequence),
      time: Number(time),
      actorTokenId: null,
      previousMac: mac,
    };
    mac = key?.seal(sealedText(older)) ?? '';
    await source.query(
      `UPDATE "audit_events" SET "actorTokenId" = NULL, "previousMac" = '${older.previousMac}', "mac" = '${mac}' WHERE "sequence" = ${sequence}`,
    );
  }
  await source.query(`UPDATE "audit_chain" SET "mac" = '${mac}'`);
}
