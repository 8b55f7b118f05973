import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type DataSource, MoreThanOrEqual, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type Reporter } from '../../common/request/request-origin.js';
import { lockRows } from '../../platform/database/queries/lock-rows.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { Token } from '../model/token.entity.js';
import { TokenUsage } from './token-usage.entity.js';

/** Number of uses of a secret, and its last use. */
export interface Uses {
  count: number;
  time: EpochMilliseconds;
  address: string;
  agent: string | null;
  /** Name of the service that reported the last use; `null` = the server saw it. */
  reporter: string | null;
}

/** Uses of superseded secrets, which can be several if the token is rotated meanwhile. */
export interface SupersededUses extends Uses {
  /** Digest of the last used one. */
  digest: string;
  /** Number of its uses. */
  countOfDigest: number;
}

/** Unwritten uses of a token on one day; `null` for none. */
export interface UnwrittenUses {
  readonly tokenId: string;
  readonly day: number;
  /** Uses of the current secret. */
  readonly current: Uses | null;
  /** Uses of superseded secrets. */
  readonly superseded: SupersededUses | null;
  /** Required permissions and addresses of clients that are not yet stored for this day. */
  readonly permissions: readonly string[];
  readonly addresses: readonly string[];
  /** Addresses that services have reported. */
  readonly reported: readonly ReportedAddress[];
}

/** Address that a service has reported. */
export interface ReportedAddress extends Reporter {
  readonly address: string;
}

/**
 * Maximum number of uses of a token on one day. A verifier can report any number of uses of a token that it
 * has received.
 */
export const USES_PER_DAY_MAX = 1_000_000_000_000;

/** Columns of the uses of one token, with their SQL types. */
const COLUMNS = {
  tokenId: 'VARCHAR',
  day: 'INTEGER',
  uses: 'BIGINT',
  time: 'BIGINT',
  address: 'VARCHAR',
  agent: 'VARCHAR',
  reporter: 'VARCHAR',
  supersededUses: 'BIGINT',
  supersededTime: 'BIGINT',
  supersededAddress: 'VARCHAR',
  supersededAgent: 'VARCHAR',
  supersededReporter: 'VARCHAR',
  supersededDigest: 'VARCHAR',
  usesOfDigest: 'INTEGER',
  latestAddress: 'VARCHAR',
  latestAgent: 'VARCHAR',
  latestReporter: 'VARCHAR',
};

/**
 * Sets time, address and user agent of the last use, unless a later one is stored: verifiers report uses
 * late. Revoked tokens keep theirs; expired and used up ones do not. A use of the superseded secret sets only
 * the columns of that secret, and none after another rotation.
 */
const SET_LAST_USES = `
  UPDATE "tokens" SET
    "lastUsageTime" = CASE WHEN LATEST THEN used."time" ELSE "tokens"."lastUsageTime" END,
    "lastUsageAddress" = CASE WHEN LATEST THEN used."address" ELSE "tokens"."lastUsageAddress" END,
    "lastUsageAgent" = CASE WHEN LATEST THEN used."agent" ELSE "tokens"."lastUsageAgent" END,
    "lastUsageReporter" = CASE WHEN LATEST THEN used."reporter" ELSE "tokens"."lastUsageReporter" END,
    "previousUses" = "tokens"."previousUses" + CASE WHEN SUPERSEDED THEN used."usesOfDigest" ELSE 0 END,
    "previousLastUsageTime" =
      CASE WHEN SUPERSEDED THEN used."supersededTime" ELSE "tokens"."previousLastUsageTime" END,
    "previousLastUsageAddress" =
      CASE WHEN SUPERSEDED THEN used."supersededAddress" ELSE "tokens"."previousLastUsageAddress" END,
    "previousLastUsageAgent" =
      CASE WHEN SUPERSEDED THEN used."supersededAgent" ELSE "tokens"."previousLastUsageAgent" END,
    "previousLastUsageReporter" =
      CASE WHEN SUPERSEDED THEN used."supersededReporter" ELSE "tokens"."previousLastUsageReporter" END
  FROM used WHERE "tokens"."id" = used."tokenId" AND COALESCE("tokens"."revocationReason", 'expired') IN ('expired', 'used_up')`
  .replaceAll('SUPERSEDED', '"tokens"."previousDigest" = used."supersededDigest"')
  .replaceAll('LATEST', 'used."time" >= COALESCE("tokens"."lastUsageTime", 0)');

/** Adds to the uses of a day, also those before a revocation. */
const ADD_USES = `
  INSERT INTO "token_usage" ("tokenId", "day", "uses", "supersededUses", "lastUsageAddress", "lastUsageAgent", "lastUsageReporter")
  SELECT used."tokenId", used."day", used."uses", used."supersededUses", used."latestAddress", used."latestAgent", used."latestReporter"
  FROM used JOIN "tokens" ON "tokens"."id" = used."tokenId" WHERE used."uses" + used."supersededUses" > 0
  ON CONFLICT ("tokenId", "day") DO UPDATE SET
    "uses" = CASE WHEN TOTAL > ${USES_PER_DAY_MAX} THEN ${USES_PER_DAY_MAX} ELSE TOTAL END,
    "supersededUses" = "token_usage"."supersededUses" + excluded."supersededUses",
    "lastUsageAddress" = excluded."lastUsageAddress",
    "lastUsageAgent" = excluded."lastUsageAgent",
    "lastUsageReporter" = excluded."lastUsageReporter"`.replaceAll(
  'TOTAL',
  '"token_usage"."uses" + excluded."uses"',
);

const OLD_ROWS = 'SELECT "tokenId", "day" FROM "token_usage" WHERE "day" < :day LIMIT :limit';

/** Queries on the uses of tokens. */
@Injectable()
export class TokenUsageRepository {
  constructor(@InjectRepository(TokenUsage) private readonly usage: Repository<TokenUsage>) {}

  /** Adds uses, at most one entry for each token. It ignores deleted tokens. */
  async add(uses: readonly UnwrittenUses[], tx: WriteTransaction): Promise<void> {
    await lockRows(
      Token,
      uses.map(({ tokenId }) => tokenId),
      tx,
    );
    const values = uses.flatMap((one) => Object.values(rowOf(one)));
    const used = usedTable(COLUMNS, uses.length, tx.dataSource);
    await tx.query(used + SET_LAST_USES, values);
    await tx.query(used + ADD_USES, values);
  }

  /** Returns the uses of a token on each day since the given one, in order. */
  findSince(tokenId: string, day: number): Promise<TokenUsage[]> {
    return this.usage.find({ where: { tokenId, day: MoreThanOrEqual(day) }, order: { day: 'ASC' } });
  }

  /** Deletes up to `limit` rows of days before the given one. Returns the number of deleted rows. */
  async deleteBefore(day: number, limit: number, tx: WriteTransaction): Promise<number> {
    const { affected } = await tx
      .createQueryBuilder()
      .delete()
      .from(TokenUsage)
      .where(`("tokenId", "day") IN (${OLD_ROWS})`, { day, limit })
      .execute();
    return affected ?? 0;
  }
}

/** Returns rows as a table with the name `used`, in SQL for both databases. */
export function usedTable(
  columns: Readonly<Record<string, string>>,
  rows: number,
  { driver }: DataSource,
): string {
  let place = 0;
  const row = () =>
    Object.entries(columns).map(
      ([name, type]) => `CAST(${driver.createParameter(name, place++)} AS ${type})`,
    );
  const table = Array.from({ length: rows }, () => `(${row().join(', ')})`).join(', ');
  const names = Object.keys(columns).map((name) => `"${name}"`);
  return `WITH used (${names.join(', ')}) AS (VALUES ${table})`;
}

function rowOf({ tokenId, day, current, superseded }: UnwrittenUses): Record<keyof typeof COLUMNS, unknown> {
  const latest = superseded && superseded.time > (current?.time ?? 0) ? superseded : current;
  return {
    tokenId,
    day,
    uses: current?.count ?? 0,
    time: current?.time ?? null,
    address: current?.address ?? null,
    agent: current?.agent ?? null,
    reporter: current?.reporter ?? null,
    supersededUses: superseded?.count ?? 0,
    supersededTime: superseded?.time ?? null,
    supersededAddress: superseded?.address ?? null,
    supersededAgent: superseded?.agent ?? null,
    supersededReporter: superseded?.reporter ?? null,
    supersededDigest: superseded?.digest ?? null,
    usesOfDigest: superseded?.countOfDigest ?? 0,
    latestAddress: latest?.address ?? null,
    latestAgent: latest?.agent ?? null,
    latestReporter: latest?.reporter ?? null,
  };
}
