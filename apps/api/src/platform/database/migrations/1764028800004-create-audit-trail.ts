import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, id, integer, longText, text } from '../columns.js';

/** Creates the audit trail and the one row that holds the end of its chain. */
export class CreateAuditTrail1764028800004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'audit_events',
        columns: [
          id('id', { isPrimary: true, primaryKeyConstraintName: 'PK_audit_events' }),
          bigint('sequence'),
          bigint('time'),
          id('actorId', { isNullable: true }),
          text('actorName', 256, { isNullable: true }),
          text('subjectKind', 16),
          text('subjectId', 64, { isNullable: true }),
          text('subjectName', 256),
          text('action', 64),
          text('outcome', 16),
          text('address', 64, { isNullable: true }),
          text('traceId', 64, { isNullable: true }),
          longText('before', { isNullable: true }),
          longText('after', { isNullable: true }),
          text('keyId', 16),
          text('previousMac', 43),
          text('mac', 43),
        ],
        indices: [
          { name: 'IDX_audit_events_sequence', columnNames: ['sequence'], isUnique: true },
          { name: 'IDX_audit_events_time', columnNames: ['time'] },
          { name: 'IDX_audit_events_actorName', columnNames: ['actorName', 'sequence'] },
          { name: 'IDX_audit_events_subjectName', columnNames: ['subjectName', 'sequence'] },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'audit_chain',
        columns: [
          integer('id', { isPrimary: true, primaryKeyConstraintName: 'PK_audit_chain' }),
          bigint('sequence'),
          text('mac', 43),
          bigint('unknownNameFailures', { default: 0 }),
        ],
      }),
    );
    // Not by the query builder, which would fill columns that the entity has been given since.
    await runner.query(
      `INSERT INTO "audit_chain" ("id", "sequence", "mac", "unknownNameFailures") VALUES (1, 0, '', 0)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_chain');
    await runner.dropTable('audit_events');
  }
}
