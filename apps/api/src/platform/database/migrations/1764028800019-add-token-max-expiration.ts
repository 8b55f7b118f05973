import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Adds the latest expiry that a token can ever be given. A token that was created with an API token gets the expiry of that
 * one, or its own where that is later. The schema API would rebuild the table on SQLite, and lose the rows that refer to it.
 */
export class AddTokenMaxExpiration1764028800019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "tokens" ADD COLUMN "maxExpirationTime" bigint');
    await runner.query(
      'UPDATE "tokens" SET "maxExpirationTime" = (SELECT CASE WHEN parent."expirationTime" > "tokens"."expirationTime" ' +
        'THEN parent."expirationTime" ELSE "tokens"."expirationTime" END FROM "tokens" parent ' +
        `WHERE parent."id" = "tokens"."parentTokenId" AND parent."kind" = 'api' AND parent."expirationTime" IS NOT NULL)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "tokens" DROP COLUMN "maxExpirationTime"');
  }
}
