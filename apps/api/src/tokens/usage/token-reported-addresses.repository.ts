import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ADDRESSES_PER_TOKEN_MAX, REPORTED_ADDRESSES_PER_TOKEN_MAX } from '@latchkey/auth-models';
import { type Repository } from 'typeorm';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { TokenReportedAddress } from './token-reported-address.entity.js';
import { type UnwrittenUses } from './token-usage.repository.js';

/** Maximum number of rows in one statement. */
const SLICE = 500;

const KEY = '"tokenId", "reporterId", "address"';

/**
 * Addresses beyond the latest ones of their reporter, and of the token. The limit of the token removes the
 * older addresses of each reporter first, so that none of them removes all addresses of another.
 */
const DELETE_OLD = `
  DELETE FROM "token_reported_addresses" WHERE (${KEY}) IN (
    SELECT ${KEY} FROM (
      SELECT ${KEY}, "rank",
        ROW_NUMBER() OVER (PARTITION BY "tokenId" ORDER BY "rank", "day" DESC, "reporterId", "address") AS "place"
      FROM (
        SELECT ${KEY}, "day",
          ROW_NUMBER() OVER (PARTITION BY "tokenId", "reporterId" ORDER BY "day" DESC, "address") AS "rank"
        FROM "token_reported_addresses" WHERE "tokenId" IN (TOKENS)
      ) ranked
    ) placed
    WHERE "rank" > ${ADDRESSES_PER_TOKEN_MAX} OR "place" > ${REPORTED_ADDRESSES_PER_TOKEN_MAX}
  )`;

/** Queries on the addresses that services have reported. */
@Injectable()
export class TokenReportedAddressesRepository {
  constructor(
    @InjectRepository(TokenReportedAddress) private readonly addresses: Repository<TokenReportedAddress>,
  ) {}

  /** Stores reported addresses of tokens that the transaction has locked. Ignores deleted tokens. */
  async add(uses: readonly UnwrittenUses[], tx: WriteTransaction): Promise<void> {
    const rows = uses.flatMap(({ tokenId, day, reported }) =>
      reported.map(({ id, name, address }) => [tokenId, id, address, name, day]),
    );
    const changed = new Set<string>();
    for (let start = 0; start < rows.length; start += SLICE) {
      const slice = rows.slice(start, start + SLICE);
      const stored = await tx.query<{ tokenId: string }[]>(this.upsertStatement(slice.length), slice.flat());
      stored.forEach(({ tokenId }) => changed.add(tokenId));
    }
    const ids = [...changed];
    if (ids.length > 0) {
      await tx.query(
        DELETE_OLD.replace('TOKENS', ids.map((_, index) => this.place('id', index)).join(', ')),
        ids,
      );
    }
  }

  find(tokenId: string): Promise<TokenReportedAddress[]> {
    return this.addresses.find({ where: { tokenId }, order: { address: 'ASC' } });
  }

  /** Returns the statement that stores some rows and returns the changed ones, in SQL for both databases. */
  private upsertStatement(rows: number): string {
    const types = ['VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR', 'INTEGER'];
    const row = (index: number) =>
      types.map((type, column) => `CAST(${this.place(type, index * types.length + column)} AS ${type})`);
    const values = Array.from({ length: rows }, (_, index) => `(${row(index).join(', ')})`).join(', ');
    return (
      `WITH used (${KEY}, "reporter", "day") AS (VALUES ${values}) ` +
      `INSERT INTO "token_reported_addresses" (${KEY}, "reporter", "day") ` +
      'SELECT used."tokenId", used."reporterId", used."address", used."reporter", used."day" ' +
      'FROM used JOIN "tokens" ON "tokens"."id" = used."tokenId" WHERE true ' +
      `ON CONFLICT (${KEY}) DO UPDATE SET "day" = excluded."day", "reporter" = excluded."reporter" ` +
      'WHERE excluded."day" > "token_reported_addresses"."day" RETURNING "tokenId"'
    );
  }

  private place(name: string, index: number): string {
    return this.addresses.manager.dataSource.driver.createParameter(name, index);
  }
}
