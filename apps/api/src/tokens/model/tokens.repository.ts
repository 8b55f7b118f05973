import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Not, type ObjectLiteral, type Repository, type SelectQueryBuilder } from 'typeorm';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { insertRow } from '../../platform/database/queries/fixed-statements.js';
import { lockRows, lockRowsWhere } from '../../platform/database/queries/lock-rows.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type User } from '../../users/model/user.entity.js';
import { findOwnedRows, type OwnedColumns } from './owned-rows.js';
import { apisIn, type Scope } from '../../permissions/scope.js';
import { TokenApi } from './token-api.entity.js';
import { Token, type RevocationReason } from './token.entity.js';
import { IS_LIVE_SQL, isLive } from './token-state.js';

/** A token together with its user. */
export type OwnedToken = Token & { user: User };

/** Columns that decide when the row of a token is deleted. */
export type KeptToken = Pick<
  Token,
  'id' | 'kind' | 'stamp' | 'expirationTime' | 'idleExpirationTime' | 'revocationTime'
> &
  Pick<User, 'tokensRevokedBefore'> & { hasMadeOthers: boolean };

const CREATED_OTHERS = 'SELECT 1 FROM "tokens" made WHERE made."parentTokenId" = "token"."id"';
const HAS_APPROVED =
  'SELECT 1 FROM "offers" offer WHERE offer."deciderTokenId" = "token"."id" AND offer."state" = \'offered\'';

const BULK_COLUMNS = [
  'id',
  'userId',
  'kind',
  'note',
  'preview',
  'scope',
  'useLimits',
  'enabled',
  'creationTime',
  'stamp',
  'lifeStartTime',
  'expirationTime',
  'maxExpirationTime',
  'idleExpirationTime',
  'revocationReason',
  'leakReportTime',
  'lastUsageTime',
  'acknowledgedTime',
  'expiryWarningTime',
] as const;

/** Columns of a token that decide on a bulk change. */
export type BulkToken = OwnedColumns<(typeof BULK_COLUMNS)[number]>;

/** Columns that bulk changes set. */
export type TokenBulkEdit = Partial<
  Pick<Token, 'enabled' | 'expirationTime' | 'lifeStartTime' | 'revocationReason' | 'revocationTime'> &
    Pick<Token, 'previousDigest' | 'previousExpirationTime' | 'leakReportTime' | 'acknowledgedTime'> &
    Pick<Token, 'expiryWarningTime' | 'previousReportTime'>
>;

/** Columns of changes that are no edits. */
const NO_EDITS = [
  'revocationReason',
  'acknowledgedTime',
  'expiryWarningTime',
  'previousReportTime',
] as const satisfies readonly (keyof TokenBulkEdit)[];

/** Queries on tokens, except {@link PresentedTokenReader}, the lists and the counts. */
@Injectable()
export class TokensRepository {
  constructor(
    @InjectRepository(Token) private readonly tokens: Repository<Token>,
    private readonly clock: Clock,
  ) {}

  async insert(token: Token, tx: WriteTransaction): Promise<void> {
    await insertRow(Token, token, tx);
    await insertApis(token.id, token.scope, tx);
  }

  findById(id: string, tx?: WriteTransaction): Promise<OwnedToken | null> {
    const tokens = tx ? tx.getRepository(Token) : this.tokens;
    return tokens.findOne({ where: { id }, relations: { user: true } }) as Promise<OwnedToken | null>;
  }

  /** Returns tokens by their ids, without deleted ones. */
  async findAllById(ids: readonly string[]): Promise<Map<string, OwnedToken>> {
    const tokens =
      ids.length === 0
        ? []
        : await this.tokens.find({ where: { id: In([...ids]) }, relations: { user: true } });
    return new Map((tokens as OwnedToken[]).map((token) => [token.id, token]));
  }

  /** Returns a token and locks its row until the transaction ends. */
  async lock(id: string, tx: WriteTransaction): Promise<OwnedToken | null> {
    await lockRows(Token, [id], tx);
    return this.findById(id, tx);
  }

  /** Does the same for a live token. Returns `null` for all others. */
  async lockLive(id: string, tx: WriteTransaction): Promise<OwnedToken | null> {
    const token = await this.lock(id, tx);
    return token && isLive(token, token.user, this.clock.now()) ? token : null;
  }

  /**
   * Returns a token and locks it with its unrevoked descendants, in the order of their ids like every other
   * transaction that locks several. Their ids are not parameters, because a token can have more descendants
   * than a statement can have parameters.
   */
  async lockTree(id: string, tx: WriteTransaction): Promise<OwnedToken | null> {
    await lockRowsWhere(
      Token,
      `row.id IN (SELECT CAST(:id AS varchar) UNION ALL SELECT link."tokenId" FROM "token_ancestors" link WHERE link."ancestorId" = :id)
       AND (COALESCE(row.revocationReason, 'expired') = 'expired' OR row.id = :id)`,
      { id },
      tx,
    );
    return this.findById(id, tx);
  }

  /** Returns tokens by their ids and locks their rows until the transaction ends. */
  async lockAll(ids: readonly string[], tx: WriteTransaction): Promise<Map<string, BulkToken>> {
    await lockRows(Token, ids, tx);
    return findOwnedRows(ids, BULK_COLUMNS, tx);
  }

  /**
   * Changes a token and increments its version. Returns `false` if it was changed, or revoked or recorded as
   * expired, meanwhile.
   */
  async update(
    { id, version, revocationReason }: Token,
    change: Partial<Token>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(
      Token,
      { id, version, revocationReason: revocationReason ?? IsNull() },
      {
        ...change,
        version: version + 1,
      },
    );
    if (affected === 1 && change.scope !== undefined) {
      await tx.delete(TokenApi, { tokenId: id });
      await insertApis(id, change.scope, tx);
    }
    return affected === 1;
  }

  /**
   * Changes locked tokens. It increments their versions, except for a revocation, an acknowledgement or a
   * warning, which is no edit.
   */
  async editAll(ids: readonly string[], edit: TokenBulkEdit, tx: WriteTransaction): Promise<void> {
    const isEdit = NO_EDITS.every((column) => edit[column] === undefined);
    const version = isEdit && { version: () => '"version" + 1' };
    await tx.update(Token, { id: In([...ids]) }, { ...edit, ...version });
  }

  /** Revokes a token. Returns `false` if it does not exist or was revoked. */
  async revoke(
    id: string,
    revocationReason: Exclude<RevocationReason, 'expired'>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(
      Token,
      [
        { id, revocationReason: IsNull() },
        { id, revocationReason: 'expired' },
      ],
      { revocationReason, revocationTime: this.clock.now() },
    );
    return affected === 1;
  }

  /** Records that a token expired, unless its expiry was changed or it was revoked meanwhile. */
  async expire(id: string, expiry: EpochMilliseconds, tx: WriteTransaction): Promise<void> {
    await tx.update(
      Token,
      [
        { id, revocationReason: IsNull(), expirationTime: expiry },
        { id, revocationReason: IsNull(), idleExpirationTime: expiry },
      ],
      { revocationReason: 'expired' },
    );
  }

  /** Excludes a token, but not its superseded secret, from a revocation of all tokens of its user. */
  async keep({ id, previousExpirationTime }: Token, stamp: number, tx: WriteTransaction): Promise<void> {
    const now = this.clock.now();
    const isInGrace = previousExpirationTime !== null && previousExpirationTime > now;
    await tx.update(Token, { id }, { stamp, ...(isInGrace && { previousExpirationTime: now }) });
  }

  /** Sets the idle expiry of a session. Returns `false` if it does not exist or was revoked. */
  async prolong(
    id: string,
    idleExpirationTime: EpochMilliseconds | null,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(Token, { id, revocationReason: IsNull() }, { idleExpirationTime });
    return affected === 1;
  }

  /** Sets the proof of a session's user. Returns `false` if it does not exist or was revoked. */
  async setProof(
    id: string,
    proof: { authTime: EpochMilliseconds; authMethods: string },
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(Token, { id, revocationReason: IsNull() }, proof);
    return affected === 1;
  }

  /** Makes the proofs of a user's other sessions stale. */
  async expireProofs(userId: string, exceptId: string, tx: WriteTransaction): Promise<void> {
    await tx.update(Token, { userId, kind: 'session', id: Not(exceptId) }, { authTime: 0 });
  }

  /** Returns up to `limit` tokens in the order of their ids, for the purge. */
  async findKept(afterId: string, limit: number): Promise<KeptToken[]> {
    const rows = await this.tokens
      .createQueryBuilder('token')
      .innerJoin('token.user', 'owner')
      .select('token.id', 'id')
      .addSelect('token.kind', 'kind')
      .addSelect('token.stamp', 'stamp')
      .addSelect('token.expirationTime', 'expirationTime')
      .addSelect('token.idleExpirationTime', 'idleExpirationTime')
      .addSelect('token.revocationTime', 'revocationTime')
      .addSelect('owner.tokensRevokedBefore', 'tokensRevokedBefore')
      .addSelect(`EXISTS (${CREATED_OTHERS}) OR EXISTS (${HAS_APPROVED})`, 'hasMadeOthers')
      .where('token.id > :afterId', { afterId })
      .orderBy('token.id')
      .limit(limit)
      .getRawMany<KeptToken>();
    // SQLite has no boolean and returns 0 and 1.
    return rows.map((row) => ({ ...row, hasMadeOthers: Boolean(row.hasMadeOthers) }));
  }

  async delete(ids: readonly string[], tx: WriteTransaction): Promise<void> {
    await lockRows(Token, ids, tx);
    await tx.delete(Token, { id: In([...ids]) });
  }

  /** Deletes up to `limit` tokens of a user. Returns the number of deleted tokens. */
  async deleteSomeOf(userId: string, limit: number, tx: WriteTransaction): Promise<number> {
    const tokens = await tx.find(Token, { select: { id: true }, where: { userId }, take: limit });
    await this.delete(
      tokens.map(({ id }) => id),
      tx,
    );
    return tokens.length;
  }

  /** Returns the users among some who have more than `count` tokens, in any state. */
  async findOwnersOfMore(count: number, userIds: readonly string[], tx: WriteTransaction): Promise<string[]> {
    const rows = await tx
      .createQueryBuilder(Token, 'token')
      .select('token.userId', 'userId')
      .where({ userId: In([...userIds]) })
      .groupBy('token.userId')
      .having('COUNT(*) > :count', { count })
      .getRawMany<{ userId: string }>();
    return rows.map(({ userId }) => userId);
  }

  /** Returns the enabled canaries with some digests, by digest. */
  async findCanaries(digests: readonly string[]): Promise<Map<string, OwnedToken>> {
    const tokens = (await this.tokens.find({
      where: { digest: In([...digests]), kind: 'canary', enabled: true, revocationReason: IsNull() },
      relations: { user: true },
    })) as OwnedToken[];
    return new Map(tokens.map((token) => [token.digest, token]));
  }

  /** Returns the users of tokens, by the id of the token. */
  async findOwners(ids: readonly string[]): Promise<Map<string, { id: string; name: string }>> {
    const rows =
      ids.length === 0
        ? []
        : await this.tokens
            .createQueryBuilder('token')
            .innerJoin('token.user', 'owner')
            .select('token.id', 'tokenId')
            .addSelect('owner.id', 'id')
            .addSelect('owner.name', 'name')
            .where('token.id IN (:...ids)', { ids })
            .getRawMany<{ tokenId: string; id: string; name: string }>();
    return new Map(rows.map(({ tokenId, id, name }) => [tokenId, { id, name }]));
  }

  /** Counts the live API tokens and canaries of a user. */
  countLiveApiOf(userId: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<number> {
    return onlyLive(tx.createQueryBuilder(Token, 'token'), now)
      .andWhere('token.userId = :userId', { userId })
      .andWhere("token.kind <> 'session'")
      .getCount();
  }
}

async function insertApis(tokenId: string, scope: Scope, tx: WriteTransaction): Promise<void> {
  const apis = apisIn(scope);
  if (apis.length > 0) {
    await tx.insert(
      TokenApi,
      apis.map((api) => ({ tokenId, api })),
    );
  }
}

/** Selects live tokens, the disabled ones too. */
export function onlyLive<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  now: EpochMilliseconds,
): SelectQueryBuilder<T> {
  return query.innerJoin('token.user', 'owner').where(IS_LIVE_SQL, { now });
}

/** Returns the owners of tokens, each once: the users affected by a transaction that changed these tokens. */
export function ownerIdsOf(tokens: { userId: string } | readonly { userId: string }[]): string[] {
  return [...new Set([tokens].flat().map(({ userId }) => userId))];
}
