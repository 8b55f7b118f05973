import { Injectable } from '@nestjs/common';
import { type RotateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { AuditService } from '../audit/audit.service.js';
import { changedMembers } from '../audit/changed-members.js';
import { Clock, type EpochMilliseconds } from '../common/clock.js';
import { type Principal } from '../common/principal.js';
import { checkVersion, stale, type VersionCondition } from '../common/version-condition.js';
import { createTokenSecret, digestOf, previewOf } from '../crypto/secrets.js';
import { Writes, type WriteTransaction } from '../database/writes.js';
import { auditedEnd, auditedMembers, tokenSubject } from './audited-tokens.js';
import { NO_SUPERSEDED_SECRET } from './new-token.js';
import { checkNotOver, TokenAccess } from './token-access.js';
import { ownersOf } from './owners-of.js';
import { type Token } from './token.entity.js';
import { TokenLives } from './token-lives.js';
import { TokenPermissions } from './token-permissions.js';
import { toUserTokenWithSecretDto } from './token.mapper.js';
import { TokensRepository, type OwnedToken } from './tokens.repository.js';
import { wishedEnd } from './wished-end.js';

const NARROWED =
  'from now on the token may do no more than you may, whatever its user is given; see permissions';

/** Gives tokens new secrets, without an outage if the old one goes on working for a while. */
@Injectable()
export class TokenRotationService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly access: TokenAccess,
    private readonly permissions: TokenPermissions,
    private readonly lives: TokenLives,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives a token a new secret and its length of life anew. The secret before works until the grace period is over, and
   * the one before that no more. For good, the token may do no more than the caller could hand on when they got its secret.
   *
   * @throws ApplicationError `validation_failed`, `not_found`, `forbidden`, `above_your_permissions`, `conflict`, or as the
   *   condition says.
   */
  async rotate(
    id: string,
    wish: RotateTokenDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<UserTokenDto> {
    const now = this.clock.now();
    const wished = wishedEnd(wish.expirationTime, now);
    const secret = createTokenSecret();

    const { rotated } = await this.writes.transaction(async (tx) => {
      const token = await this.access.getWritable(id, actor, tx);
      const present = await this.permissions.checkNotAbove(token, actor, tx);
      checkNotOver(token, now);
      checkVersion(condition, token.version);

      const { expirationTime, warnings } = this.lives.rotated(
        token,
        wished,
        now,
        await this.access.presentedBy(actor, [id], tx),
      );
      const edit = {
        digest: digestOf(secret),
        preview: previewOf(secret),
        ...supersede(token, wish.gracePeriodSeconds ?? 0, expirationTime, now),
        expirationTime,
        idleExpirationTime: token.idleExpirationTime && this.lives.idleEnd(now, expirationTime),
        lifeStartTime: now,
        permissions: this.permissions.limitInHandsOf(token, present),
      };
      if (!(await this.tokens.update(token, edit, tx))) {
        throw stale(condition);
      }
      const renewed = { ...token, ...edit, version: token.version + 1 };
      const after = toUserTokenWithSecretDto(renewed, token.user, now, secret);
      await this.record(token, renewed, actor, tx);
      if (edit.permissions !== token.permissions) {
        warnings.push(NARROWED);
      }
      return { userId: token.userId, rotated: { ...after, ...(warnings.length > 0 && { warnings }) } };
    }, ownersOf);
    return rotated;
  }

  private record(token: OwnedToken, renewed: Token, actor: Principal, tx: WriteTransaction): Promise<void> {
    const changes = changedMembers(auditedMembers(token), auditedMembers(renewed));
    const { previousEndTime } = renewed;
    return this.audit.record(
      {
        action: 'authn_token_rotated',
        actor,
        ...tokenSubject(token),
        origin: actor.origin,
        ...changes,
        after: {
          ...changes?.after,
          ...(previousEndTime !== null && { supersededUntil: auditedEnd(previousEndTime) }),
        },
      },
      tx,
    );
  }
}

/** What becomes of the present secret: it works on for a while, no longer than the token, or is forgotten. */
function supersede(
  { digest }: OwnedToken,
  gracePeriodSeconds: number,
  expirationTime: EpochMilliseconds | null,
  now: EpochMilliseconds,
) {
  const until = Math.min(now + gracePeriodSeconds * 1_000, expirationTime ?? Infinity);
  return gracePeriodSeconds === 0
    ? NO_SUPERSEDED_SECRET
    : { ...NO_SUPERSEDED_SECRET, previousDigest: digest, previousEndTime: until };
}
