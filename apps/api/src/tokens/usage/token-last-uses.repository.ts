import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ADDRESSES_PER_TOKEN_MAX, REPORTED_ADDRESSES_PER_TOKEN_MAX } from '@latchkey/auth-models';
import { type Repository } from 'typeorm';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { TokenLastUse } from './token-last-use.entity.js';
import { type UnwrittenUses, usedTable } from './token-usage.repository.js';

/** Maximum number of rows in one statement. */
const SLICE = 500;

/** Columns of a row with their SQL types. */
const COLUMNS = {
  tokenId: 'VARCHAR',
  kind: 'VARCHAR',
  value: 'VARCHAR',
  reporterId: 'VARCHAR',
  reporter: 'VARCHAR',
  day: 'INTEGER',
};
const KEY = '"tokenId", "kind", "value", "reporterId"';

/** Stores rows and returns the changed ones. */
const UPSERT = `
  INSERT INTO "token_last_uses" (${KEY}, "reporter", "day")
  SELECT used."tokenId", used."kind", used."value", used."reporterId", used."reporter", used."day"
  FROM used JOIN "tokens" ON "tokens"."id" = used."tokenId"
  WHERE (used."kind" = 'address' OR ' ' || "tokens"."scope" || ' ' LIKE '% ' || used."value" || ' %')
  ON CONFLICT (${KEY}) DO UPDATE SET "day" = excluded."day", "reporter" = excluded."reporter"
  WHERE excluded."day" > "token_last_uses"."day" RETURNING "tokenId", "kind"`;

/** Permissions that the scope of their token no longer names. */
const DELETE_REMOVED_PERMISSIONS = `
  DELETE FROM "token_last_uses" WHERE "kind" = 'permission' AND "tokenId" IN (TOKENS) AND NOT EXISTS (
    SELECT 1 FROM "tokens" token WHERE token."id" = "token_last_uses"."tokenId"
      AND ' ' || token."scope" || ' ' LIKE '% ' || "token_last_uses"."value" || ' %'
  )`;

/**
 * Deletes the oldest addresses beyond three limits: those the server saw, those one service reported and
 * those all services reported. The last limit removes the older addresses of every service first, so that no
 * service displaces all addresses of another.
 */
const DELETE_OLD_ADDRESSES = `
  DELETE FROM "token_last_uses" WHERE "tokenId" IN (TOKENS) AND (${KEY}) IN (
    SELECT ${KEY} FROM (
      SELECT ${KEY}, "rank", ROW_NUMBER() OVER (
        PARTITION BY "tokenId", "reporterId" = '' ORDER BY "rank", "day" DESC, "reporterId", "value") AS "place"
      FROM (
        SELECT ${KEY}, "day",
          ROW_NUMBER() OVER (PARTITION BY "tokenId", "reporterId" ORDER BY "day" DESC, "value") AS "rank"
        FROM "token_last_uses" WHERE "kind" = 'address' AND "tokenId" IN (TOKENS)
      ) ranked
    ) placed
    WHERE "rank" > ${ADDRESSES_PER_TOKEN_MAX} OR "place" > ${REPORTED_ADDRESSES_PER_TOKEN_MAX}
  )`;

/** Queries on the last uses of permissions and addresses. */
@Injectable()
export class TokenLastUsesRepository {
  constructor(@InjectRepository(TokenLastUse) private readonly uses: Repository<TokenLastUse>) {}

  /**
   * Stores last uses of tokens that the transaction has locked. Each token keeps the last uses of the
   * permissions in its scope, and of its latest addresses. Ignores other permissions, and deleted tokens.
   */
  async add(uses: readonly UnwrittenUses[], tx: WriteTransaction): Promise<void> {
    const rows = uses.flatMap(({ tokenId, day, permissions, addresses, reported }) => [
      ...permissions.map((value) => [tokenId, 'permission', value, '', null, day]),
      ...addresses.map((value) => [tokenId, 'address', value, '', null, day]),
      ...reported.map(({ id, name, address }) => [tokenId, 'address', address, id, name, day]),
    ]);
    const changed = { permission: new Set<string>(), address: new Set<string>() };
    for (let start = 0; start < rows.length; start += SLICE) {
      const slice = rows.slice(start, start + SLICE);
      const statement = usedTable(COLUMNS, slice.length, tx.dataSource) + UPSERT;
      const stored = await tx.query<Pick<TokenLastUse, 'tokenId' | 'kind'>[]>(statement, slice.flat());
      stored.forEach(({ tokenId, kind }) => changed[kind].add(tokenId));
    }
    await deleteOf(changed.permission, DELETE_REMOVED_PERMISSIONS, tx);
    await deleteOf(changed.address, DELETE_OLD_ADDRESSES, tx);
  }

  /** Returns the last uses of a token, sorted by value. */
  find(tokenId: string): Promise<TokenLastUse[]> {
    return this.uses.find({ where: { tokenId }, order: { value: 'ASC' } });
  }
}

async function deleteOf(
  tokenIds: ReadonlySet<string>,
  statement: string,
  tx: WriteTransaction,
): Promise<void> {
  if (tokenIds.size > 0) {
    const ids = [...tokenIds];
    // TypeORM does not number the parameters of SQLite, so each place has its own.
    const parameters: string[] = [];
    const sql = statement.replaceAll('TOKENS', () => {
      const places = ids.map((_, index) =>
        tx.dataSource.driver.createParameter('tokenId', parameters.length + index),
      );
      parameters.push(...ids);
      return places.join(', ');
    });
    await tx.query(sql, parameters);
  }
}
