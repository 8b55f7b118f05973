import { bigint, childOf, id, integer, primaryKey, text } from '../columns.js';
import { CreateTables } from './create-tables.js';

/**
 * Creates the daily usage counts of tokens, the last uses of their permissions and addresses, and the
 * verifiers: applications that answer from memory, and report uses and the addresses of their clients.
 */
export class CreateUsage1764115200003 extends CreateTables {
  protected readonly tables = [
    {
      name: 'token_usage',
      columns: [
        id('tokenId', primaryKey('token_usage')),
        integer('day', primaryKey('token_usage')),
        bigint('uses'),
        bigint('supersededUses'),
        text('lastUsageAddress', 64, { isNullable: true }),
        text('lastUsageAgent', 200, { isNullable: true }),
        text('lastUsageReporter', 160, { isNullable: true }),
      ],
      indices: [{ name: 'IDX_token_usage_day', columnNames: ['day'] }],
      foreignKeys: [childOf('tokens', 'token_usage', 'tokenId')],
    },
    {
      name: 'token_last_uses',
      columns: [
        id('tokenId', primaryKey('token_last_uses')),
        text('kind', 16, primaryKey('token_last_uses')),
        text('value', 160, primaryKey('token_last_uses')),
        id('reporterId', primaryKey('token_last_uses')),
        text('reporter', 160, { isNullable: true }),
        integer('day'),
      ],
      foreignKeys: [childOf('tokens', 'token_last_uses', 'tokenId')],
    },
    {
      name: 'verifiers',
      columns: [
        id('id', primaryKey('verifiers')),
        id('userId'),
        id('tokenId', { isNullable: true }),
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
      indices: [
        { name: 'IDX_verifiers_reportTime', columnNames: ['reportTime'] },
        { name: 'IDX_verifiers_userId', columnNames: ['userId', 'reportTime'] },
      ],
      foreignKeys: [childOf('users', 'verifiers', 'userId')],
    },
  ];
}
