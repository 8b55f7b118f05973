import { type QueryRunner } from 'typeorm';
import { bigint, id, integer, longText, primaryKey, text } from '../columns.js';
import { CreateTables } from './create-tables.js';

/** Columns that lists of the audit trail filter by. Each has an index in the order of the list. */
const FILTERS = [
  'actorName',
  'subjectName',
  'actorId',
  'subjectId',
  'action',
  'outcome',
  'address',
  'traceId',
];

/**
 * Index of the tokens that actors presented. It is partial, because entries of logins and of the server have
 * none.
 */
const ACTOR_TOKEN_INDEX =
  'CREATE INDEX "IDX_audit_events_actorTokenId" ON "audit_events" ("actorTokenId", "sequence") WHERE "actorTokenId" IS NOT NULL';

/**
 * Creates the audit trail, the further subjects of its entries, the row that holds the head of its chain, and
 * the daily counts of logins.
 */
export class CreateAuditTrail1764115200005 extends CreateTables {
  protected readonly tables = [
    {
      name: 'audit_events',
      columns: [
        id('id', primaryKey('audit_events')),
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
        id('actorTokenId', { isNullable: true }),
      ],
      indices: [
        { name: 'IDX_audit_events_sequence', columnNames: ['sequence'], isUnique: true },
        { name: 'IDX_audit_events_time', columnNames: ['time'] },
        ...FILTERS.map((column) => ({
          name: `IDX_audit_events_${column}`,
          columnNames: [column, 'sequence'],
        })),
      ],
      // The server assigns no other numbers.
      checks: [
        {
          name: 'CHK_audit_events_sequence',
          expression: '"sequence" BETWEEN 1 AND 9007199254740991',
        },
      ],
    },
    {
      name: 'audit_event_subjects',
      columns: [
        bigint('sequence', primaryKey('audit_event_subjects')),
        id('id', primaryKey('audit_event_subjects')),
        text('name', 256, { isNullable: true }),
      ],
      indices: [
        { name: 'IDX_audit_event_subjects_id', columnNames: ['id', 'sequence'] },
        { name: 'IDX_audit_event_subjects_name', columnNames: ['name', 'sequence'] },
      ],
    },
    {
      name: 'audit_chain',
      columns: [
        integer('id', primaryKey('audit_chain')),
        bigint('sequence'),
        text('mac', 43),
        bigint('unknownNameFailures', { default: 0 }),
        text('keyId', 16, { default: "''" }),
        bigint('latestTime', { default: 0 }),
        bigint('clockSetback', { default: 0 }),
        bigint('clockSeenTime', { default: 0 }),
      ],
    },
    {
      name: 'login_days',
      columns: [
        integer('day', primaryKey('login_days')),
        bigint('successes', { default: 0 }),
        bigint('failures', { default: 0 }),
        bigint('unknownNameFailures', { default: 0 }),
      ],
    },
  ];

  protected override async complete(runner: QueryRunner): Promise<void> {
    await runner.query(ACTOR_TOKEN_INDEX);
    await runner.query(`INSERT INTO "audit_chain" ("id", "sequence", "mac") VALUES (1, 0, '')`);
  }
}
