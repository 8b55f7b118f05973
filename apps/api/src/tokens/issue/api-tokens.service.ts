import { Injectable } from '@nestjs/common';
import { type AuditAction, type CreateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { AuditService, type AuditRecord } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Config } from '../../platform/config/config.js';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { tokenSubject } from '../model/token-audit.js';
import { isLive } from '../model/token-state.js';
import { newToken, type Token } from '../model/token.entity.js';
import { TokenLineageRepository, type Ancestor } from '../model/token-lineage.repository.js';
import {
  parseRequestedExpiry,
  TokenLifetimePolicy,
  type RequestedExpiry,
} from '../model/token-lifetime-policy.service.js';
import { UseLimitRules } from '../access/use-limit-rules.service.js';
import { TokenPermissions } from '../access/token-permissions.service.js';
import { toUserTokenDto, toUserTokenWithSecretDto } from '../model/token.mapper.js';
import { TokensRepository, type OwnedToken } from '../model/tokens.repository.js';

/** Longest chain of tokens, each created with the one before. A token stores one row for each of its ancestors. */
export const ANCESTORS_MAX = 20;

/** A token that the actor may create, and that is not stored yet. */
export interface PlannedToken {
  readonly token: Token;
  readonly owner: User;
  readonly ancestors: readonly Ancestor[];
  readonly secret: string;
  readonly warnings: readonly string[];
}

/** Options of {@link ApiTokensService.plan}. */
interface PlanOptions {
  /** Condition on the user of the token. */
  readonly condition?: VersionCondition | undefined;
  /** Whether the presented token can create others; by default if it is live. */
  readonly canIssue?: (token: Token, owner: User, now: EpochMilliseconds) => boolean;
}

/** Audit entry of a new token. */
export type TokenCreation = Pick<AuditRecord, 'actor' | 'origin' | 'about' | 'after'> & {
  readonly action: Extract<AuditAction, 'authn_token_created' | 'authn_token_claimed'>;
};

/** Creates API tokens for the actor, or for users who hold no permissions or roles beyond the actor's own. */
@Injectable()
export class ApiTokensService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly lineage: TokenLineageRepository,
    private readonly users: UsersService,
    private readonly permissions: TokenPermissions,
    private readonly useLimits: UseLimitRules,
    private readonly lifetimes: TokenLifetimePolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Creates a token. The presented token is stored as its parent and limits its permissions. A parent API token also limits its
   * expiry.
   *
   * @throws ApplicationError `validation_failed`, `above_your_permissions`, `not_found`, `token_limit`, or
   *   the error of the condition on the user.
   */
  async create(
    userName: string,
    dto: CreateTokenDto,
    actor: Principal,
    condition?: VersionCondition,
  ): Promise<UserTokenDto> {
    rejectLimitsOfCanary(dto);
    const now = this.clock.now();
    parseRequestedExpiry(dto, now);
    await this.permissions.checkForToken(dto, actor);
    const { id: userId } = await this.users.getByName(userName);

    return this.writes.transaction(async (tx) => {
      const plan = await this.plan(userId, dto, actor, now, tx, { condition });
      return this.insert(plan, { action: 'authn_token_created', actor, origin: actor.origin }, tx);
    }, 'none');
  }

  /**
   * Checks that the actor may create a token, and returns it with its secret, without storing it.
   *
   * @throws ApplicationError those of {@link create}.
   */
  async plan(
    userId: string,
    dto: CreateTokenDto,
    actor: Principal,
    now: EpochMilliseconds,
    tx: WriteTransaction,
    { condition, canIssue = isLive }: PlanOptions = {},
  ): Promise<PlannedToken> {
    const requested = parseRequestedExpiry(dto, now);
    await this.permissions.lockNamed(dto, tx);
    const creator = await this.permissions.checkMayIssueFor(userId, actor, tx);
    await this.permissions.checkForToken(dto, creator, tx);
    const owner = await this.lockOwner(userId, now, tx);
    checkVersion(condition, owner.version);
    const parent = await this.lockPresented(creator, now, canIssue, tx);
    const ancestors = parent ? await this.ancestorsBelow(parent, tx) : [];
    const { warnings, ...columns } =
      dto.kind === 'canary'
        ? { expirationTime: null, warnings: [] }
        : await this.columnsOf(dto, requested, now, parent, userId, creator, tx);
    const secret = createTokenSecret(this.config.tokenPrefix);
    const token = newToken({
      kind: dto.kind ?? 'api',
      secret,
      owner,
      creationTime: now,
      note: dto.note ?? null,
      parentTokenId: parent?.id ?? null,
      ...columns,
    });
    return { token, owner, ancestors, secret, warnings };
  }

  /** Stores a planned token with its audit entry, and returns it with its secret. */
  async insert(
    { token, owner, ancestors, secret, warnings }: PlannedToken,
    record: TokenCreation,
    tx: WriteTransaction,
  ): Promise<UserTokenDto> {
    await this.tokens.insert(token, tx);
    await this.lineage.insert(token, ancestors, tx);
    await this.record(token, owner, record, tx);
    return {
      ...toUserTokenWithSecretDto(token, owner, token.creationTime, secret),
      ...(warnings.length > 0 && { warnings: [...warnings] }),
    };
  }

  /** Returns the lifetime, the scope and the use limits of a new API token. */
  private async columnsOf(
    dto: CreateTokenDto,
    requested: RequestedExpiry,
    now: EpochMilliseconds,
    parent: OwnedToken | null,
    userId: string,
    creator: Principal,
    tx: WriteTransaction,
  ) {
    const lifetime = this.lifetimes.forNewApiToken(requested, now, parent);
    return {
      ...lifetime,
      ...(await this.permissions.scopeOfNewToken(userId, dto, creator, tx)),
      ...this.useLimits.ofNewToken(dto, lifetime.expirationTime, parent),
    };
  }

  /**
   * Returns the user and locks the row, so that concurrent requests cannot exceed the maximum number of tokens.
   *
   * @throws ApplicationError `not_found` or `token_limit`.
   */
  async lockOwner(userId: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<User> {
    const { perUser } = this.config.apiTokens;
    const owner = await this.users.lock(userId, tx);
    if (!owner) {
      throw new ApplicationError('not_found', { detail: 'The user has just been deleted.' });
    }
    if ((await this.tokens.countLiveApiOf(userId, now, tx)) >= perUser) {
      throw new ApplicationError('token_limit', {
        detail: `${owner.name} has ${perUser} API tokens, the maximum. Revoke one first.`,
      });
    }
    return owner;
  }

  /**
   * Returns the presented token and locks its row, so that a concurrent revocation with descendants finds the new token.
   *
   * @throws ApplicationError `token_revoked` if it can no longer create tokens, or `conflict` if its scope was just changed.
   */
  private async lockPresented(
    { token }: Principal,
    now: EpochMilliseconds,
    canIssue: NonNullable<PlanOptions['canIssue']>,
    tx: WriteTransaction,
  ): Promise<OwnedToken | null> {
    if (!token) {
      return null;
    }
    const presented = await this.tokens.lock(token.id, tx);
    if (!presented || !canIssue(presented, presented.user, now)) {
      throw new ApplicationError('token_revoked');
    }
    if (presented.scope !== token.scope) {
      throw new ApplicationError('conflict', {
        detail: 'The scope of the token you use has just changed. Send the request again.',
      });
    }
    return presented;
  }

  /** Returns the ancestors of a token that is created with another. @throws ApplicationError `token_limit`. */
  private async ancestorsBelow(parent: OwnedToken, tx: WriteTransaction): Promise<Ancestor[]> {
    const ancestors = await this.lineage.ancestorsBelow(parent, tx);
    if (ancestors.length > ANCESTORS_MAX) {
      throw new ApplicationError('token_limit', {
        detail: `The token you use is the last in a chain of ${ANCESTORS_MAX} tokens, each created with the one before. Sign in to create more.`,
      });
    }
    return ancestors;
  }

  private record(
    token: Token,
    owner: User,
    { about = [], after, ...record }: TokenCreation,
    tx: WriteTransaction,
  ): Promise<void> {
    const { tokenPreview, note, expirationTime, permissions, roles, createdByTokenId, ...shown } =
      toUserTokenDto(token, owner, token.creationTime);
    const { allowedAddresses, notBefore, maxUses, rateLimit, metadata } = shown;
    const { subject, about: owners } = tokenSubject({ ...token, user: owner });
    return this.audit.record(
      {
        ...record,
        subject,
        about: [...owners, ...about],
        after: {
          ...(token.kind === 'canary' && { kind: token.kind }),
          tokenPreview,
          note,
          expirationTime,
          permissions,
          roles,
          allowedAddresses,
          notBefore,
          maxUses,
          rateLimit,
          metadata,
          createdByTokenId,
          ...after,
        },
      },
      tx,
    );
  }
}

/** @throws ApplicationError `validation_failed` for a canary with a member that limits its use. */
function rejectLimitsOfCanary({ kind, note: _, ...limits }: CreateTokenDto): void {
  const named = kind === 'canary' ? Object.entries(limits).filter(([, value]) => value !== undefined) : [];
  if (named.length > 0) {
    throw new ApplicationError('validation_failed', {
      errors: named.map(([name]) => ({
        pointer: `/${name}`,
        code: 'canary',
        message: `a canary works nowhere, so it cannot have ${name}`,
      })),
    });
  }
}
