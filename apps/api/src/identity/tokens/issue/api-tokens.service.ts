import { Injectable } from '@nestjs/common';
import { type CreateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { AuditService } from '../../../audit/trail/audit.service.js';
import { ApplicationError } from '../../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../../common/clock.js';
import { type Principal } from '../../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../../common/request/version-condition.js';
import { Config } from '../../../platform/config/config.js';
import { createTokenSecret } from '../../../platform/crypto/secrets.js';
import { Writes, type WriteTransaction } from '../../../platform/database/writes.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersRepository } from '../../users/model/users.repository.js';
import { tokenSubject } from '../model/token-audit.js';
import { isLive } from '../model/token-state.js';
import { newToken } from './new-token.js';
import { type Token } from '../model/token.entity.js';
import { TokenLineageRepository, type Ancestor } from '../model/token-lineage.repository.js';
import { TokenLifetimePolicy } from '../model/token-lifetime-policy.js';
import { TokenPermissions } from '../access/token-permissions.js';
import { toUserTokenDto, toUserTokenWithSecretDto } from '../model/token.mapper.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';
import { parseRequestedExpiry } from '../model/requested-expiry.js';

/** Longest chain of tokens, each created with the one before: each new token takes a row for each of them. */
export const ANCESTORS_MAX = 20;

/** Makes API tokens: for oneself, or for somebody who holds no more than oneself. */
@Injectable()
export class ApiTokensService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly users: UsersRepository,
    private readonly permissions: TokenPermissions,
    private readonly lifetimes: TokenLifetimePolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a token. The one it is made with is remembered, and bounds what it may do, and how long if it is an API token.
   *
   * @throws ApplicationError `validation_failed`, `above_your_permissions`, `not_found`, `token_limit`, or as the condition on
   *   the user says.
   */
  async create(
    userName: string,
    dto: CreateTokenDto,
    actor: Principal,
    condition?: VersionCondition,
  ): Promise<UserTokenDto> {
    const now = this.clock.now();
    const requested = parseRequestedExpiry(dto.expirationTime, now);
    this.permissions.checkRequested(dto.permissions, actor);
    const { id: userId } = await this.users.getByName(userName);
    const secret = createTokenSecret();

    return this.writes.transaction(async (tx) => {
      const maker = await this.permissions.checkMayIssueFor(userId, actor, tx);
      this.permissions.checkRequested(dto.permissions, maker);
      const owner = await this.lockWithRoom(userId, now, tx);
      checkVersion(condition, owner.version);
      const parent = await this.holdPresented(actor, now, tx);
      const ancestors = parent ? await this.ancestorsBelow(parent, tx) : [];
      const { expirationTime, maxExpirationTime, warnings } = this.lifetimes.forNewApiToken(
        requested,
        now,
        parent,
      );
      const token = newToken({
        kind: 'api',
        secret,
        owner,
        creationTime: now,
        expirationTime,
        maxExpirationTime,
        note: dto.note ?? null,
        permissions: await this.permissions.limitOf(userId, dto.permissions, maker, tx),
        parentTokenId: parent?.id ?? null,
      });
      await this.tokens.insert(token, tx);
      await this.lineage.insert(token, ancestors, tx);
      await this.record(token, owner, actor, tx);
      return {
        ...toUserTokenWithSecretDto(token, owner, now, secret),
        ...(warnings.length > 0 && { warnings }),
      };
    }, 'none');
  }

  /**
   * A user who may have one more token, and whose number nobody else raises until the transaction ends.
   *
   * @throws ApplicationError `not_found` or `token_limit`.
   */
  private async lockWithRoom(userId: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<User> {
    const { perUser } = this.config.apiTokens;
    const owner = await this.users.lock(userId, tx);
    if (!owner) {
      throw new ApplicationError('not_found', { detail: 'The user has just been deleted.' });
    }
    if ((await this.tokens.countLiveApiOf(userId, now, tx)) >= perUser) {
      throw new ApplicationError('token_limit', {
        detail: `${owner.name} has ${perUser} API tokens, and no user has more; revoke one first.`,
      });
    }
    return owner;
  }

  /**
   * The token that the caller presented, which nobody else ends until the transaction does: what is made with it then
   * cannot be missed by who ends all that was made with it.
   *
   * @throws ApplicationError `token_revoked` if it has just been ended.
   */
  private async holdPresented(
    { token }: Principal,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<OwnedToken | null> {
    if (!token) {
      return null;
    }
    const presented = await this.tokens.lock(token.id, tx);
    if (!presented || !isLive(presented, presented.user, now)) {
      throw new ApplicationError('token_revoked');
    }
    return presented;
  }

  /** Returns the ancestors of a token that is created with another. @throws ApplicationError `token_limit`. */
  private async ancestorsBelow(parent: OwnedToken, tx: WriteTransaction): Promise<Ancestor[]> {
    const ancestors = await this.lineage.ancestorsBelow(parent, tx);
    if (ancestors.length > ANCESTORS_MAX) {
      throw new ApplicationError('token_limit', {
        detail: `The token you use is the last in a chain of ${ANCESTORS_MAX}, each created with the one before. Sign in to create more.`,
      });
    }
    return ancestors;
  }

  /** Records who made a token of whom. */
  private record(token: Token, owner: User, actor: Principal, tx: WriteTransaction): Promise<void> {
    const { note, expirationTime, permissions, createdByTokenId } = toUserTokenDto(
      token,
      owner,
      token.creationTime,
    );
    return this.audit.record(
      {
        action: 'authn_token_created',
        actor,
        ...tokenSubject({ ...token, user: owner }),
        origin: actor.origin,
        after: { note, expirationTime, permissions, createdByTokenId },
      },
      tx,
    );
  }
}
