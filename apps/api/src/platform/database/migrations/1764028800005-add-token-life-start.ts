import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint } from '../columns.js';

/** Adds when a token was last given its length of life, so that a rotation can give it anew. */
export class AddTokenLifeStart1764028800005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('tokens', new TableColumn(bigint('lifeStartTime', { default: 0 })));
    await runner.manager
      .createQueryBuilder()
      .update('tokens')
      .set({ lifeStartTime: () => '"creationTime"' })
      .execute();
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('tokens', 'lifeStartTime');
  }
}
