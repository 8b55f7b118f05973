import { describe, expect, it } from '@jest/globals';
import { VERSION } from '../../common/version.js';
import { MIGRATIONS, type SchemaMigration } from './migrations/index.js';
import { pendingRecords, rejectNewer, schemaState, type AppliedMigration } from './schema-state.js';

const OWN: AppliedMigration[] = MIGRATIONS.map(({ name }) => ({ name, release: VERSION, requires: VERSION }));
const LAST = MIGRATIONS.at(-1)?.name ?? '';

/** Migrations of later releases, as they are recorded. */
const NEXT = { name: 'Next1', release: '98.0.0', requires: VERSION };
const ALSO_NEXT = { name: 'Next2', release: '98.0.0', requires: VERSION };
const AFTER_NEXT = { name: 'AfterNext1', release: '99.1.0', requires: '99.0.0' };

describe('schemaState', () => {
  it.each<[string, AppliedMigration[], string]>([
    ['empty without migrations', [], 'empty'],
    ['older when some are missing', OWN.slice(0, -1), 'older'],
    ['current when all have run', OWN, 'current'],
    ['current without records', MIGRATIONS.map(({ name }) => ({ name })), 'current'],
    ['ahead when the next release has added some', [...OWN, NEXT, ALSO_NEXT], 'ahead'],
    ['newer when the release after the next has added some', [...OWN, NEXT, ALSO_NEXT, AFTER_NEXT], 'newer'],
    ['newer when an unknown one has no record', [...OWN, { name: 'Later1' }], 'newer'],
    ['newer when an unknown one has an empty record', [...OWN, { ...NEXT, requires: null }], 'newer'],
    ['newer when an own one is missing as well', [...OWN.slice(0, -1), NEXT], 'newer'],
  ])('is %s', (_, applied, state) => {
    expect(schemaState(applied)).toBe(state);
  });
});

describe('rejectNewer', () => {
  it('names the release that can use the database', () => {
    expect(() => rejectNewer([...OWN, NEXT, ALSO_NEXT, AFTER_NEXT])).toThrow(
      `DATABASE_URL: the database is from Latchkey 99.1.0, and needs Latchkey 99.0.0 or later; this is ${VERSION}. Start a later version, or restore a backup`,
    );
  });

  it.each<[string, AppliedMigration[]]>([
    ['a migration without a record', [...OWN, { name: 'Later1' }]],
    ['other migrations of this release', [{ name: 'Draft1', release: VERSION, requires: VERSION }]],
  ])('says what to do after %s', (_, applied) => {
    expect(() => rejectNewer(applied)).toThrow(
      `DATABASE_URL: the database is from a development build. This build, ${VERSION}, cannot upgrade it, and has not changed it. Start with an empty database`,
    );
  });

  it('returns any other state', () => {
    expect([[], OWN, [...OWN, NEXT]].map((applied) => rejectNewer(applied))).toEqual([
      'empty',
      'current',
      'ahead',
    ]);
  });
});

describe('a column that is removed over three releases', () => {
  class Contract1 {}
  const records = pendingRecords(
    [],
    [
      { version: '1.0.0', requires: '1.0.0', migrations: MIGRATIONS.slice(0, -1) },
      // Adds the new column.
      { version: '1.1.0', requires: '1.0.0', migrations: MIGRATIONS.slice(-1) },
      // 1.2.0 uses only the new column. It has no migration, so it is not listed.
      { version: '1.3.0', requires: '1.2.0', migrations: [Contract1 as new () => SchemaMigration] },
    ],
  );

  it('has records of the releases that can use the tables', () => {
    expect(records.slice(-2)).toEqual([
      { name: LAST, release: '1.1.0', requires: '1.0.0' },
      { name: 'Contract1', release: '1.3.0', requires: '1.2.0' },
    ]);
  });

  // All of them have the same migrations.
  it.each([
    ['1.1.0', 'newer'],
    ['1.1.9', 'newer'],
    ['1.2.0', 'ahead'],
    ['1.2.1', 'ahead'],
    ['1.10.0', 'ahead'],
  ])('is for a server of %s: %s', (version, state) => {
    expect(schemaState(records, version)).toBe(state);
  });
});
