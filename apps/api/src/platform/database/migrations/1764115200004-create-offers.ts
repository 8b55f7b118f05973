import { bigint, childOf, id, integer, longText, primaryKey, text } from '../columns.js';
import { CreateTables } from './create-tables.js';

/** Creates the token templates, and the offers with which recipients create API tokens. */
export class CreateOffers1764115200004 extends CreateTables {
  protected readonly tables = [
    {
      name: 'token_templates',
      columns: [
        text('name', 64, primaryKey('token_templates')),
        text('description', 200),
        longText('scope', { isNullable: true }),
        bigint('expiresIn'),
        text('note', 200, { isNullable: true }),
        bigint('creationTime'),
        integer('version', { default: 0 }),
      ],
    },
    {
      name: 'offers',
      columns: [
        id('id', primaryKey('offers')),
        id('userId'),
        id('creatorId', { isNullable: true }),
        text('creatorName', 256),
        text('digest', 43, { isNullable: true }),
        text('template', 64, { isNullable: true }),
        text('note', 200, { isNullable: true }),
        longText('token'),
        text('reason', 200, { isNullable: true }),
        text('state', 16),
        bigint('creationTime'),
        bigint('expirationTime'),
        id('deciderId', { isNullable: true }),
        text('deciderName', 256, { isNullable: true }),
        id('deciderTokenId', { isNullable: true }),
        bigint('decisionTime', { isNullable: true }),
        text('decisionReason', 200, { isNullable: true }),
        bigint('claimTime', { isNullable: true }),
        id('tokenId', { isNullable: true }),
      ],
      indices: [
        { name: 'IDX_offers_digest', columnNames: ['digest'], isUnique: true },
        ...['userId', 'creatorId', 'deciderTokenId', 'expirationTime'].map((column) => ({
          name: `IDX_offers_${column}`,
          columnNames: [column],
        })),
      ],
      foreignKeys: ['userId', 'creatorId'].map((column) => childOf('users', 'offers', column)),
    },
  ];
}
