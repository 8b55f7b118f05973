import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REVOCATION_REASONS } from '../../apps/api/src/tokens/model/token.entity.js';
import {
  EXPIRING_MILLISECONDS,
  IS_LIVE_SQL,
  isLive,
  stateOf,
  stateParameters,
  TOKEN_STATE_SQL,
} from '../../apps/api/src/tokens/model/token-state.js';
import { type Database } from '../../apps/api/src/platform/database/database.js';
import { openDatabase } from '../support/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { insertTokens, type TokenRow } from '../support/token-rows.js';

const NOW = Date.UTC(2030, 0, 1);
const STAMP = 6;
const SOON = NOW + EXPIRING_MILLISECONDS;

const OWNERS = [true, false].flatMap((enabled) =>
  [STAMP - 1, STAMP].map((tokensRevokedBefore) => ({
    name: `${enabled ? 'enabled' : 'disabled'}-${tokensRevokedBefore}`,
    enabled,
    tokensRevokedBefore,
  })),
);

/** One token for each combination of the values around every limit. */
const TOKENS = OWNERS.flatMap((owner) =>
  [null, ...REVOCATION_REASONS].flatMap((revocationReason) =>
    [null, NOW - 1, NOW, NOW + 1, SOON, SOON + 1].flatMap((expirationTime) =>
      [null, NOW - 1, NOW, NOW + 1].flatMap((idleExpirationTime) =>
        [true, false].flatMap((enabled) =>
          [null, NOW, NOW + 1].map((notBefore) => ({
            owner,
            token: { revocationReason, expirationTime, idleExpirationTime, notBefore, enabled, stamp: STAMP },
          })),
        ),
      ),
    ),
  ),
);

const idOf = (index: number) => `token-${String(index).padStart(5, '0')}`;

let files: TestDatabase;
let database: Database;

beforeAll(async () => {
  files = await createTestDatabase();
  database = await openDatabase(files);
  const users = OWNERS.map(
    ({ name, enabled, tokensRevokedBefore }) =>
      `('${name}', '${name}', 'human', ${enabled}, ${tokensRevokedBefore}, 1)`,
  );
  const rows = TOKENS.map(({ owner, token }, index): TokenRow => {
    const { revocationReason, expirationTime, idleExpirationTime, notBefore, ...columns } = token;
    return {
      id: idOf(index),
      user: owner.name,
      ...columns,
      ...(revocationReason && { revocationReason }),
      ...(expirationTime !== null && { expirationTime }),
      ...(idleExpirationTime !== null && { idleExpirationTime }),
      ...(notBefore !== null && { notBefore }),
    };
  });
  await files.execute(
    `INSERT INTO users (id, name, kind, enabled, "tokensRevokedBefore", "creationTime") VALUES ${users.join(', ')}`,
    insertTokens(...rows),
  );
});

afterAll(async () => {
  await database.close();
  await files.drop();
});

describe('the state of tokens', () => {
  it('is the same in SQL as in TypeScript, for every combination of columns', async () => {
    const { reader } = database;
    const [sql, parameters] = reader.driver.escapeQueryWithParameters(
      `SELECT token."id" AS "id", ${TOKEN_STATE_SQL} AS "state", CASE WHEN ${IS_LIVE_SQL} THEN 1 ELSE 0 END AS "live"
       FROM "tokens" token JOIN "users" owner ON owner."id" = token."userId" ORDER BY token."id"`,
      stateParameters(NOW),
    );
    const inSql = await reader.query<{ id: string; state: string; live: number }[]>(sql, parameters);

    expect(inSql).toEqual(
      TOKENS.map(({ owner, token }, index) => ({
        id: idOf(index),
        state: stateOf(token, owner, NOW),
        live: Number(isLive(token, owner, NOW)),
      })),
    );
    expect(new Set(inSql.map(({ state }) => state)).size).toBe(6);
  });
});
