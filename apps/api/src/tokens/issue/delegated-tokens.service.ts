import { Injectable } from '@nestjs/common';
import { COMMAND_LINE_ACTOR_ID, type CreateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { ADMINISTRATOR_ROLE } from '../../permissions/grants.service.js';
import { PermissionRegistry } from '../../permissions/permission-registry.service.js';
import { type User } from '../../users/model/user.entity.js';
import { type Token } from '../model/token.entity.js';
import { isLive, isUnrevokedSession } from '../model/token-state.js';
import { ApiTokensService, type TokenCreation } from './api-tokens.service.js';

/** Issuer of a token that is created later, by another client's request. */
interface StoredIssuer {
  /** `null` for the command line. */
  readonly userId: string | null;
  /** Name for the audit trail. */
  readonly name: string;
  /** Token that the issuer used; `null` for the command line. */
  readonly tokenId: string | null;
}

/** A token to create on behalf of an issuer. */
interface DelegatedToken {
  /** User of the token. */
  readonly userId: string;
  readonly dto: CreateTokenDto;
  readonly issuer: StoredIssuer;
  /** Request that gets the secret. */
  readonly origin: RequestOrigin;
  /**
   * Runs after all checks, and before the token and its audit entry are stored: rows that the caller changes
   * must be locked before the end of the audit trail.
   */
  readonly beforeStore?: (tokenId: string) => Promise<void>;
}

/**
 * Creates API tokens on behalf of an issuer who decided earlier, in a request of the user who gets the
 * secret.
 */
@Injectable()
export class DelegatedTokensService {
  constructor(
    private readonly apiTokens: ApiTokensService,
    private readonly permissions: PermissionRegistry,
  ) {}

  /**
   * Creates a token within the permissions that its issuer has now. It is the child of the token that the
   * issuer used, and has the same limits as one that the issuer creates directly.
   *
   * @param record audit entry. By default its actor is the issuer.
   * @throws ApplicationError `token_limit` if the user has too many tokens, or another error if the issuer
   *   can no longer create this token.
   */
  async create(
    { userId, dto, issuer, origin, beforeStore }: DelegatedToken,
    record: TokenCreation,
    tx: WriteTransaction,
  ): Promise<UserTokenDto> {
    const actor = this.principalOf(issuer, origin);
    const plan = await this.apiTokens.plan(userId, dto, actor, tx, { canIssue: canStillIssue });
    if (!plan.owner.enabled) {
      throw new ApplicationError('user_disabled');
    }
    await beforeStore?.(plan.token.id);
    const { about = [], after } = record;
    const issuers = issuer.userId === null ? [] : [{ id: issuer.userId, name: issuer.name }];
    return this.apiTokens.insert(
      plan,
      { actor, origin, ...record, about: [...issuers, ...about], after: { issuedBy: issuer.name, ...after } },
      tx,
    );
  }

  /**
   * Returns the issuer as the actor of a request. The transaction reads its grants and the scope of its
   * token.
   */
  private principalOf({ userId, name, tokenId }: StoredIssuer, origin: RequestOrigin): Principal {
    if (userId === null) {
      const permissions = new Set(this.permissions.names());
      return {
        id: COMMAND_LINE_ACTOR_ID,
        name,
        scheme: 'command-line',
        roles: [ADMINISTRATOR_ROLE],
        permissions,
        origin,
      };
    }
    return {
      id: userId,
      name,
      scheme: 'token',
      roles: [],
      permissions: new Set(),
      requiredPermissions: ['tokens:write'],
      token: { id: tokenId ?? '', expirationTime: null, expiryHeader: null, isSuperseded: false, scope: '' },
      origin,
    };
  }
}

/**
 * Whether a token can still issue what its user decided with it. An API token must be usable, and a session
 * not revoked.
 */
function canStillIssue(
  token: Token,
  owner: Pick<User, 'tokensRevokedBefore'>,
  now: EpochMilliseconds,
): boolean {
  if (!token.enabled) {
    return false;
  }
  if (token.kind !== 'session') {
    return isLive(token, owner, now) && (token.notBefore ?? 0) <= now;
  }
  return isUnrevokedSession(token, owner);
}
