import { bigint, childOf, id, primaryKey, text } from '../columns.js';
import { CreateTables } from './create-tables.js';

/** Creates the second factors and recovery codes of users. */
export class CreateSecondFactors1764115200007 extends CreateTables {
  protected readonly tables = [
    {
      name: 'second_factors',
      columns: [
        id('id', primaryKey('second_factors')),
        id('userId'),
        text('kind', 16),
        text('sealedSecret', 200),
        bigint('lastStep', { default: 0 }),
        bigint('creationTime'),
        bigint('confirmationTime', { isNullable: true }),
        bigint('lastUsedTime', { isNullable: true }),
      ],
      indices: [{ name: 'IDX_second_factors_userId', columnNames: ['userId'] }],
      foreignKeys: [childOf('users', 'second_factors', 'userId')],
    },
    {
      name: 'recovery_codes',
      columns: [id('userId', primaryKey('recovery_codes')), text('digest', 43, primaryKey('recovery_codes'))],
      foreignKeys: [childOf('users', 'recovery_codes', 'userId')],
    },
  ];
}
