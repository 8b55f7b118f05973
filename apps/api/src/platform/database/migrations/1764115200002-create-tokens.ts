import { type QueryRunner } from 'typeorm';
import { bigint, boolean, childOf, id, integer, longText, primaryKey, text } from '../columns.js';
import { CreateTables } from './create-tables.js';

/** Partial indexes, for what few tokens have. */
const PARTIAL_INDEXES = [
  // By expiry, for the metrics: API tokens that live for longer than two weeks. It leaves out the tokens of
  // programs that create one for each task, of which there may be very many.
  'CREATE INDEX "IDX_tokens_expiring" ON "tokens" ("expirationTime") ' +
    `WHERE "kind" = 'api' AND "revocationReason" IS NULL AND "expirationTime" - "lifeStartTime" > 1209600000`,
  // The same for the warnings before the expiry, which also concern tokens with a shorter life.
  'CREATE INDEX "IDX_tokens_expiry" ON "tokens" ("expirationTime", "id") ' +
    `WHERE "kind" = 'api' AND "revocationReason" IS NULL AND "expirationTime" - "lifeStartTime" > 86400000`,
  'CREATE INDEX "IDX_tokens_previousExpirationTime" ON "tokens" ("previousExpirationTime") ' +
    'WHERE "previousExpirationTime" IS NOT NULL',
  'CREATE INDEX "IDX_tokens_leaked" ON "tokens" ("leakReportTime") WHERE "leakReportTime" IS NOT NULL',
  'CREATE INDEX "IDX_tokens_acknowledged" ON "tokens" ("acknowledgedTime") WHERE "acknowledgedTime" IS NOT NULL',
];

/**
 * Index of all columns that lists of tokens filter and sort by. It has half the size of the table. On SQLite,
 * other requests wait while the only thread reads a list. PostgreSQL has no such index: it reads 100,000 rows
 * in 20 ms, and would update the index at each use of a token.
 */
const LIST_INDEX =
  'CREATE INDEX "IDX_tokens_list" ON "tokens" ("userId", "revocationReason", "stamp", "expirationTime", ' +
  '"idleExpirationTime", "enabled", "kind", "creationTime", "lastUsageTime", "previousExpirationTime", "note", ' +
  '"preview", "id", "notBefore")';

/**
 * Creates the tokens, their ancestors, which remain when the rows of the ancestors are deleted, the APIs of
 * their permissions, and the secrets that rotations replaced, by which leak reports find their tokens.
 */
export class CreateTokens1764115200002 extends CreateTables {
  protected readonly tables = [
    {
      name: 'tokens',
      columns: [
        id('id', primaryKey('tokens')),
        id('userId'),
        text('kind', 16),
        text('note', 200, { isNullable: true }),
        text('preview', 16),
        text('digest', 43),
        longText('scope', { isNullable: true }),
        id('parentTokenId', { isNullable: true }),
        boolean('enabled', { default: true }),
        bigint('creationTime'),
        bigint('stamp'),
        bigint('expirationTime', { isNullable: true }),
        bigint('idleExpirationTime', { isNullable: true }),
        bigint('authTime', { isNullable: true }),
        text('authMethods', 64, { isNullable: true }),
        text('revocationReason', 16, { isNullable: true }),
        bigint('revocationTime', { isNullable: true }),
        bigint('lastUsageTime', { isNullable: true }),
        text('lastUsageAddress', 64, { isNullable: true }),
        text('lastUsageAgent', 200, { isNullable: true }),
        text('previousDigest', 43, { isNullable: true }),
        bigint('previousExpirationTime', { isNullable: true }),
        integer('previousUses', { default: 0 }),
        bigint('previousLastUsageTime', { isNullable: true }),
        text('previousLastUsageAddress', 64, { isNullable: true }),
        text('previousLastUsageAgent', 200, { isNullable: true }),
        integer('version', { default: 0 }),
        bigint('lifeStartTime', { default: 0 }),
        bigint('maxExpirationTime', { isNullable: true }),
        longText('maxScope', { isNullable: true }),
        longText('useLimits', { isNullable: true }),
        bigint('notBefore', { isNullable: true }),
        integer('usesLeft', { isNullable: true }),
        bigint('rateWindow', { isNullable: true }),
        integer('rateUses', { isNullable: true }),
        bigint('leakReportTime', { isNullable: true }),
        bigint('acknowledgedTime', { isNullable: true }),
        bigint('expiryWarningTime', { isNullable: true }),
        bigint('previousReportTime', { isNullable: true }),
        text('lastUsageReporter', 160, { isNullable: true }),
        text('previousLastUsageReporter', 160, { isNullable: true }),
      ],
      indices: [
        { name: 'IDX_tokens_digest', columnNames: ['digest'], isUnique: true },
        { name: 'IDX_tokens_previousDigest', columnNames: ['previousDigest'], isUnique: true },
        { name: 'IDX_tokens_userId', columnNames: ['userId', 'creationTime'] },
        { name: 'IDX_tokens_parentTokenId', columnNames: ['parentTokenId'] },
      ],
      foreignKeys: [childOf('users', 'tokens', 'userId')],
    },
    {
      name: 'token_ancestors',
      columns: [
        id('tokenId', primaryKey('token_ancestors')),
        id('ancestorId', primaryKey('token_ancestors')),
        id('ancestorUserId', { isNullable: true }),
      ],
      indices: [
        { name: 'IDX_token_ancestors_ancestorId', columnNames: ['ancestorId'] },
        { name: 'IDX_token_ancestors_ancestorUserId', columnNames: ['ancestorUserId'] },
      ],
      foreignKeys: [childOf('tokens', 'token_ancestors', 'tokenId')],
    },
    {
      name: 'token_apis',
      columns: [id('tokenId', primaryKey('token_apis')), text('api', 64, primaryKey('token_apis'))],
      indices: [{ name: 'IDX_token_apis_api', columnNames: ['api'] }],
      foreignKeys: [childOf('tokens', 'token_apis', 'tokenId')],
    },
    {
      name: 'rotated_secrets',
      columns: [
        text('digest', 43, primaryKey('rotated_secrets')),
        id('tokenId'),
        integer('version'),
        bigint('rotationTime'),
        text('nextDigest', 43),
        text('rotatorDigest', 43, { isNullable: true }),
        id('rotatorTokenId', { isNullable: true }),
        bigint('leakReportTime', { isNullable: true }),
      ],
      indices: [
        { name: 'IDX_rotated_secrets_tokenId', columnNames: ['tokenId', 'version'] },
        { name: 'IDX_rotated_secrets_nextDigest', columnNames: ['nextDigest'] },
      ],
      foreignKeys: [childOf('tokens', 'rotated_secrets', 'tokenId')],
    },
  ];

  protected override async complete(runner: QueryRunner): Promise<void> {
    await createTokenIndexes(runner);
  }
}

/** Creates the indexes that TypeORM cannot describe. */
async function createTokenIndexes(runner: QueryRunner): Promise<void> {
  const isPostgres = runner.dataSource.options.type === 'postgres';
  // For exports and lists in order of creation. It sorts ids by code points.
  const id = isPostgres ? '"id" COLLATE "C"' : '"id"';
  await runner.query(`CREATE INDEX "IDX_tokens_creationTime" ON "tokens" ("creationTime", ${id})`);
  for (const index of isPostgres ? PARTIAL_INDEXES : [...PARTIAL_INDEXES, LIST_INDEX]) {
    await runner.query(index);
  }
}
