/** Migrations of the next release: their names and statements. */
export const NEXT_MIGRATIONS = [
  [
    'AddTrialOfTokens1964028800001',
    'ALTER TABLE "tokens" ADD COLUMN "trial" integer NOT NULL DEFAULT 7',
    'CREATE INDEX "IDX_tokens_trial" ON "tokens" ("trial")',
    'UPDATE "tokens" SET "trial" = 8',
  ],
  ['AddTrialOfUsers1964028800002', 'ALTER TABLE "users" ADD COLUMN "trial" varchar(20)'],
  ['AddTrialOfEvents1964028800003', 'ALTER TABLE "audit_events" ADD COLUMN "trial" varchar(20)'],
  ['CreateTrials1964028800004', 'CREATE TABLE "trials" ("id" integer NOT NULL PRIMARY KEY)'],
];

/** Statements that undo them, one transaction each. */
export const UNDO_NEXT = [
  // SQLite drops no column with an index.
  'DROP INDEX "IDX_tokens_trial"',
  ...['tokens', 'users', 'audit_events'].map((table) => `ALTER TABLE "${table}" DROP COLUMN "trial"`),
  'DROP TABLE "trials"',
  `DELETE FROM "migrations" WHERE "name" IN (${NEXT_MIGRATIONS.map(([name]) => `'${name}'`).join(', ')})`,
];
