import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, id, text } from '../columns.js';

/** Creates the table by which entries of the audit trail are found that are about several. */
export class IndexAuditedThings1764028800015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'audit_event_subjects',
        columns: [
          bigint('sequence', { isPrimary: true, primaryKeyConstraintName: 'PK_audit_event_subjects' }),
          id('id', { isPrimary: true, primaryKeyConstraintName: 'PK_audit_event_subjects' }),
          text('name', 256, { isNullable: true }),
        ],
        indices: [
          { name: 'IDX_audit_event_subjects_id', columnNames: ['id', 'sequence'] },
          { name: 'IDX_audit_event_subjects_name', columnNames: ['name', 'sequence'] },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_event_subjects');
  }
}
