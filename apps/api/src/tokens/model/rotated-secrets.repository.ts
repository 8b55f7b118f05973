import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, In, LessThanOrEqual, Not, type EntityManager } from 'typeorm';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { inParts } from '../../common/in-parts.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { RotatedSecret } from './rotated-secret.entity.js';
import { Token } from './token.entity.js';
import { IS_LIVE_SQL, validUntilOf } from './token-state.js';
import { type OwnedToken } from './tokens.repository.js';

/** Maximum number of rotated secrets that are kept for a token. */
export const ROTATED_SECRETS_MAX = 2_000;

/** Maximum number of rotations that a leaked secret is followed through. Later ones count as made with it. */
const CHAIN_MAX = 10_000;

/**
 * Tolerance for the time of a reported use. Clocks of replicas differ, a verifier can answer from memory for
 * a while after a revocation, and a report that is sent again states the time since the use too short.
 */
const USE_TIME_TOLERANCE = 60_000;

/** Token, and the digest of a secret. */
export interface TokenSecret {
  readonly tokenId: string;
  readonly digest: string;
}

/** Use of a secret. */
export interface SecretUse extends TokenSecret {
  readonly time: EpochMilliseconds;
}

/** Secret of a token, and the time until which it is valid; infinite for a live one without expiry. */
interface ValidSecret extends TokenSecret {
  readonly validUntil: EpochMilliseconds;
}

/** Secret that was presented for a rotation, from the current secret of a token back to the first. */
interface Link {
  readonly digest: string | null;
  readonly tokenId: string | null;
}

// Each secret replaced at most one other, so each step of the recursion finds at most one row.
const CHAIN = `
  WITH RECURSIVE chain("digest", "tokenId", "depth") AS (
    SELECT "rotatorDigest", "rotatorTokenId", 1 FROM "rotated_secrets" WHERE "nextDigest" = PARAMETER
    UNION ALL
    SELECT made."rotatorDigest", made."rotatorTokenId", chain."depth" + 1
    FROM chain JOIN "rotated_secrets" made ON made."nextDigest" = chain."digest"
    WHERE chain."depth" <= ${CHAIN_MAX}
  ) SELECT "digest", "tokenId" FROM chain`;

/** Time before the end of a grace period in which a use is late, if the period is at least twice as long. */
const LATE_MILLISECONDS = DAY_MILLISECONDS;
/** Tokens that {@link RotatedSecretsRepository.findLateUses} returns at a time. */
const LATE_USES_MAX = 1_000;

const LATE_USES = `SELECT token."id" AS "id" FROM "tokens" token
  JOIN "users" owner ON owner."id" = token."userId"
  JOIN "rotated_secrets" replaced ON replaced."digest" = token."previousDigest"
  WHERE token."previousExpirationTime" IS NOT NULL
    AND token."previousExpirationTime" > :endAfter AND token."previousExpirationTime" <= :endBy
    AND token."previousReportTime" IS NULL AND token."enabled" AND owner."enabled" AND ${IS_LIVE_SQL}
    AND token."previousLastUsageTime" >= token."previousExpirationTime" - ${LATE_MILLISECONDS}
    AND 2 * token."previousLastUsageTime" >= token."previousExpirationTime" + replaced."rotationTime"
  ORDER BY token."previousExpirationTime" LIMIT ${LATE_USES_MAX}`;

/** Queries on secrets that rotations replaced. */
@Injectable()
export class RotatedSecretsRepository {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /**
   * Stores a replaced secret. If the token has too many, deletes the oldest one and returns it.
   */
  async insert(secret: RotatedSecret, tx: WriteTransaction): Promise<RotatedSecret | null> {
    const { tokenId } = secret;
    const oldest = await tx
      .createQueryBuilder(RotatedSecret, 'secret')
      .where({ tokenId })
      .orderBy('secret.version', 'DESC')
      .offset(ROTATED_SECRETS_MAX - 1)
      .limit(1)
      .getOne();
    if (oldest) {
      await tx.delete(RotatedSecret, { tokenId, version: LessThanOrEqual(oldest.version) });
    }
    await tx.insert(RotatedSecret, secret);
    return oldest;
  }

  /** Returns the ids of the tokens that had the secrets with some digests, by digest. */
  async findTokenIds(digests: readonly string[]): Promise<Map<string, string>> {
    const secrets = await this.source.manager.find(RotatedSecret, {
      select: { digest: true, tokenId: true },
      where: { digest: In([...digests]) },
    });
    return new Map(secrets.map(({ digest, tokenId }) => [digest, tokenId]));
  }

  /**
   * Returns the ids of the tokens that have, or had, the secrets with some digests, by digest.
   */
  async findAllTokenIds(digests: readonly string[]): Promise<Map<string, string>> {
    const known = In([...digests]);
    // In this order: a secret that a rotation replaces meanwhile is found by the second query.
    const tokens = await this.source.manager.find(Token, {
      select: { id: true, digest: true, previousDigest: true },
      where: [{ digest: known }, { previousDigest: known }],
    });
    const current = tokens.flatMap(({ id, digest, previousDigest }) =>
      [digest, previousDigest].flatMap((one): [string, string][] => (one === null ? [] : [[one, id]])),
    );
    return new Map([...(await this.findTokenIds(digests)), ...current]);
  }

  /**
   * Returns the ids of tokens whose superseded secret was used late, unless this is already recorded. Late is
   * the second half of the grace period, but at most its last day. Verifiers report uses with a delay, so the
   * period may have ended up to a day ago.
   */
  async findLateUses(now: EpochMilliseconds): Promise<string[]> {
    const parameters = { now, endAfter: now - DAY_MILLISECONDS, endBy: now + LATE_MILLISECONDS };
    const rows = await this.source.query<Pick<Token, 'id'>[]>(
      ...this.source.driver.escapeQueryWithParameters(LATE_USES, parameters),
    );
    return rows.map(({ id }) => id);
  }

  findByDigest(digest: string, tx: WriteTransaction): Promise<RotatedSecret | null> {
    return tx.findOneBy(RotatedSecret, { digest });
  }

  async setLeakReportTime(
    digest: string,
    leakReportTime: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<void> {
    await tx.update(RotatedSecret, { digest }, { leakReportTime });
  }

  /**
   * Returns the uses of a secret that their token has, or had at the time of the use. Up to
   * {@link ROTATED_SECRETS_MAX} rotations are known. Canaries match nothing, even with the digest that is
   * stored for them.
   */
  async findMatching<Use extends SecretUse>(uses: readonly Use[]): Promise<Use[]> {
    const { manager } = this.source;
    const latest = new Map<string, EpochMilliseconds>();
    for await (const digests of inParts([...new Set(uses.map(({ digest }) => digest))])) {
      for (const { tokenId, digest, validUntil } of await findValidity(digests, manager)) {
        const key = `${tokenId} ${digest}`;
        latest.set(key, Math.max(latest.get(key) ?? 0, validUntil));
      }
    }
    return uses.filter(({ tokenId, digest, time }) => {
      const validUntil = latest.get(`${tokenId} ${digest}`);
      return validUntil !== undefined && time <= validUntil + USE_TIME_TOLERANCE;
    });
  }

  /**
   * Whether a leaked secret led to the current secret of its token: it made the last rotation, or a rotation
   * of the secret that made it, and so on. Tokens that can have been created with the leaked secret count as
   * well.
   */
  async hasLedTo(current: Token, leaked: RotatedSecret, tx: WriteTransaction): Promise<boolean> {
    const parameter = tx.dataSource.driver.createParameter('digest', 0);
    const chain = await tx.query<Link[]>(CHAIN.replace('PARAMETER', parameter), [current.digest]);
    if (chain.length > CHAIN_MAX || chain.some(({ digest }) => digest === leaked.digest)) {
      return true;
    }
    const rotators = [...new Set(chain.flatMap(({ tokenId }) => tokenId ?? []))];
    for await (const ids of inParts(rotators.filter((id) => id !== current.id))) {
      if (await this.mayHaveCreatedOneOf(ids, current, leaked, tx)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether one of some tokens is a descendant of a token, and was created after the token got the leaked
   * secret. A deleted one counts as well: otherwise a thief could delete it, with its user, to hide the
   * rotation.
   */
  private async mayHaveCreatedOneOf(
    ids: readonly string[],
    { id }: Token,
    { digest }: RotatedSecret,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const issue = await tx.findOneBy(RotatedSecret, { nextDigest: digest });
    const harmless = await tx
      .createQueryBuilder(Token, 'token')
      .where('token.id IN (:...ids)', { ids })
      .andWhere(
        `(token.creationTime < :since OR token.id NOT IN (
          SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorId" = :id))`,
        { id, since: issue?.rotationTime ?? 0 },
      )
      .getCount();
    return harmless < ids.length;
  }
}

/**
 * Returns the tokens that have or had secrets with these digests. `validUntil` is the time until which each
 * secret is valid.
 */
async function findValidity(digests: readonly string[], manager: EntityManager): Promise<ValidSecret[]> {
  const known = In([...digests]);
  // In this order: a secret that a rotation replaces meanwhile is found by the second query.
  const tokens = await manager.find(Token, {
    relations: { user: true },
    where: [{ digest: known, kind: Not('canary') }, { previousDigest: known }],
  });
  const rotated = await manager.find(RotatedSecret, {
    select: { tokenId: true, digest: true, rotationTime: true },
    where: { digest: known },
  });
  return [
    ...rotated.map(({ rotationTime, ...secret }) => ({ ...secret, validUntil: rotationTime })),
    ...(tokens as OwnedToken[]).flatMap((token) => {
      const { id: tokenId, digest, previousDigest, previousExpirationTime } = token;
      const validUntil = validUntilOf({ ...token, ...token.user }) ?? Infinity;
      return [
        { tokenId, digest, validUntil },
        ...(previousDigest === null
          ? []
          : [
              {
                tokenId,
                digest: previousDigest,
                validUntil: Math.min(validUntil, previousExpirationTime ?? 0),
              },
            ]),
      ];
    }),
  ];
}
