import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { findOwnedRows, type OwnedColumns } from '../model/owned-rows.js';
import { type Token } from '../model/token.entity.js';
import { type WarnedColumns } from './due-warning.js';

/** Rows that one statement reads, in a few milliseconds. */
const ROWS_READ_AT_ONCE = 1_000;

/** Verifiers that have not reported for a day have stopped. */
const VERIFYING_MILLISECONDS = DAY_MILLISECONDS;

/** Token that expires soon. */
export type ExpiringToken = Pick<Token, 'id'> & WarnedColumns;

/** Position in the order of expiry. */
export type ExpiryKey = Pick<ExpiringToken, 'id' | 'expirationTime'>;

/** Token that expires soon, with the columns that decide whether its owner is warned. */
export type WarnedToken = OwnedColumns<'id' | 'userId' | 'enabled' | 'stamp' | 'revocationReason'> & {
  /** Whether a verifier uses the token. */
  readonly isOfVerifier: boolean;
  /** Whether the token itself made its last rotation. */
  readonly renewsItself: boolean;
};

/** Repeats the conditions of the partial index literally. Otherwise SQLite does not use it. */
const EXPIRING = `SELECT "id", "expirationTime", "lifeStartTime", "expiryWarningTime" FROM "tokens"
  WHERE "kind" = 'api' AND "revocationReason" IS NULL AND "expirationTime" - "lifeStartTime" > ${DAY_MILLISECONDS}
    AND ("expirationTime", "id") > (:time, :id) AND "expirationTime" <= :until
  ORDER BY "expirationTime", "id" LIMIT ${ROWS_READ_AT_ONCE}`;

const VERIFYING = `SELECT DISTINCT "tokenId" AS "id" FROM "verifiers"
  WHERE "reportTime" >= :since AND "tokenId" IN (:...ids)`;

const RENEWED_BY_THEMSELVES = `SELECT token."id" AS "id" FROM "tokens" token
  JOIN "rotated_secrets" replaced ON replaced."nextDigest" = token."digest"
  WHERE replaced."rotatorTokenId" = token."id" AND token."id" IN (:...ids)`;

/** Queries on tokens that expire soon. */
@Injectable()
export class ExpiringTokensRepository {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /**
   * Returns the next API tokens that expire after a position, and by a time, in the order of their expiry;
   * none after the last. Leaves out those that live for at most a day.
   */
  async find(after: ExpiryKey, until: EpochMilliseconds): Promise<ExpiringToken[]> {
    const parameters = { time: after.expirationTime, id: after.id, until };
    const rows = await this.query<Record<keyof ExpiringToken, unknown>>(EXPIRING, parameters);
    // The driver of PostgreSQL returns 64-bit integers as strings.
    return rows.map((row) => ({
      id: row.id as string,
      expirationTime: Number(row.expirationTime),
      lifeStartTime: Number(row.lifeStartTime),
      expiryWarningTime: row.expiryWarningTime === null ? null : Number(row.expiryWarningTime),
    }));
  }

  /** Returns tokens by id, without deleted ones. */
  async findWarned(ids: readonly string[], now: EpochMilliseconds): Promise<Map<string, WarnedToken>> {
    if (ids.length === 0) {
      return new Map();
    }
    const columns = ['id', 'userId', 'enabled', 'stamp', 'revocationReason'] as const;
    const tokens = await findOwnedRows(ids, columns, this.source.manager);
    const since = now - VERIFYING_MILLISECONDS;
    const ofVerifiers = await this.query<Pick<Token, 'id'>>(VERIFYING, { since, ids });
    const renewed = await this.query<Pick<Token, 'id'>>(RENEWED_BY_THEMSELVES, { ids });
    const verifying = new Set(ofVerifiers.map(({ id }) => id));
    const renewing = new Set(renewed.map(({ id }) => id));
    return new Map(
      [...tokens].map(([id, token]) => [
        id,
        { ...token, isOfVerifier: verifying.has(id), renewsItself: renewing.has(id) },
      ]),
    );
  }

  private query<Row>(text: string, parameters: Record<string, unknown>): Promise<Row[]> {
    return this.source.query<Row[]>(...this.source.driver.escapeQueryWithParameters(text, parameters));
  }
}
