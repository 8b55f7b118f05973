import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { text } from '../columns.js';

/** Names, at the end of the audit trail's chain, the key that seals the next entry. */
export class NameTheAuditKey1764028800012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('audit_chain', new TableColumn(text('keyId', 16, { default: "''" })));
    await runner.query(
      `UPDATE "audit_chain" SET "keyId" =
         COALESCE((SELECT "keyId" FROM "audit_events" ORDER BY "sequence" DESC LIMIT 1), '')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('audit_chain', 'keyId');
  }
}
