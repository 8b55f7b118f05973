import { describe, expect, it } from '@jest/globals';
import { MIGRATIONS } from './migrations/index.js';
import { recordsOf, rejectNewer, schemaState, type AppliedMigration } from './schema-state.js';

const OWN: AppliedMigration[] = MIGRATIONS.map(({ name }) => ({ name, release: '0.1.0', requires: name }));
const LAST = MIGRATIONS.at(-1)?.name ?? '';

/** Migrations of the next two releases, as they are recorded. */
const NEXT = { name: 'Next1', release: '0.2.0', requires: LAST };
const ALSO_NEXT = { name: 'Next2', release: '0.2.0', requires: LAST };
const AFTER_NEXT = { name: 'AfterNext1', release: '0.3.0', requires: 'Next2' };

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
      /^DATABASE_URL: the database is from Latchkey 0\.3\.0, and needs Latchkey 0\.2\.0 or later; this is 0\.1\.0\. Start a later version, or restore a backup/,
    );
  });

  it('rejects a migration without a record', () => {
    expect(() => rejectNewer([...OWN, { name: 'Later1' }])).toThrow(/is from a newer build than this/);
  });

  it('returns any other state', () => {
    expect([[], OWN, [...OWN, NEXT]].map((applied) => rejectNewer(applied))).toEqual([
      'empty',
      'current',
      'ahead',
    ]);
  });
});

describe('recordsOf', () => {
  class First1 {}
  class Second1 {}
  class Third1 {}
  class Fourth1 {}
  const releases = [
    { version: '1.0.0', migrations: [First1, Second1] },
    { version: '1.1.0', migrations: [Third1, Fourth1] },
  ] as unknown as Parameters<typeof recordsOf>[0];

  it('requires the last migration of the release before', () => {
    expect(recordsOf(releases)).toEqual([
      { name: 'First1', release: '1.0.0', requires: 'First1' },
      { name: 'Second1', release: '1.0.0', requires: 'Second1' },
      { name: 'Third1', release: '1.1.0', requires: 'Second1' },
      { name: 'Fourth1', release: '1.1.0', requires: 'Second1' },
    ]);
  });
});
