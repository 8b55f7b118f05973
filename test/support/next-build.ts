import { type Edits, editedBuild } from './edited-build.js';

/** Start of the list of releases in the bundled server. */
const RELEASES = 'var RELEASES = [\n  {\n    version: "0.1.0",';
/** Statement after the list. */
const AFTER_RELEASES = 'var MIGRATIONS = RELEASES.flatMap(';

/** Migrations of the next release. Each changes one table, so that its lock causes no deadlock with requests. */
const MIGRATIONS = [
  [
    'AddTrialOfTokens1964028800001',
    'ALTER TABLE "tokens" ADD COLUMN "trial" integer NOT NULL DEFAULT 7',
    'CREATE INDEX "IDX_tokens_trial" ON "tokens" ("trial")',
    'UPDATE "tokens" SET "trial" = 8',
  ],
  ['AddTrialOfUsers1964028800002', 'ALTER TABLE "users" ADD COLUMN "trial" varchar(20)'],
  ['AddTrialOfEvents1964028800003', 'ALTER TABLE "audit_events" ADD COLUMN "trial" varchar(20)'],
  ['CreateTrials1964028800004', 'CREATE TABLE "trials" ("id" integer NOT NULL PRIMARY KEY)'],
] as const;

/** Number of migrations that the next release adds. */
export const NEXT_MIGRATIONS = MIGRATIONS.length;

/** Statements that undo these migrations, one transaction each. */
export const UNDO_NEXT: readonly string[] = [
  // SQLite drops no column with an index.
  'DROP INDEX "IDX_tokens_trial"',
  ...['tokens', 'users', 'audit_events'].map((table) => `ALTER TABLE "${table}" DROP COLUMN "trial"`),
  'DROP TABLE "trials"',
  `DELETE FROM "migrations" WHERE "name" IN (${MIGRATIONS.map(([name]) => `'${name}'`).join(', ')})`,
];

/**
 * Creates a build of the next release: this build with more migrations. It requires what the last release of this build
 * requires, so that a build can run beside it that lacks this release too.
 *
 * @param base an edited build to start from.
 * @returns its file
 */
export function nextBuild(name = 'the next release', edits: Edits = [], base?: string): string {
  const classes = MIGRATIONS.map(
    ([migration, ...statements]) => `class ${migration} {
      async up(runner) {
        for (const sql of ${JSON.stringify(statements)}) {
          await runner.query(sql);
        }
      }
    }`,
  );
  const next = `{ version: 'next', requires: RELEASES_BEFORE.at(-1).requires, migrations: [${classes.join(', ')}] }`;
  return editedBuild(
    name,
    [
      ...edits,
      [RELEASES, RELEASES.replace('RELEASES', 'RELEASES_BEFORE')],
      [AFTER_RELEASES, `var RELEASES = [...RELEASES_BEFORE, ${next}];\n${AFTER_RELEASES}`],
    ],
    base,
  );
}
