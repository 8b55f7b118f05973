import { Injectable } from '@nestjs/common';
import { type RotatedTokenDto, type RotateTokenDto } from '@latchkey/auth-models';
import { AuditService, changedMembers } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, stale, type VersionCondition } from '../../common/request/version-condition.js';
import { digestOf, previewOf } from '../../platform/crypto/secrets.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { ANCESTORS_MAX, NewTokens } from './new-tokens.service.js';
import {
  auditedExpiry,
  auditedIdentity,
  auditedMembers,
  auditedReason,
  previewReference,
  tokenReferences,
  tokenSubject,
  type AuditedToken,
} from '../model/token-audit.js';
import { NO_SUPERSEDED_SECRET, type Token } from '../model/token.entity.js';
import { checkLive, isOwn, rejectCanary, TokenAccess } from '../access/token-access.service.js';
import { RotatedSecretsRepository, ROTATED_SECRETS_MAX } from '../model/rotated-secrets.repository.js';
import { REFERENCES_MAX, TokenLineageRepository, type Ancestor } from '../model/token-lineage.repository.js';
import { parseRequestedExpiry, TokenLifetimePolicy } from '../model/token-lifetime-policy.service.js';
import { checkMayHold } from '../access/use-limit-rules.js';
import { TokenPermissions } from '../access/token-permissions.service.js';
import { toUserTokenWithSecretDto } from '../model/token.mapper.js';
import { ownerIdsOf, TokensRepository, type OwnedToken } from '../model/tokens.repository.js';
import {
  auditedDescendants,
  RevocationsService,
  type RevokedDescendants,
} from '../revoke/revocations.service.js';

const SCOPE_REDUCED =
  'the token is now limited to permissions that you can delegate, whatever its user is granted later; see permissions';

const NO_GRACE = 'the old secret has no grace period, because it was reported as leaked';

interface Rotation {
  /** Tokens whose owners are affected. */
  readonly affected: readonly AuditedToken[];
  readonly rotated: RotatedTokenDto;
}

/** Replaces the secrets of tokens, without downtime if the old secret has a grace period. */
@Injectable()
export class TokenRotationService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly access: TokenAccess,
    private readonly lineage: TokenLineageRepository,
    private readonly newTokens: NewTokens,
    private readonly rotatedSecrets: RotatedSecretsRepository,
    private readonly permissions: TokenPermissions,
    private readonly revocations: RevocationsService,
    private readonly lifetimes: TokenLifetimePolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Replaces the secret of a token and restarts its lifetime. The old secret works during the grace period,
   * an even older one no longer. The scope of the token is permanently limited to what the caller, who now
   * knows its secret, can delegate. On request it also revokes the descendants of the token.
   *
   * @throws ApplicationError `validation_failed`, `not_found`, `forbidden`, `above_your_permissions`,
   *   `conflict`, `token_limit`, or the error of the condition.
   */
  async rotate(
    id: string,
    dto: RotateTokenDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<RotatedTokenDto> {
    const now = this.clock.now();
    const requested = parseRequestedExpiry(dto, now);
    const secret = this.newTokens.createSecret();

    const rotate = async (tx: WriteTransaction): Promise<Rotation> => {
      const token = await this.getWritable(id, dto, actor, tx);
      const refreshed = await this.permissions.checkNotAbove(token, actor, tx);
      checkLive(token, now);
      rejectCanary(token);
      checkVersion(condition, token.version);

      const presented = await this.access.presentedBy(actor, [id], tx);
      checkMayHold(token, presented);
      const { expirationTime, warnings } = this.lifetimes.rotated(token, requested, now, presented);
      const isLeaked = token.leakReportTime !== null && !token.enabled;
      if (isLeaked && dto.gracePeriodSeconds) {
        warnings.push(NO_GRACE);
      }
      const edit = {
        digest: digestOf(secret),
        preview: previewOf(secret),
        ...supersede(token, isLeaked ? 0 : (dto.gracePeriodSeconds ?? 0), expirationTime, now),
        leakReportTime: null,
        expirationTime,
        idleExpirationTime: token.idleExpirationTime && this.lifetimes.idleExpiry(now, expirationTime),
        lifeStartTime: now,
        ...(await this.permissions.scopeAfterRotation(token, refreshed, tx)),
      };
      if (!(await this.tokens.update(token, edit, tx))) {
        throw stale(condition);
      }
      await this.storeReplaced(token, { digest: edit.digest, time: now }, presented, actor, tx);
      if (presented && !isOwn(token, actor)) {
        await this.addSecretHolders(token, { id: presented.id, userId: actor.id }, tx);
      }
      const renewed = { ...token, ...edit, version: token.version + 1 };
      const after = toUserTokenWithSecretDto(renewed, token.user, now, secret);
      const revoked = dto.revokeDescendants
        ? await this.revocations.revokeDescendants(token, tx, refreshed)
        : undefined;
      await this.record(token, renewed, { reason: dto.reason, revoked }, actor, tx);
      if (edit.scope !== token.scope) {
        warnings.push(SCOPE_REDUCED);
      }
      return {
        affected: [token, ...(revoked?.tokens ?? [])],
        rotated: {
          ...after,
          ...(warnings.length > 0 && { warnings }),
          ...(revoked && { revokedDescendants: revoked.tokens.length }),
        },
      };
    };
    const { rotated } = await this.writes.transaction(rotate, ({ affected }) => ownerIdsOf(affected));
    return rotated;
  }

  /**
   * Returns the token to rotate and locks its descendants too if they are to be revoked. Authority is locked
   * before any row.
   */
  private async getWritable(
    id: string,
    { revokeDescendants }: RotateTokenDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<OwnedToken> {
    return revokeDescendants
      ? this.access.getWritableTree(id, await this.revocations.lockForDescendants(id, actor, tx), tx)
      : this.access.getWritable(id, actor, tx);
  }

  /**
   * Adds the owners of the presented token and of its ancestors to the lineage of a token of another user:
   * they can know its secret now, and their deletion revokes it. Each user takes one row, however often they
   * rotate it.
   *
   * @throws ApplicationError `token_limit`.
   */
  private async addSecretHolders(
    token: Token,
    presented: Pick<Token, 'id' | 'userId'>,
    tx: WriteTransaction,
  ): Promise<void> {
    const above = await this.lineage.findAncestors(token, tx);
    const holders = new Set(ancestorOwnersOf(await this.lineage.ancestorsOfChild(presented, tx)));
    [token.userId, ...ancestorOwnersOf(above)].forEach((known) => holders.delete(known));
    if (holders.size > 0 && above.length + holders.size > ANCESTORS_MAX) {
      throw new ApplicationError('token_limit', {
        detail: `More than ${ANCESTORS_MAX} tokens and users have created or rotated this token. Revoke it, and create a new one.`,
      });
    }
    const rows = [...holders].map((id) => ({ ancestorId: id, ancestorUserId: id }));
    await this.lineage.insert(token, rows, tx);
  }

  /**
   * Stores the digest of the replaced secret for leak reports, with the secret that made the rotation.
   *
   * @throws ApplicationError `token_limit` if the token is rotated so often that a thief could drop the
   * stolen secret within a day.
   */
  private async storeReplaced(
    { id: tokenId, digest, version }: Token,
    next: { readonly digest: string; readonly time: EpochMilliseconds },
    presented: Pick<Token, 'id' | 'kind'> | null,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    const oldest = await this.rotatedSecrets.findNextToDelete(tokenId, tx);
    if (oldest && oldest.rotationTime > next.time - DAY_MILLISECONDS) {
      throw new ApplicationError('token_limit', {
        detail: `This token was rotated ${ROTATED_SECRETS_MAX} times in the last 24 hours. Rotate it less often, or create a new one.`,
      });
    }
    const secret = {
      digest,
      tokenId,
      version,
      rotationTime: next.time,
      nextDigest: next.digest,
      rotatorDigest: actor.token?.digest ?? null,
      rotatorTokenId: presented?.kind === 'api' ? presented.id : null,
      leakReportTime: null,
    };
    await this.rotatedSecrets.insert(secret, tx);
  }

  private record(
    token: OwnedToken,
    renewed: Token,
    { reason, revoked }: { reason: string | undefined; revoked: RevokedDescendants | undefined },
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    const changes = changedMembers(auditedMembers(token), auditedMembers(renewed));
    const { previousExpirationTime } = renewed;
    const { subject, about } = tokenSubject(token);
    return this.audit.record(
      {
        action: 'authn_token_rotated',
        actor,
        subject,
        about: [
          ...about,
          previewReference(renewed.preview),
          ...tokenReferences((revoked?.tokens ?? []).slice(0, REFERENCES_MAX)),
        ],
        before: { ...auditedIdentity(token), ...changes?.before },
        after: {
          ...auditedIdentity(renewed),
          ...changes?.after,
          ...(previousExpirationTime !== null && { supersededUntil: auditedExpiry(previousExpirationTime) }),
          ...auditedReason(reason),
          ...(revoked && auditedDescendants(revoked)),
        },
      },
      tx,
    );
  }
}

function ancestorOwnersOf(ancestors: readonly Ancestor[]): string[] {
  return ancestors.flatMap(({ ancestorUserId }) => ancestorUserId ?? []);
}

/** Returns the columns of the superseded secret, which expires at the latest with the token. */
function supersede(
  { digest }: OwnedToken,
  gracePeriodSeconds: number,
  expirationTime: EpochMilliseconds | null,
  now: EpochMilliseconds,
) {
  const until = Math.min(now + gracePeriodSeconds * 1_000, expirationTime ?? Infinity);
  return gracePeriodSeconds === 0
    ? NO_SUPERSEDED_SECRET
    : { ...NO_SUPERSEDED_SECRET, previousDigest: digest, previousExpirationTime: until };
}
