import { TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the audit trail is filtered by, beside the names that have an index already. */
const COLUMNS = ['actorId', 'subjectId', 'action', 'outcome', 'address', 'traceId'];

const indexName = (column: string) => `IDX_audit_events_${column}`;

/** Adds an index for each filter of the audit trail, in the order in which its entries are listed. */
export class IndexAuditFilters1764028800014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) {
      await runner.createIndex(
        'audit_events',
        new TableIndex({ name: indexName(column), columnNames: [column, 'sequence'] }),
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) {
      await runner.dropIndex('audit_events', indexName(column));
    }
  }
}
