import { type QueryRunner } from 'typeorm';
import { bigint, boolean, id, integer, longText, primaryKey, text } from '../columns.js';
import { CreateTables } from './create-tables.js';

/** Target that warns owners by e-mail, as soon as the server can send it. */
const ownersTarget = (
  creationTime: number,
): string => `INSERT INTO "event_targets" ("name", "kind", "toOwners", "schedule", "language", "types", "creationTime")
  VALUES ('owners', 'email', true, 'immediate', 'en', 'token.expiring,token.leaked', ${creationTime})`;

/** Creates the targets of events, their deliveries, and the row that makes one server the sender. */
export class CreateEvents1764115200008 extends CreateTables {
  protected readonly tables = [
    {
      name: 'event_targets',
      columns: [
        text('name', 64, primaryKey('event_targets')),
        text('kind', 16),
        text('url', 2048, { isNullable: true }),
        text('format', 16, { isNullable: true }),
        longText('addresses', { default: "''" }),
        boolean('toOwners', { default: false }),
        text('schedule', 16, { isNullable: true }),
        text('language', 8, { isNullable: true }),
        longText('types'),
        id('userId', { isNullable: true }),
        text('userName', 256, { isNullable: true }),
        text('api', 64, { isNullable: true }),
        boolean('enabled', { default: true }),
        text('disabledReason', 32, { isNullable: true }),
        bigint('failingSince', { isNullable: true }),
        text('sealedSecret', 200, { isNullable: true }),
        text('oldSealedSecret', 200, { isNullable: true }),
        bigint('oldSecretExpirationTime', { isNullable: true }),
        bigint('startSequence', { default: 0 }),
        bigint('creationTime'),
        integer('version', { default: 0 }),
      ],
    },
    {
      name: 'event_deliveries',
      columns: [
        id('id', primaryKey('event_deliveries')),
        text('target', 64),
        bigint('sequence'),
        text('recipient', 254, { default: "''" }),
        id('event'),
        text('type', 32),
        text('subject', 64),
        text('state', 16),
        bigint('creationTime'),
        integer('attempts', { default: 0 }),
        bigint('lastAttemptTime', { isNullable: true }),
        bigint('nextAttemptTime', { isNullable: true }),
        integer('milliseconds', { isNullable: true }),
        integer('status', { isNullable: true }),
        text('error', 200, { isNullable: true }),
      ],
      indices: [
        {
          name: 'IDX_event_deliveries_event',
          columnNames: ['target', 'sequence', 'recipient'],
          isUnique: true,
        },
        { name: 'IDX_event_deliveries_due', columnNames: ['target', 'state', 'nextAttemptTime'] },
        {
          name: 'IDX_event_deliveries_subject',
          columnNames: ['target', 'state', 'recipient', 'subject', 'sequence'],
        },
        { name: 'IDX_event_deliveries_list', columnNames: ['target', 'id'] },
        { name: 'IDX_event_deliveries_creationTime', columnNames: ['creationTime'] },
      ],
      foreignKeys: [
        {
          name: 'FK_event_deliveries_target',
          columnNames: ['target'],
          referencedTableName: 'event_targets',
          referencedColumnNames: ['name'],
          onDelete: 'CASCADE',
        },
      ],
    },
    {
      name: 'event_sender',
      columns: [
        integer('id', primaryKey('event_sender')),
        id('holder', { default: "''" }),
        bigint('beat', { default: 0 }),
        bigint('sequence', { default: 0 }),
      ],
    },
  ];

  protected override async complete(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO "event_sender" ("id") VALUES (1)');
    await runner.query(ownersTarget(Date.now()));
  }
}
