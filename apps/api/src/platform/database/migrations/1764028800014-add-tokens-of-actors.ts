import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Adds the token that an actor presented to the audit trail, with an index. Entries of logins and of the server have none. */
export class AddTokensOfActors1764028800014 implements MigrationInterface {
  // TypeORM would create the table anew on SQLite.
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "audit_events" ADD COLUMN "actorTokenId" varchar(36)');
    await runner.query(
      'CREATE INDEX "IDX_audit_events_actorTokenId" ON "audit_events" ("actorTokenId", "sequence") WHERE "actorTokenId" IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "IDX_audit_events_actorTokenId"');
    await runner.query('ALTER TABLE "audit_events" DROP COLUMN "actorTokenId"');
  }
}
