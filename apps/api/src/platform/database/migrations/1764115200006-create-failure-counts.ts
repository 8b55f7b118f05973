import { bigint, integer, primaryKey, text } from '../columns.js';
import { CreateTables } from './create-tables.js';

/** Creates the counts of failed logins, which all replicas share and which outlive a restart. */
export class CreateFailureCounts1764115200006 extends CreateTables {
  protected readonly tables = [
    {
      name: 'failure_counts',
      columns: [
        text('account', 43, primaryKey('failure_counts')),
        text('network', 64, primaryKey('failure_counts')),
        integer('failures', { default: 0 }),
        bigint('blockedUntil', { default: 0 }),
        bigint('resetTime', { default: 0 }),
        bigint('pacedUntil', { default: 0 }),
        bigint('knownUntil', { default: 0 }),
        bigint('forgetTime', { default: 0 }),
      ],
      indices: [{ name: 'IDX_failure_counts_forgetTime', columnNames: ['knownUntil', 'forgetTime'] }],
    },
  ];
}
