import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bigint, childOf, id, integer, longText, primaryKey, text } from '../columns.js';

/** Creates the token templates, the token requests, and the claim links, with which recipients create API tokens. */
export class CreateTokenRequests1764115200004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
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
      }),
    );
    await runner.createTable(
      new Table({
        name: 'token_requests',
        columns: [
          id('id', primaryKey('token_requests')),
          id('userId'),
          text('template', 64),
          longText('scope', { isNullable: true }),
          bigint('expiresIn'),
          text('note', 200, { isNullable: true }),
          text('reason', 200, { isNullable: true }),
          text('status', 16),
          bigint('creationTime'),
          bigint('endTime'),
          id('deciderId', { isNullable: true }),
          text('deciderName', 256, { isNullable: true }),
          id('deciderTokenId', { isNullable: true }),
          text('decisionReason', 200, { isNullable: true }),
          id('tokenId', { isNullable: true }),
        ],
        indices: [
          { name: 'IDX_token_requests_userId', columnNames: ['userId'] },
          { name: 'IDX_token_requests_endTime', columnNames: ['endTime'] },
          { name: 'IDX_token_requests_deciderTokenId', columnNames: ['deciderTokenId'] },
        ],
        foreignKeys: [childOf('users', 'token_requests', 'userId')],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'claim_links',
        columns: [
          id('id', primaryKey('claim_links')),
          text('digest', 43),
          id('userId'),
          id('issuerId', { isNullable: true }),
          text('issuerName', 256),
          id('issuerTokenId', { isNullable: true }),
          text('note', 200, { isNullable: true }),
          longText('request'),
          longText('plan'),
          bigint('creationTime'),
          bigint('expirationTime'),
          bigint('claimTime', { isNullable: true }),
          id('tokenId', { isNullable: true }),
        ],
        indices: [
          { name: 'IDX_claim_links_digest', columnNames: ['digest'], isUnique: true },
          ...['userId', 'issuerId', 'issuerTokenId', 'expirationTime'].map((column) => ({
            name: `IDX_claim_links_${column}`,
            columnNames: [column],
          })),
        ],
        foreignKeys: ['userId', 'issuerId'].map((column) => childOf('users', 'claim_links', column)),
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['claim_links', 'token_requests', 'token_templates']) {
      await runner.dropTable(table);
    }
  }
}
