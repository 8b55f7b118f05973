import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { skeletonOf } from '../../../common/confusables/skeleton.js';

/** Rows per statement. */
const ROWS = 200;

/**
 * Adds the skeletons of user names, which are unique, so that no new name looks like an existing one. Of users whose names
 * look alike already, the first keeps the skeleton and the others have none: an upgrade must not fail because of them.
 */
export class AddNameSkeletons1764028800022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The schema API would rebuild the table on SQLite, and rows of other tables would be deleted with the old one.
    await runner.query('ALTER TABLE "users" ADD COLUMN "skeleton" varchar(1024)');
    const users = (await runner.query('SELECT "id", "name" FROM "users" ORDER BY "creationTime", "id"')) as {
      id: string;
      name: string;
    }[];
    const first = new Map<string, string>();
    for (const { id, name } of users) {
      const skeleton = skeletonOf(name);
      if (!first.has(skeleton)) {
        first.set(skeleton, id);
      }
    }
    const rows = [...first];
    for (let start = 0; start < rows.length; start += ROWS) {
      await update(runner, rows.slice(start, start + ROWS));
    }
    await runner.query('CREATE UNIQUE INDEX "IDX_users_skeleton" ON "users" ("skeleton")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "IDX_users_skeleton"');
    await runner.query('ALTER TABLE "users" DROP COLUMN "skeleton"');
  }
}

async function update(runner: QueryRunner, rows: [skeleton: string, id: string][]): Promise<void> {
  let index = 0;
  const parameter = () => runner.connection.driver.createParameter('', index++);
  const cases = rows.map(() => `WHEN ${parameter()} THEN ${parameter()}`).join(' ');
  const ids = rows.map(parameter).join(', ');
  await runner.query(`UPDATE "users" SET "skeleton" = CASE "id" ${cases} END WHERE "id" IN (${ids})`, [
    ...rows.flatMap(([skeleton, id]) => [id, skeleton]),
    ...rows.map(([, id]) => id),
  ]);
}
