import { Injectable } from '@nestjs/common';
import { NOTE_MAX_LENGTH, type LoginDto, type UserTokenDto } from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { AuditService } from '../audit/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { Clock, toRfc3339, type EpochMilliseconds } from '../common/clock.js';
import { type Principal } from '../common/principal.js';
import { Config } from '../config/config.js';
import { createTokenSecret, digestOf, previewOf } from '../crypto/secrets.js';
import { Writes } from '../database/writes.js';
import { UsersRepository } from '../users/users.repository.js';
import { Token } from './token.entity.js';
import { toUserTokenWithSecretDto } from './token.mapper.js';
import { TokensRepository, type OwnedToken } from './tokens.repository.js';

/** Sessions: begun by a log-in, prolonged by a bump. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly users: UsersRepository,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Begins a session, and sets the user's `lastLoginTime`. @throws ApplicationError `validation_failed`. */
  async begin(wish: LoginDto, actor: Principal): Promise<UserTokenDto> {
    const now = this.clock.now();
    const secret = createTokenSecret();
    const latest = now + this.config.sessionMaxSeconds * 1_000;
    const wished = wishedEnd(wish.expirationTime, now) ?? latest;

    const { token, tokensEndedBefore } = await this.writes.transaction(async (tx) => {
      const tokensEndedBefore = await this.users.touchLogin(actor.id, now, tx);
      if (tokensEndedBefore !== actor.tokensEndedBefore) {
        throw new ApplicationError('unauthenticated');
      }
      const issued = this.newSession(actor, secret, now, Math.min(wished, latest), tokensEndedBefore);
      issued.note = wish.note ?? actor.origin.agent?.slice(0, NOTE_MAX_LENGTH) ?? null;
      await this.tokens.insert(issued, tx);
      await this.audit.record(
        {
          action: 'authn_login_success',
          actor,
          subject: { kind: 'user', id: actor.id, name: actor.name },
          origin: actor.origin,
          after: { tokenId: issued.id },
        },
        tx,
      );
      return { token: issued, tokensEndedBefore };
    });
    const warnings =
      wished > latest ? [`expirationTime is beyond the maximum; the token ends at ${toRfc3339(latest)}`] : [];
    const owner = { name: actor.name, enabled: true, tokensEndedBefore };
    return {
      ...toUserTokenWithSecretDto(token, owner, now, secret),
      ...(warnings.length > 0 && { warnings }),
    };
  }

  /** Sets the user's `lastLoginTime` to now and prolongs the presented session. Durable when it returns. */
  async bump(actor: Principal): Promise<{ lastLoginTime: EpochMilliseconds; token: Token }> {
    const token = await this.presentedToken(actor);
    const now = this.clock.now();
    if (token.idleExpirationTime !== null) {
      token.idleExpirationTime = this.idleEnd(now, token.expirationTime);
    }
    await this.writes.transaction(async (tx) => {
      if (!(await this.tokens.prolong(token.id, token.idleExpirationTime, tx))) {
        throw new ApplicationError('token_revoked');
      }
      await this.users.touchLogin(actor.id, now, tx);
    });
    return { lastLoginTime: now, token };
  }

  /** The presented session, with its secret once more. @throws ApplicationError `token_revoked`. */
  async resume(secret: string, actor: Principal): Promise<UserTokenDto> {
    const token = await this.presentedToken(actor);
    return toUserTokenWithSecretDto(token, token.user, this.clock.now(), secret);
  }

  /** The row of the token a caller presented. @throws ApplicationError `token_revoked` if it has just gone. */
  private async presentedToken(actor: Principal): Promise<OwnedToken> {
    const token = actor.token && (await this.tokens.findById(actor.token.id));
    if (!token) {
      throw new ApplicationError('token_revoked');
    }
    return token;
  }

  private newSession(
    actor: Principal,
    secret: string,
    now: EpochMilliseconds,
    expirationTime: EpochMilliseconds,
    tokensEndedBefore: EpochMilliseconds,
  ): Token {
    return Object.assign(new Token(), {
      id: uuid(),
      userId: actor.id,
      kind: 'session' as const,
      note: null,
      preview: previewOf(secret),
      digest: digestOf(secret),
      permissions: null,
      parentTokenId: null,
      enabled: true,
      creationTime: now,
      stampTime: tokensEndedBefore + 1,
      expirationTime,
      idleExpirationTime: this.idleEnd(now, expirationTime),
      revocationTime: null,
      lastUsageTime: null,
      lastUsageAddress: null,
      lastUsageAgent: null,
      previousDigest: null,
      previousEndTime: null,
      previousUses: 0,
      previousLastUsageTime: null,
      previousLastUsageAddress: null,
      previousLastUsageAgent: null,
      version: 0,
    });
  }

  private idleEnd(now: EpochMilliseconds, expirationTime: EpochMilliseconds | null): EpochMilliseconds {
    return Math.min(now + this.config.sessionIdleSeconds * 1_000, expirationTime ?? Infinity);
  }
}

function wishedEnd(text: string | undefined, now: EpochMilliseconds): EpochMilliseconds | null {
  const end = text === undefined ? null : Date.parse(text);
  if (end !== null && !(end > now)) {
    throw new ApplicationError('validation_failed', {
      errors: [
        { pointer: '/expirationTime', code: 'in_the_past', message: 'expirationTime must be in the future' },
      ],
    });
  }
  return end;
}
