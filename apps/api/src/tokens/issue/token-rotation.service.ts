import { Injectable } from '@nestjs/common';
import { type RotatedTokenDto, type RotateTokenDto } from '@latchkey/auth-models';
import { changedMembers } from '../../audit/trail/audit.service.js';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, stale, type VersionCondition } from '../../common/request/version-condition.js';
import { digestOf, previewOf } from '../../platform/crypto/secrets.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { NewTokens } from './new-tokens.service.js';
import {
  auditedExpiry,
  auditedIdentity,
  auditedMembers,
  auditedReason,
  previewReference,
  type AuditedToken,
} from '../model/token-audit.js';
import { NO_SUPERSEDED_SECRET, type Token } from '../model/token.entity.js';
import { checkLive, rejectCanary, TokenAccess } from '../access/token-access.service.js';
import { TokenLifetimePolicy } from '../model/token-lifetime-policy.service.js';
import { checkMayHold } from '../access/use-limit-rules.js';
import { TokenPermissions } from '../access/token-permissions.service.js';
import { toUserTokenWithSecretDto } from '../model/token.mapper.js';
import { ownerIdsOf, type OwnedToken } from '../model/tokens.repository.js';
import { intersectScopes, toScope } from '../../permissions/scope.js';
import { DescendantRevocations, type RevokedDescendants } from '../revoke/descendant-revocations.service.js';

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
    private readonly access: TokenAccess,
    private readonly newTokens: NewTokens,
    private readonly permissions: TokenPermissions,
    private readonly descendants: DescendantRevocations,
    private readonly lifetimes: TokenLifetimePolicy,
    private readonly writes: Writes,
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
    const { requested, now } = this.lifetimes.parse(dto);
    const secret = this.newTokens.createSecret();

    const rotate = async (tx: WriteTransaction): Promise<Rotation> => {
      const token = await this.getWritable(id, dto, actor, tx);
      const refreshed = await this.permissions.checkNotAbove(token, actor, tx);
      checkLive(token, now);
      rejectCanary(token);
      checkVersion(condition, token.version);

      const presented = await this.access.presentedBy(actor, [id], tx);
      checkMayHold(token, presented);
      const { expirationTime, warnings } = this.lifetimes.rotated(
        token,
        requested,
        now,
        presented,
        isForVerifiers(refreshed),
      );
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
        // A token that extends itself must not last longer with all that its user is granted later.
        ...(presented?.id === id && isLater(expirationTime, token) && verifyOnly(token, refreshed)),
      };
      if (!(await this.newTokens.replaceSecret(token, edit, presented, actor, tx))) {
        throw stale(condition);
      }
      const renewed = { ...token, ...edit, version: token.version + 1 };
      const after = toUserTokenWithSecretDto(renewed, token.user, now, secret);
      const revoked = dto.revokeDescendants ? await this.descendants.revoke(id, tx, refreshed) : undefined;
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
      ? this.access.getWritableTree(id, await this.descendants.lockAuthority(id, actor, tx), tx)
      : this.access.getWritable(id, actor, tx);
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
    return this.descendants.record(
      token,
      {
        action: 'authn_token_rotated',
        actor,
        about: [previewReference(renewed.preview)],
        before: { ...auditedIdentity(token), ...changes?.before },
        after: {
          ...auditedIdentity(renewed),
          ...changes?.after,
          ...(previousExpirationTime !== null && { supersededUntil: auditedExpiry(previousExpirationTime) }),
          ...auditedReason(reason),
        },
        revoked,
      },
      tx,
    );
  }
}

/**
 * Whether the token of the caller can only verify tokens. A service renews it without an operator. If a thief
 * did, the service would notice after the grace period, because its secret would no longer work.
 */
function isForVerifiers({ permissions }: Principal): boolean {
  return permissions.size === 1 && permissions.has('tokens:introspect');
}

/** Whether an expiry is later than that of a token. */
function isLater(
  expirationTime: EpochMilliseconds | null,
  { expirationTime: current }: Pick<Token, 'expirationTime'>,
): boolean {
  return (expirationTime ?? Infinity) > (current ?? Infinity);
}

/** Limits a token to the permissions that it has now. */
function verifyOnly({ scope }: Pick<Token, 'scope'>, { permissions }: Principal): Pick<Token, 'scope'> {
  return { scope: intersectScopes(scope, toScope({ permissions, roles: null })) };
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
