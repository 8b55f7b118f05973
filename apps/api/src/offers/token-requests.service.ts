import { Injectable } from '@nestjs/common';
import {
  type AuditAction,
  type CreateTokenDto,
  type CreateTokenRequestDto,
  type DecideTokenRequestDto,
  OPEN_TOKEN_REQUESTS_MAX,
  TOKEN_CLAIM_HOURS,
  type TokenRequestDto,
  type TokenRequestStatus,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { type AuditRecord, AuditService } from '../audit/trail/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { Clock, toRfc3339, type EpochMilliseconds } from '../common/clock.js';
import { type Principal } from '../common/request/principal.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.js';
import { ActorReader } from '../permissions/actor-reader.js';
import { scopeMembers } from '../permissions/scope.js';
import { ApiTokensService } from '../tokens/issue/api-tokens.service.js';
import { DelegatedTokensService } from '../tokens/issue/delegated-tokens.service.js';
import { isLive } from '../tokens/model/token-state.js';
import { TokensRepository } from '../tokens/model/tokens.repository.js';
import { UsersService } from '../users/users.service.js';
import { toTokenRequestDto } from './token-request-list.service.js';
import { type TokenRequest } from './token-request.entity.js';
import {
  PENDING_MILLISECONDS,
  statusOf,
  TokenRequestsRepository,
  UNDECIDED,
  type OwnedTokenRequest,
} from './token-requests.repository.js';
import { TokenTemplatesRepository } from './token-templates.repository.js';

const CLAIM_MILLISECONDS = TOKEN_CLAIM_HOURS * 3_600_000;

/** Errors that mean that the approver may no longer create the token. */
const LAPSED: ReadonlySet<string> = new Set([
  'above_your_permissions',
  'forbidden',
  'token_revoked',
  'unauthenticated',
  'user_disabled',
]);

/**
 * Token requests: a user requests a token from a template, another user approves the request, and only the requester gets the secret.
 * The token has only permissions that the approver can grant, both at the approval and at the claim.
 */
@Injectable()
export class TokenRequestsService {
  constructor(
    private readonly repository: TokenRequestsRepository,
    private readonly templates: TokenTemplatesRepository,
    private readonly users: UsersService,
    private readonly tokens: TokensRepository,
    private readonly apiTokens: ApiTokensService,
    private readonly delegatedTokens: DelegatedTokensService,
    private readonly actors: ActorReader,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Requests a token for the actor. The request copies the template.
   *
   * @throws ApplicationError `forbidden`, `not_found`, `above_your_permissions` or `conflict`.
   */
  create(dto: CreateTokenRequestDto, actor: Principal): Promise<TokenRequestDto> {
    const now = this.clock.now();
    return this.writes.transaction(async (tx) => {
      // Revocations of all tokens of the user wait for this lock, or have happened before the session is checked.
      await this.users.lock(actor.id, tx);
      const present = await this.checkSession(actor, tx);
      const template = await this.templates.getByName(dto.template, tx);
      checkHeld(scopeMembers(template.scope), present);
      if ((await this.repository.countOpen(actor.id, now, tx)) >= OPEN_TOKEN_REQUESTS_MAX) {
        throw new ApplicationError('conflict', {
          detail: `You have ${OPEN_TOKEN_REQUESTS_MAX} open token requests, the maximum. First withdraw one, or claim an approved token.`,
        });
      }
      const request = {
        id: uuid(),
        userId: actor.id,
        template: template.name,
        scope: template.scope,
        expiresIn: template.expiresIn,
        note: dto.note ?? template.note,
        reason: dto.reason ?? null,
        status: 'pending' as const,
        creationTime: now,
        endTime: now + PENDING_MILLISECONDS,
        ...UNDECIDED,
        tokenId: null,
      };
      await this.repository.insert(request, tx);
      const owned = { ...request, user: { name: actor.name } };
      await this.record('token_request_created', owned, actor, { after: auditedRequest(owned) }, tx);
      return toTokenRequestDto(owned, now);
    }, 'none');
  }

  /** Deletes an open request of the actor. @throws ApplicationError `forbidden`, `not_found` or `conflict`. */
  async withdraw(id: string, actor: Principal): Promise<void> {
    const now = this.clock.now();
    await this.writes.transaction(async (tx) => {
      await this.checkSession(actor, tx);
      const request = await this.getOwn(id, actor, tx);
      checkStatus(request, ['pending', 'approved'], now);
      if (!(await this.repository.delete(request, tx))) {
        throw changedMeanwhile();
      }
      await this.record('token_request_withdrawn', request, actor, { before: auditedRequest(request) }, tx);
    }, 'none');
  }

  /**
   * Approves a pending request. The actor must be able to create such a token for the requester.
   *
   * @throws ApplicationError `not_found`, `forbidden`, `conflict`, `token_limit` or `above_your_permissions`.
   */
  approve(id: string, { reason }: DecideTokenRequestDto, actor: Principal): Promise<TokenRequestDto> {
    const now = this.clock.now();
    return this.writes.transaction(async (tx) => {
      const request = await this.getUndecided(id, actor, ['pending'], now, tx);
      await describingErrors(this.apiTokens.plan(request.userId, tokenOf(request), actor, now, tx));
      const decision = { status: 'approved', endTime: now + CLAIM_MILLISECONDS } as const;
      return this.decide('token_request_approved', request, decision, reason, actor, tx);
    }, 'none');
  }

  /**
   * Rejects a pending request, or an approved one whose token was not claimed.
   *
   * @throws ApplicationError `not_found`, `forbidden` or `conflict`.
   */
  reject(id: string, { reason }: DecideTokenRequestDto, actor: Principal): Promise<TokenRequestDto> {
    const now = this.clock.now();
    return this.writes.transaction(async (tx) => {
      await this.actors.lockAndRefresh(actor, tx);
      const request = await this.getUndecided(id, actor, ['pending', 'approved'], now, tx);
      const decision = { status: 'rejected', endTime: now } as const;
      return this.decide('token_request_rejected', request, decision, reason, actor, tx);
    }, 'none');
  }

  /**
   * Creates the token of an approved request, once. If the approver can no longer create it, the request is pending again.
   *
   * @throws ApplicationError `forbidden`, `not_found`, `conflict` or `token_limit`.
   */
  async claim(id: string, actor: Principal): Promise<UserTokenDto> {
    const now = this.clock.now();
    const token = await this.writes.transaction(async (tx) => {
      await this.checkSession(actor, tx);
      const request = await this.getOwn(id, actor, tx);
      checkStatus(request, ['approved'], now);
      const issuer = {
        userId: request.deciderId,
        name: request.deciderName ?? '',
        tokenId: request.deciderTokenId,
      };
      try {
        const created = this.delegatedTokens.create(
          {
            userId: actor.id,
            dto: tokenOf(request),
            issuer,
            origin: actor.origin,
            beforeStore: async (tokenId) => {
              // Again: the row of the user is locked now, so the session can no longer be revoked with all tokens of the user.
              await this.checkSession(actor, tx);
              const change = { status: 'claimed', endTime: now, tokenId } as const;
              if (!(await this.repository.change(request, change, tx))) {
                throw changedMeanwhile();
              }
            },
          },
          { action: 'authn_token_created', actor, about: [{ id, name: id }], after: { requestId: id } },
          tx,
        );
        return await describingErrors(created);
      } catch (error) {
        if (!(error instanceof ApplicationError && LAPSED.has(error.code))) {
          throw error;
        }
        // Nothing has been written yet.
        await this.reopen(request, error, now, actor, tx);
        return undefined;
      }
    }, 'none');
    if (!token) {
      throw new ApplicationError('conflict', {
        detail:
          'The approver can no longer create this token, so the request is pending again. Ask another administrator to approve it.',
      });
    }
    return token;
  }

  /**
   * Checks that the actor presents a session without limits, and returns the refreshed actor. Otherwise a limited token, or one
   * that expires soon, could get a token with more.
   *
   * @throws ApplicationError `forbidden`.
   */
  private async checkSession(actor: Principal, tx: WriteTransaction): Promise<Principal> {
    const present = await this.actors.refresh(actor, tx);
    const token = present.token && (await this.tokens.findById(present.token.id, tx));
    if (token && !isLive(token, token.user, this.clock.now())) {
      throw new ApplicationError('token_revoked');
    }
    if (token?.kind !== 'session' || token.scope !== null) {
      throw new ApplicationError('forbidden', {
        detail:
          'This requires a session without limits. Sign in, instead of using an API token or a limited session.',
      });
    }
    return present;
  }

  /** @throws ApplicationError `not_found`, for the requests of others as for unknown ones. */
  private async getOwn(id: string, actor: Principal, tx: WriteTransaction): Promise<OwnedTokenRequest> {
    const request = await this.repository.findById(id, tx);
    if (request?.userId !== actor.id) {
      throw noSuchRequest();
    }
    return request;
  }

  /** Returns a request of another user in one of these states. @throws ApplicationError `not_found`, `forbidden` or `conflict`. */
  private async getUndecided(
    id: string,
    actor: Principal,
    accepted: readonly TokenRequestStatus[],
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<OwnedTokenRequest> {
    const request = await this.repository.findById(id, tx);
    if (!request) {
      throw noSuchRequest();
    }
    if (request.userId === actor.id) {
      throw new ApplicationError('forbidden', {
        detail:
          'You cannot decide on your own request. Ask another administrator, or withdraw the request and create the token yourself.',
      });
    }
    checkStatus(request, accepted, now);
    return request;
  }

  /** Stores a decision, unless the request was changed in the meantime. */
  private async decide(
    action: AuditAction,
    request: OwnedTokenRequest,
    decision: Pick<TokenRequest, 'status' | 'endTime'>,
    reason: string | undefined,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<TokenRequestDto> {
    const change = {
      ...decision,
      deciderId: actor.scheme === 'command-line' ? null : actor.id,
      deciderName: actor.name,
      deciderTokenId: actor.token?.id ?? null,
      decisionReason: reason ?? null,
    };
    if (!(await this.repository.change(request, change, tx))) {
      throw changedMeanwhile();
    }
    const after = { ...auditedRequest(request), decisionReason: change.decisionReason };
    await this.record(action, request, actor, { after }, tx);
    return toTokenRequestDto({ ...request, ...change }, this.clock.now());
  }

  /** Makes a request pending again whose approver can no longer create the token. */
  private async reopen(
    request: OwnedTokenRequest,
    { code }: ApplicationError,
    now: EpochMilliseconds,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    const change = { status: 'pending', endTime: now + PENDING_MILLISECONDS, ...UNDECIDED } as const;
    if (!(await this.repository.change(request, change, tx))) {
      throw changedMeanwhile();
    }
    const before = { approvedBy: request.deciderName };
    await this.record('token_request_reopened', request, actor, { before, after: { reason: code } }, tx);
  }

  private record(
    action: AuditAction,
    { id, userId, user: { name } }: OwnedTokenRequest,
    actor: Principal,
    change: Pick<AuditRecord, 'before' | 'after'>,
    tx: WriteTransaction,
  ): Promise<void> {
    const subject = { kind: 'token_request', id, name } as const;
    const about = [{ id: userId, name }];
    return this.audit.record({ action, actor, origin: actor.origin, subject, about, ...change }, tx);
  }
}

/** Returns the request body that would create the requested token. */
function tokenOf({ scope, expiresIn, note }: OwnedTokenRequest): CreateTokenDto {
  return { ...scopeMembers(scope), expiresIn, ...(note !== null && { note }) };
}

/** Returns the members of a request that the audit trail records. */
function auditedRequest({ template, scope, expiresIn, note, reason, endTime }: OwnedTokenRequest) {
  return { template, ...scopeMembers(scope), expiresIn, note, reason, endTime: toRfc3339(endTime) };
}

/** Checks that the requester holds what a template names. @throws ApplicationError `above_your_permissions`. */
function checkHeld(
  { permissions = [], roles = [] }: Pick<CreateTokenDto, 'permissions' | 'roles'>,
  held: Principal,
): void {
  const missing = [
    ...permissions.filter((name) => !held.permissions.has(name)),
    ...roles.filter((name) => !held.roles.includes(name)).map((name) => `the role ${name}`),
  ];
  if (missing.length > 0) {
    throw new ApplicationError('above_your_permissions', {
      detail: `The template names ${missing.join(', ')}, which you do not hold. A token cannot have more than its user. Choose another template, or ask an administrator for the missing roles.`,
    });
  }
}

/** @throws ApplicationError `conflict` if a request has another status. */
function checkStatus(
  request: OwnedTokenRequest,
  accepted: readonly TokenRequestStatus[],
  now: EpochMilliseconds,
): void {
  const status = statusOf(request, now);
  if (!accepted.includes(status)) {
    throw new ApplicationError('conflict', { detail: STATUS_DETAILS[status] });
  }
}

const STATUS_DETAILS: Readonly<Record<TokenRequestStatus, string>> = {
  pending: 'The request is still pending. Wait until an administrator approves it.',
  approved: 'The request is already approved.',
  rejected: 'The request was rejected. Request the token again if you still need it.',
  claimed:
    'The token of this request has already been created, and its secret cannot be shown again. Request another token if the secret is lost.',
  expired: 'The request has expired. Request the token again.',
};

/** Turns errors about members of a body, which a request does not have, into a sentence about the template. */
async function describingErrors<T>(creation: Promise<T>): Promise<T> {
  try {
    return await creation;
  } catch (error) {
    if (!(error instanceof ApplicationError && error.code === 'validation_failed')) {
      throw error;
    }
    const reasons = (error.options.errors ?? []).map(({ message }) => message);
    throw new ApplicationError('conflict', {
      detail: `The token cannot be created: ${reasons.join('; ')}. Change the roles of the user, or request another token.`,
    });
  }
}

function noSuchRequest(): ApplicationError {
  return new ApplicationError('not_found', {
    detail:
      'There is no token request with this id, or you may not see it. GET /me/token-requests lists your own, and GET /token-requests those of all users.',
  });
}

function changedMeanwhile(): ApplicationError {
  return new ApplicationError('conflict', {
    detail: 'The request was decided, claimed or withdrawn in the meantime. Fetch it again.',
  });
}
