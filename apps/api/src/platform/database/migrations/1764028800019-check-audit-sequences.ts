import { TableCheck, type QueryRunner } from 'typeorm';
import { type SchemaMigration } from './release.js';

const CHECK = new TableCheck({
  name: 'CHK_audit_events_sequence',
  expression: '"sequence" BETWEEN 1 AND 9007199254740991',
});

/**
 * Rejects entries of the audit trail with a number that the server never assigns. Rows that someone has
 * already inserted stay as evidence, and verification reports them.
 */
export class CheckAuditSequences1764028800019 implements SchemaMigration {
  readonly contracts = ['audit_events.CHK_audit_events_sequence'];

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type === 'postgres') {
      // NOT VALID applies to new and changed rows only. It also needs no scan while the table is locked.
      await runner.query(
        `ALTER TABLE "audit_events" ADD CONSTRAINT "${CHECK.name}" CHECK (${CHECK.expression}) NOT VALID`,
      );
      return;
    }
    // SQLite checks the rows that it copies into the new table.
    await runner.query('PRAGMA ignore_check_constraints = ON');
    try {
      await runner.createCheckConstraint('audit_events', CHECK);
    } finally {
      await runner.query('PRAGMA ignore_check_constraints = OFF');
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropCheckConstraint('audit_events', CHECK);
  }
}
