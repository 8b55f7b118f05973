import { bigint, childOf, id, primaryKey, text } from '../columns.js';
import { CreateTables } from './create-tables.js';

/** Creates the second factors and recovery codes of users, and the challenges that passkeys have signed. */
export class CreateSecondFactors1764115200007 extends CreateTables {
  protected readonly tables = [
    {
      name: 'second_factors',
      columns: [
        id('id', primaryKey('second_factors')),
        id('userId'),
        text('kind', 16),
        text('name', 64, { isNullable: true }),
        text('sealedSecret', 200, { isNullable: true }),
        bigint('lastStep', { default: 0 }),
        text('credentialDigest', 43, { isNullable: true }),
        text('credentialId', 1364, { isNullable: true }),
        text('publicKey', 4096, { isNullable: true }),
        text('transports', 210, { isNullable: true }),
        bigint('signCount', { default: 0 }),
        bigint('copiedTime', { isNullable: true }),
        bigint('creationTime'),
        bigint('confirmationTime', { isNullable: true }),
        bigint('lastUsedTime', { isNullable: true }),
      ],
      indices: [
        { name: 'IDX_second_factors_userId', columnNames: ['userId'] },
        {
          name: 'IDX_second_factors_credentialDigest',
          columnNames: ['credentialDigest'],
          isUnique: true,
        },
      ],
      foreignKeys: [childOf('users', 'second_factors', 'userId')],
    },
    {
      name: 'recovery_codes',
      columns: [id('userId', primaryKey('recovery_codes')), text('digest', 43, primaryKey('recovery_codes'))],
      foreignKeys: [childOf('users', 'recovery_codes', 'userId')],
    },
    {
      name: 'used_challenges',
      columns: [text('digest', 43, primaryKey('used_challenges')), bigint('expirationTime')],
      indices: [{ name: 'IDX_used_challenges_expirationTime', columnNames: ['expirationTime'] }],
    },
  ];
}
