import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ADDRESSES_PER_TOKEN_MAX } from '@latchkey/auth-models';
import { type Repository } from 'typeorm';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { TokenLastUse } from './token-last-use.entity.js';
import { type UnwrittenUses } from './token-usage.repository.js';

/** Maximum number of rows in one statement. */
const SLICE = 500;

/** Permissions that the scope of their token no longer names. */
const DELETE_REMOVED_PERMISSIONS = `
  DELETE FROM "token_last_uses" WHERE "kind" = 'permission' AND "tokenId" IN (TOKENS) AND NOT EXISTS (
    SELECT 1 FROM "tokens" token WHERE token."id" = "token_last_uses"."tokenId"
      AND ' ' || token."scope" || ' ' LIKE '% ' || "token_last_uses"."value" || ' %'
  )`;

/** Addresses beyond the latest ones. */
const DELETE_OLD_ADDRESSES = `
  DELETE FROM "token_last_uses" WHERE "kind" = 'address' AND "tokenId" IN (TOKENS) AND (
    SELECT COUNT(*) FROM "token_last_uses" other
    WHERE other."tokenId" = "token_last_uses"."tokenId" AND other."kind" = 'address'
      AND (other."day" > "token_last_uses"."day"
        OR other."day" = "token_last_uses"."day" AND other."value" < "token_last_uses"."value")
  ) >= ${ADDRESSES_PER_TOKEN_MAX}`;

/** Queries on the last uses of permissions and addresses. */
@Injectable()
export class TokenLastUsesRepository {
  constructor(@InjectRepository(TokenLastUse) private readonly uses: Repository<TokenLastUse>) {}

  /**
   * Stores last uses of tokens that the transaction has locked. Each token keeps the last uses of the permissions in its scope, and of
   * its latest addresses. Ignores other permissions, and deleted tokens.
   */
  async add(uses: readonly UnwrittenUses[], tx: WriteTransaction): Promise<void> {
    const rows = uses.flatMap(({ tokenId, day, permissions, addresses }) => [
      ...permissions.map((value) => [tokenId, 'permission', value, day]),
      ...addresses.map((value) => [tokenId, 'address', value, day]),
    ]);
    for (let start = 0; start < rows.length; start += SLICE) {
      const slice = rows.slice(start, start + SLICE);
      await tx.query(this.upsertStatement(slice.length), slice.flat());
    }
    const ids = (member: 'permissions' | 'addresses') =>
      uses.filter((one) => one[member].length > 0).map(({ tokenId }) => tokenId);
    await this.delete(DELETE_REMOVED_PERMISSIONS, ids('permissions'), tx);
    await this.delete(DELETE_OLD_ADDRESSES, ids('addresses'), tx);
  }

  /** Returns the last uses of a token, sorted by value. */
  find(tokenId: string): Promise<TokenLastUse[]> {
    return this.uses.find({ where: { tokenId }, order: { value: 'ASC' } });
  }

  private async delete(statement: string, tokenIds: readonly string[], tx: WriteTransaction): Promise<void> {
    if (tokenIds.length > 0) {
      const places = tokenIds.map((_, index) => this.place('tokenId', index)).join(', ');
      await tx.query(statement.replace('TOKENS', places), [...tokenIds]);
    }
  }

  /** Returns the statement that stores some rows, in SQL for both databases. */
  private upsertStatement(rows: number): string {
    const types = ['VARCHAR', 'VARCHAR', 'VARCHAR', 'INTEGER'];
    const row = (index: number) =>
      types.map((type, column) => `CAST(${this.place(type, index * types.length + column)} AS ${type})`);
    const values = Array.from({ length: rows }, (_, index) => `(${row(index).join(', ')})`).join(', ');
    return (
      `WITH used ("tokenId", "kind", "value", "day") AS (VALUES ${values}) ` +
      'INSERT INTO "token_last_uses" ("tokenId", "kind", "value", "day") ' +
      'SELECT used."tokenId", used."kind", used."value", used."day" ' +
      'FROM used JOIN "tokens" ON "tokens"."id" = used."tokenId" ' +
      `WHERE (used."kind" = 'address' OR ' ' || "tokens"."scope" || ' ' LIKE '% ' || used."value" || ' %') ` +
      'ON CONFLICT ("tokenId", "kind", "value") DO UPDATE SET "day" = excluded."day" ' +
      'WHERE excluded."day" > "token_last_uses"."day"'
    );
  }

  private place(name: string, index: number): string {
    return this.uses.manager.dataSource.driver.createParameter(name, index);
  }
}
