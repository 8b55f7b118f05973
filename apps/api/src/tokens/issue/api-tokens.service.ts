import { Injectable } from '@nestjs/common';
import { type AuditAction, type CreateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { AuditService, type AuditRecord } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { type User } from '../../users/model/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { tokenSubject } from '../model/token-audit.js';
import { isLive } from '../model/token-state.js';
import { newToken, type Token } from '../model/token.entity.js';
import { type Ancestor } from '../model/token-lineage.repository.js';
import { TokenLifetimePolicy, type RequestedExpiry } from '../model/token-lifetime-policy.service.js';
import { USE_LIMITS, useLimitsOfNewToken } from '../access/use-limit-rules.js';
import { TokenPermissions } from '../access/token-permissions.service.js';
import { toUserTokenDto, toUserTokenWithSecretDto } from '../model/token.mapper.js';
import { type OwnedToken } from '../model/tokens.repository.js';
import { type CanIssue, NewTokens } from './new-tokens.service.js';

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
  readonly canIssue?: CanIssue;
  /** Expiry in the request, by default parsed now. */
  readonly expiry?: ReturnType<TokenLifetimePolicy['parse']>;
}

/** Audit entry of a new token. */
export type TokenCreation = Pick<AuditRecord, 'actor' | 'origin' | 'about' | 'after'> & {
  readonly action: Extract<AuditAction, 'authn_token_created' | 'authn_token_claimed'>;
};

/** Creates API tokens for the actor, or for users who hold no permissions or roles beyond the actor's own. */
@Injectable()
export class ApiTokensService {
  constructor(
    private readonly newTokens: NewTokens,
    private readonly users: UsersService,
    private readonly permissions: TokenPermissions,
    private readonly lifetimes: TokenLifetimePolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Creates a token. The presented token is stored as its parent and limits its permissions. A parent API
   * token also limits its expiry. Rejects what it can before the transaction, because SQLite has only one
   * writer.
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
    const expiry = this.lifetimes.parse(dto);
    await this.permissions.checkForToken(dto, actor);
    const { id: userId } = await this.users.getByName(userName);

    return this.writes.transaction(async (tx) => {
      const plan = await this.plan(userId, dto, actor, tx, { condition, expiry });
      return this.insert(plan, { action: 'authn_token_created', actor, origin: actor.origin }, tx);
    }, 'none');
  }

  /**
   * Checks that the actor may create a token. Returns it with its secret, but does not store it.
   *
   * @throws ApplicationError those of {@link create}.
   */
  async plan(
    userId: string,
    dto: CreateTokenDto,
    actor: Principal,
    tx: WriteTransaction,
    { condition, canIssue = isLive, expiry = this.lifetimes.parse(dto) }: PlanOptions = {},
  ): Promise<PlannedToken> {
    const { requested, now } = expiry;
    await this.permissions.lockNamed(dto, tx);
    const creator = await this.permissions.checkMayIssueFor(userId, actor, tx);
    await this.permissions.checkForToken(dto, creator, tx);
    const owner = await this.newTokens.lockOwner(userId, now, tx);
    checkVersion(condition, owner.version);
    const parent = await this.newTokens.lockParent(creator, now, canIssue, tx);
    const ancestors = await this.newTokens.ancestorsOfChild(parent, tx);
    const { warnings, ...columns } =
      dto.kind === 'canary'
        ? { expirationTime: null, warnings: [] }
        : await this.columnsOf(dto, requested, now, parent, userId, creator, tx);
    const secret = this.newTokens.createSecret();
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

  /** Stores a planned token with its audit entry and returns it with its secret. */
  async insert(
    { token, owner, ancestors, secret, warnings }: PlannedToken,
    record: TokenCreation,
    tx: WriteTransaction,
  ): Promise<UserTokenDto> {
    await this.newTokens.insert(token, ancestors, tx);
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
    const hasUseLimits = parent?.useLimits || USE_LIMITS.some((member) => dto[member] !== undefined);
    return {
      ...lifetime,
      ...(await this.permissions.scopeOfNewToken(userId, dto, creator, tx)),
      ...(hasUseLimits && useLimitsOfNewToken(dto, lifetime.expirationTime, parent)),
    };
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
