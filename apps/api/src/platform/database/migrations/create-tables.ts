import { Table, type MigrationInterface, type QueryRunner, type TableOptions } from 'typeorm';

export abstract class CreateTables implements MigrationInterface {
  /** Referenced tables come first. */
  protected abstract readonly tables: readonly TableOptions[];

  async up(runner: QueryRunner): Promise<void> {
    for (const table of this.tables) {
      await runner.createTable(new Table(table));
    }
    await this.complete?.(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of this.tables.toReversed()) {
      await runner.dropTable(name);
    }
  }

  /** Adds the first rows, and indexes that TypeORM cannot describe. */
  protected complete?(runner: QueryRunner): Promise<void>;
}
