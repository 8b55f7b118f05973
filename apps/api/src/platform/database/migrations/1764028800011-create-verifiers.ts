import { Table, TableForeignKey, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, id, integer, text } from '../columns.js';

/** Creates the verifiers: applications that answer from memory, and report the uses of tokens. */
export class CreateVerifiers1764028800011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'verifiers',
        columns: [
          id('id', { isPrimary: true, primaryKeyConstraintName: 'PK_verifiers' }),
          id('userId'),
          text('name', 64),
          text('version', 32, { isNullable: true }),
          text('address', 45),
          integer('report'),
          bigint('startTime'),
          bigint('reportTime'),
          integer('lag', { isNullable: true }),
          bigint('local'),
          bigint('asked'),
        ],
        foreignKeys: [
          new TableForeignKey({
            name: 'FK_verifiers_userId',
            columnNames: ['userId'],
            referencedTableName: 'users',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          }),
        ],
        indices: [new TableIndex({ name: 'IDX_verifiers_reportTime', columnNames: ['reportTime'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('verifiers');
  }
}
