import { Injectable } from '@nestjs/common';
import {
  type ClaimDetailsDto,
  type CreateTokenDto,
  type ErrorCode,
  type OfferDto,
  type RequestTokenDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { type RequestOrigin } from '../common/request/request-origin.js';
import { scopeMembers } from '../permissions/scope.js';
import { digestOf } from '../platform/crypto/secrets.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { TokenAccess } from '../tokens/access/token-access.service.js';
import { DelegatedTokensService } from '../tokens/issue/delegated-tokens.service.js';
import { UsersService } from '../users/users.service.js';
import { describingErrors, noSuchOffer } from './offer-state.js';
import { OfferStates } from './offer-states.service.js';
import { type OwnedOffer } from './offer.entity.js';
import { tokenOf } from './offer.mapper.js';
import { TokenTemplatesRepository } from './token-templates.repository.js';

/** Errors of {@link DelegatedTokensService} that mean that the approver may no longer create the token. */
const LAPSED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'above_your_permissions',
  'forbidden',
  'not_found',
  'token_revoked',
  'unauthenticated',
  'user_disabled',
  'validation_failed',
]);

/**
 * Requests and claims of recipients. The token has only permissions that the approver can grant at the time
 * of the claim.
 */
@Injectable()
export class MyOffersService {
  constructor(
    private readonly states: OfferStates,
    private readonly templates: TokenTemplatesRepository,
    private readonly users: UsersService,
    private readonly delegatedTokens: DelegatedTokensService,
    private readonly access: TokenAccess,
    private readonly writes: Writes,
  ) {}

  /**
   * Requests a token for the actor. The request copies the template.
   *
   * @throws ApplicationError `forbidden`, `not_found`, `above_your_permissions` or `offer_limit`.
   */
  request(dto: RequestTokenDto, actor: Principal): Promise<OfferDto> {
    return this.writes.transaction(async (tx) => {
      // Revocations of all tokens of the user wait for this lock, or have happened before the session is
      // checked.
      await this.users.lock(actor.id, tx);
      const refreshed = await this.access.checkUnlimitedSession(actor, tx);
      const template = await this.templates.getByName(dto.template, tx);
      const scope = scopeMembers(template.scope);
      checkHeld(scope, refreshed);
      const offer = {
        userId: actor.id,
        user: { name: actor.name },
        template: template.name,
        note: dto.note ?? template.note,
        token: { ...scope, expiresIn: template.expiresIn },
        reason: dto.reason ?? null,
      };
      return this.states.create(offer, actor, tx);
    }, 'none');
  }

  /**
   * Revokes an open offer for the actor.
   *
   * @throws ApplicationError `forbidden`, `not_found`, `conflict` or `offer_claimed`.
   */
  async withdraw(id: string, actor: Principal): Promise<void> {
    await this.writes.transaction(async (tx) => {
      await this.access.checkUnlimitedSession(actor, tx);
      await this.states.decide('revoke', await this.getOwn(id, actor, tx), actor, tx);
    }, 'none');
  }

  /**
   * Creates the token of an offer for the actor, once. If the approver of a request can no longer create it,
   * the request waits for another approval.
   *
   * @throws ApplicationError `forbidden`, `not_found`, `conflict`, `token_limit` or `offer_…`.
   */
  async claim(id: string, actor: Principal): Promise<UserTokenDto> {
    const result = await this.writes.transaction(async (tx) => {
      await this.access.checkUnlimitedSession(actor, tx);
      const offer = await this.getOwn(id, actor, tx);
      this.states.check('claim', offer);
      try {
        return await describingErrors(this.createToken(offer, actor.origin, tx, actor));
      } catch (error) {
        if (!isLapse(error)) {
          throw error;
        }
        // Nothing has been written yet. The sender of a link may create its token again later.
        if (offer.digest === null) {
          await this.states.reopen(offer, error, actor, tx);
        }
        return lapsed(offer);
      }
    }, 'none');
    if (result instanceof ApplicationError) {
      throw result;
    }
    return result;
  }

  /**
   * Returns the state of an offer with a link, and the token that a claim creates.
   *
   * @throws ApplicationError `not_found`.
   */
  async describe(secret: string): Promise<ClaimDetailsDto> {
    return this.states.describe(await this.getByLink(secret));
  }

  /**
   * Creates the token of an offer with a link, whose secret is the only credential.
   *
   * @throws ApplicationError `not_found`, `offer_expired`, `offer_claimed`, `offer_lapsed` or `token_limit`.
   */
  async claimByLink(secret: string, origin: RequestOrigin): Promise<UserTokenDto> {
    const offer = await this.getByLink(secret);
    this.states.check('claim', offer);
    try {
      return await this.writes.transaction((tx) => this.createToken(offer, origin, tx), 'none');
    } catch (error) {
      // A concurrent claim explains any other error, such as a limit that it has reached.
      this.states.check('claim', await this.getByLink(secret));
      throw isLapse(error) ? lapsed(offer, error) : error;
    }
  }

  /** @param actor the recipient; absent if the link is the only credential. */
  private createToken(
    offer: OwnedOffer,
    origin: RequestOrigin,
    tx: WriteTransaction,
    actor?: Principal,
  ): Promise<UserTokenDto> {
    const { id, userId, deciderId, deciderName, deciderTokenId } = offer;
    return this.delegatedTokens.create(
      {
        userId,
        dto: tokenOf(offer),
        issuer: { userId: deciderId, name: deciderName ?? '', tokenId: deciderTokenId },
        origin,
        beforeStore: async (tokenId) => {
          if (actor) {
            // Again: the row of the user is locked now, so the session can no longer be revoked with all
            // tokens of the user.
            await this.access.checkUnlimitedSession(actor, tx);
          }
          await this.states.claim(offer, tokenId, tx);
        },
      },
      { action: 'authn_token_claimed', actor, about: [{ id, name: id }], after: { offerId: id } },
      tx,
    );
  }

  /** @throws ApplicationError `not_found`, for the offers of others as for unknown ones. */
  private async getOwn(id: string, actor: Principal, tx: WriteTransaction): Promise<OwnedOffer> {
    const offer = await this.states.get({ id }, tx);
    if (offer.userId !== actor.id) {
      throw noSuchOffer();
    }
    return offer;
  }

  /** @throws ApplicationError `not_found`, for links that were revoked as for unknown ones. */
  private async getByLink(secret: string): Promise<OwnedOffer> {
    const offer = await this.states.get({ digest: digestOf(secret) });
    if (offer.state === 'rejected' || offer.state === 'revoked') {
      throw noSuchOffer();
    }
    return offer;
  }
}

function isLapse(error: unknown): error is ApplicationError {
  return error instanceof ApplicationError && LAPSED.has(error.code);
}

function lapsed({ deciderName, digest }: OwnedOffer, cause?: ApplicationError): ApplicationError {
  const remedy =
    digest === null
      ? 'The request waits for another approval. Ask another administrator to approve it.'
      : 'Ask the sender for a new link.';
  return new ApplicationError('offer_lapsed', {
    detail: `${deciderName} may no longer create this token. ${remedy}`,
    cause,
  });
}

/**
 * Checks that the requester holds what a template names.
 *
 * @throws ApplicationError `above_your_permissions`.
 */
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
