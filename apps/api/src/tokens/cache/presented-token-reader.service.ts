import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DatabaseError, type Pool } from 'pg';
import { type Database, type Statement } from '#sqlite';
import { DataSource } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { RevocationListener } from '../../platform/replicas/revocation-listener.service.js';
import { traced } from '../../platform/telemetry/telemetry.js';
import { type RevocationReason } from '../model/token.entity.js';
import { grantsSql } from '../../permissions/user-grants.repository.js';

/** Columns of the token of a presented secret, of its user, and the roles of the user. */
export interface PresentedTokenRecord {
  id: string;
  enabled: boolean;
  creationTime: EpochMilliseconds;
  expirationTime: EpochMilliseconds | null;
  idleExpirationTime: EpochMilliseconds | null;
  revocationReason: RevocationReason | null;
  stamp: number;
  /** End of the grace period of the secret before the last rotation. */
  previousExpirationTime: EpochMilliseconds | null;
  scope: string | null;
  useLimits: string | null;
  notBefore: EpochMilliseconds | null;
  authTime: EpochMilliseconds | null;
  authMethods: string | null;
  userId: string;
  /** Canonical name of the user. */
  userName: string;
  userEnabled: boolean;
  tokensRevokedBefore: EpochMilliseconds;
  /** Roles with their permissions, as `GrantsReader` reads them. */
  grants: string | null;
}

/**
 * PostgreSQL error codes for prepared statements that it cannot run: an upgrade of another replica has
 * changed the type of a column, or a pooler in transaction mode runs each statement on another connection.
 */
const NOT_PREPARED: ReadonlySet<unknown> = new Set(['0A000', '26000', '42P05']);

/** Read of a token with a prepared statement, which TypeORM does not see. */
const LOOKUP = {
  name: 'SELECT tokens',
  sum: 'database',
  isCall: true,
  attributes: { 'db.system.name': 'postgresql', 'db.query.summary': 'SELECT tokens' },
} as const;

/** Query for a token, with the digest as its parameter. */
interface TokenQuery {
  readonly text: string;
  /**
   * Name of the prepared statement on PostgreSQL. It differs for each text, because a pooler shares
   * connections between releases.
   */
  readonly name: string;
  /** Prepared statement on SQLite. */
  readonly statement: Statement<[string], PresentedTokenRecord> | undefined;
}

/**
 * Reads the token of a presented secret if it is not cached: one statement by unique index, which is prepared
 * once. Builds no entity, because `findOne` takes twenty times as long.
 */
@Injectable()
export class PresentedTokenReader {
  private readonly current: TokenQuery;
  private readonly superseded: TokenQuery;
  /** Connection pool of PostgreSQL; `undefined` on SQLite, and once prepared statements have failed. */
  private pool: Pool | undefined;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly revocations: RevocationListener,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.current = this.queryBy('digest');
    this.superseded = this.queryBy('previousDigest');
    this.pool = (source.driver as { master?: Pool }).master;
  }

  /** Whether {@link findSync} can find tokens. Only on SQLite. */
  get isSync(): boolean {
    return this.current.statement !== undefined;
  }

  /** Returns the token with this secret synchronously. Always `undefined` on PostgreSQL. */
  findSync(digest: string): PresentedTokenRecord | undefined {
    return this.current.statement?.get(digest);
  }

  /** Returns the token with this secret. */
  findByDigest(digest: string): Promise<PresentedTokenRecord | null> {
    return this.find(this.current, digest);
  }

  /**
   * Returns the token that had this secret before its last rotation. Only for secrets that no token has now.
   */
  findBySupersededDigest(digest: string): Promise<PresentedTokenRecord | null> {
    return this.find(this.superseded, digest);
  }

  private async find(
    { text, name, statement }: TokenQuery,
    digest: string,
  ): Promise<PresentedTokenRecord | null> {
    if (statement) {
      return statement.get(digest) ?? null;
    }
    // The pool may have connections to a PostgreSQL that was replaced.
    await this.revocations.decided();
    const values = [digest];
    if (this.pool) {
      try {
        // PostgreSQL takes 41 µs for the prepared statement, and 200 µs otherwise.
        const { pool } = this;
        const { rows } = await traced(LOOKUP, () => pool.query<PresentedTokenRecord>({ name, text, values }));
        return rows[0] ?? null;
      } catch (err) {
        this.stopPreparing(err);
      }
    }
    const [record] = await this.source.query<PresentedTokenRecord[]>(text, values);
    return record ?? null;
  }

  /** Stops using prepared statements if that was the reason of an error. @throws the error otherwise. */
  private stopPreparing(err: unknown): void {
    if (!NOT_PREPARED.has((err as DatabaseError).code)) {
      throw err;
    }
    if (this.pool) {
      this.pool = undefined;
      this.logger.warn(
        { err },
        'PostgreSQL could not run a prepared statement. Until its next start, this server reads tokens without them, which takes PostgreSQL longer',
      );
    }
  }

  private queryBy(column: 'digest' | 'previousDigest'): TokenQuery {
    const { driver } = this.source;
    const text = this.textBy(column);
    return {
      text,
      name: `latchkey ${digestOf(text).slice(0, 16)}`,
      statement: (driver as { databaseConnection?: Database }).databaseConnection?.prepare(text),
    };
  }

  private textBy(column: 'digest' | 'previousDigest'): string {
    return (
      'SELECT t."id", t."enabled", t."creationTime", t."expirationTime", t."idleExpirationTime", t."revocationReason", t."stamp", ' +
      't."previousExpirationTime", t."scope", t."useLimits", t."notBefore", t."authTime", t."authMethods", u."id" AS "userId", u."name" AS "userName", u."enabled" AS "userEnabled", ' +
      `u."tokensRevokedBefore", ${grantsSql('u')} AS "grants" ` +
      'FROM "tokens" t JOIN "users" u ON u."id" = t."userId" ' +
      `WHERE t."${column}" = ${this.source.driver.createParameter('digest', 0)}`
    );
  }
}
