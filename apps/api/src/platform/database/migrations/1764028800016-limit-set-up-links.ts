import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Adds what a set-up link is limited to, so that it lets in nobody who was given more after it was made. The schema API
 * would build the table anew on SQLite, and what belongs to users would go with the old one when this is taken back.
 */
export class LimitSetUpLinks1764028800016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "users" ADD COLUMN "setUpLimit" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "users" DROP COLUMN "setUpLimit"');
  }
}
