import { Injectable } from '@nestjs/common';
import {
  type AuthMethod,
  isSecondFactor,
  NOTE_MAX_LENGTH,
  type LoginDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { AuditService } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { type PresentedSession, type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Config } from '../../platform/config/config.js';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { UsersService } from '../../users/users.service.js';
import { TokenPermissions } from '../access/token-permissions.service.js';
import { newToken } from '../model/token.entity.js';
import { TokenLifetimePolicy } from '../model/token-lifetime-policy.service.js';
import { expiryOf, readAuthMethods } from '../model/token-state.js';
import { toUserTokenWithSecretDto } from '../model/token.mapper.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';

/** Decides whether a password is enough for a session. The factors folder implements it. */
export abstract class SecondFactorGate {
  /** Whether the user has a second factor, without which no session starts. */
  abstract isRequired(userId: string, tx: WriteTransaction): Promise<boolean>;
}

/** Sessions: start by login, and extension by bump. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly users: UsersService,
    private readonly permissions: TokenPermissions,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly lifetimes: TokenLifetimePolicy,
    private readonly secondFactors: SecondFactorGate,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Starts a session and sets the user's `lastLoginTime`.
   *
   * @throws ApplicationError `validation_failed`, or `second_factor_required`.
   */
  async begin(dto: LoginDto, actor: Principal): Promise<UserTokenDto> {
    const { authMethods = [] } = actor;
    const { requested, now } = this.lifetimes.parse(dto);
    const secret = createTokenSecret(this.config.tokenPrefix);
    const { expirationTime, warnings } = this.lifetimes.forNewSession(requested ?? undefined, now);

    // By default, a session has all permissions of its user.
    const isLimited = Boolean(dto.permissions ?? dto.roles);
    if (isLimited) {
      await this.permissions.checkRequested(dto, actor);
    }

    return this.writes.transaction(async (tx) => {
      if (isLimited) {
        await this.permissions.lockNamed(dto, tx);
      }
      const tokensRevokedBefore = await this.users.touchLogin(actor.id, now, tx);
      // All tokens were revoked after the password was verified, so it may have changed.
      if (tokensRevokedBefore !== actor.tokensRevokedBefore) {
        throw new ApplicationError('unauthenticated');
      }
      // Every session starts here. The user is locked, so a factor that was just confirmed is seen.
      if (!authMethods.some(isSecondFactor) && (await this.secondFactors.isRequired(actor.id, tx))) {
        throw new ApplicationError('second_factor_required');
      }
      const owner = { id: actor.id, name: actor.name, enabled: true, tokensRevokedBefore };
      const token = newToken({
        kind: 'session',
        secret,
        owner,
        creationTime: now,
        expirationTime,
        idleExpirationTime: this.lifetimes.idleExpiry(now, expirationTime),
        authTime: now,
        authMethods: authMethods.join(','),
        note: dto.note ?? noteOf(actor.origin.agent),
        ...(isLimited && (await this.permissions.scopeOfNewToken(actor.id, dto, actor, tx))),
      });
      await this.tokens.insert(token, tx);
      const { address, agent } = actor.origin;
      const isNewNetwork = await this.users.addLoginNetwork(actor.id, address, now, tx);
      await this.audit.record(
        {
          action: 'authn_login_success',
          actor,
          subject: { kind: 'user', id: actor.id, name: actor.name },
          after: {
            tokenId: token.id,
            ...(isNewNetwork && { newNetwork: true, ...(agent !== undefined && { userAgent: agent }) }),
          },
        },
        tx,
      );
      return {
        ...toUserTokenWithSecretDto(token, owner, now, secret),
        ...(warnings.length > 0 && { warnings }),
      };
    }, 'none');
  }

  /**
   * Sets the user's `lastLoginTime` and extends the presented session. The change is durable when the promise
   * resolves.
   *
   * @throws ApplicationError `token_revoked`, or the error of the condition.
   */
  async bump(
    actor: Principal,
    condition?: VersionCondition,
  ): Promise<{ lastLoginTime: EpochMilliseconds; expirationTime: EpochMilliseconds | null }> {
    const token = await this.presentedToken(actor);
    const now = this.clock.now();
    if (token.idleExpirationTime !== null) {
      token.idleExpirationTime = this.lifetimes.idleExpiry(now, token.expirationTime);
    }
    await this.writes.transaction(
      async (tx) => {
        // The user first, as in every transaction: one order of locks prevents deadlocks.
        await this.users.touchLogin(actor.id, now, tx);
        checkVersion(condition, condition && (await this.tokens.lock(token.id, tx))?.version);
        if (!(await this.tokens.prolong(token.id, token.idleExpirationTime, tx))) {
          throw new ApplicationError('token_revoked');
        }
      },
      [actor.id],
      // Other replicas keep the earlier expiry until they read again: that is safe, and bumps are too
      // frequent to announce.
      'none',
    );
    return { lastLoginTime: now, expirationTime: expiryOf(token) };
  }

  /**
   * Records that the user of the presented session has just proved who they are. The transaction must affect
   * the user, because the cached session has the earlier proof.
   *
   * @throws ApplicationError `token_revoked`.
   */
  async recordProof(
    method: AuthMethod,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<Omit<PresentedSession, 'needsSecondFactor'>> {
    const token = await this.presentedToken(actor, tx);
    // `pwd` stays, because the login needed the password. An earlier second factor was not used again.
    const isKept = method !== 'pwd' && readAuthMethods(token.authMethods ?? '').includes('pwd');
    const session = {
      authTime: this.clock.now(),
      authMethods: [...(isKept ? ['pwd' as const] : []), method],
    };
    const proof = { authTime: session.authTime, authMethods: session.authMethods.join(',') };
    if (!(await this.tokens.setProof(token.id, proof, tx))) {
      throw new ApplicationError('token_revoked');
    }
    return session;
  }

  /** Makes the proofs of the caller's other sessions stale, after the first second factor. */
  async expireOtherProofs({ id, token }: Principal, tx: WriteTransaction): Promise<void> {
    await this.tokens.expireProofs(id, token?.id ?? '', tx);
  }

  /** Returns the presented session with its secret. @throws ApplicationError `token_revoked`. */
  async resume(secret: string, actor: Principal): Promise<UserTokenDto> {
    const token = await this.presentedToken(actor);
    return toUserTokenWithSecretDto(token, token.user, this.clock.now(), secret);
  }

  /**
   * Returns the row of the presented token.
   *
   * @throws ApplicationError `token_revoked` if it was just deleted.
   */
  private async presentedToken(actor: Principal, tx?: WriteTransaction): Promise<OwnedToken> {
    const token = actor.token && (await this.tokens.findById(actor.token.id, tx));
    if (!token) {
      throw new ApplicationError('token_revoked');
    }
    return token;
  }
}

/** Returns the default note of a session. A user agent can contain characters that notes must not. */
function noteOf(agent: string | undefined): string | null {
  return agent?.slice(0, NOTE_MAX_LENGTH).replace(/[\p{Cc}\p{Cf}]/gu, ' ') ?? null;
}
