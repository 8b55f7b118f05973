import { Injectable } from '@nestjs/common';
import { type CreateOfferDto, type DecideOfferDto, type OfferDto } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { toRfc3339 } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { EscalationPolicy } from '../permissions/escalation-policy.service.js';
import { scopeMembers } from '../permissions/scope.js';
import { Config } from '../platform/config/config.js';
import { offerLetter } from '../platform/mail/letters.js';
import { createSetUpSecret, digestOf } from '../platform/crypto/secrets.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { scopeFrom } from '../tokens/access/token-permissions.service.js';
import { ApiTokensService, type PlannedToken } from '../tokens/issue/api-tokens.service.js';
import { useLimitMembers } from '../tokens/model/use-limits.js';
import { UserMail } from '../users/mail/user-mail.service.js';
import { UsersService } from '../users/users.service.js';
import { CLAIM_MILLISECONDS, describingErrors } from './offer-state.js';
import { OfferStates } from './offer-states.service.js';
import { type OwnedOffer } from './offer.entity.js';
import { tokenOf } from './offer.mapper.js';

/**
 * Offers of tokens to other users. An offer with a claim link is approved at its creation, an offer that its
 * recipient requested later. The secret of a link is in the fragment, which is never logged.
 */
@Injectable()
export class OffersService {
  constructor(
    private readonly states: OfferStates,
    private readonly users: UsersService,
    private readonly apiTokens: ApiTokensService,
    private readonly escalation: EscalationPolicy,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly mail: UserMail,
  ) {}

  /**
   * Creates an offer with a link, for a token that the actor may create now, and sends it if the request asks
   * for that. The claim checks the permissions again.
   *
   * @throws ApplicationError the errors of {@link ApiTokensService.create}, `offer_limit`, or
   *   `validation_failed` for a user without an address.
   */
  async create(
    userName: string,
    dto: CreateOfferDto,
    actor: Principal,
    condition?: VersionCondition,
  ): Promise<OfferDto> {
    const secret = createSetUpSecret();
    const user = await this.users.getByName(userName);
    const address = dto.send ? await this.mail.addressOf(user) : undefined;
    const offer = await this.createLink(user.id, secret, dto, actor, condition);
    const letter = {
      link: offer.link,
      expirationTime: Date.parse(offer.expirationTime),
      user: user.name,
      sender: actor.name,
      note: offer.note,
    };
    const { language = 'en' } = dto;
    return { ...offer, ...(address && (await this.mail.send(address, language, offerLetter, letter))) };
  }

  private createLink(
    userId: string,
    secret: string,
    dto: CreateOfferDto,
    actor: Principal,
    condition: VersionCondition | undefined,
  ): Promise<OfferDto & { link: string }> {
    return this.writes.transaction(async (tx) => {
      const plan = await this.apiTokens.plan(userId, dto, actor, tx, { condition });
      const created = await this.states.create(linkOffer(secret, dto, plan), actor, tx);
      return {
        ...created,
        link: `${this.config.publicUrl}/admin/claim#${secret}`,
        ...(plan.warnings.length > 0 && { warnings: [...plan.warnings] }),
      };
    }, 'none');
  }

  /**
   * Approves a request. The actor must be able to create such a token for the requester.
   *
   * @throws ApplicationError `not_found`, `forbidden`, `conflict`, `token_limit`, `above_your_permissions`
   *   or `offer_…`.
   */
  approve(id: string, { reason }: DecideOfferDto, actor: Principal): Promise<OfferDto> {
    return this.writes.transaction(async (tx) => {
      const offer = await this.getForOther(id, actor, tx);
      this.states.check('approve', offer);
      await describingErrors(this.apiTokens.plan(offer.userId, tokenOf(offer), actor, tx));
      return this.states.decide('approve', offer, actor, tx, reason);
    }, 'none');
  }

  /**
   * Rejects a request, or an approved offer whose token was not claimed.
   *
   * @throws ApplicationError `not_found`, `forbidden`, `conflict` or `offer_…`.
   */
  reject(id: string, { reason }: DecideOfferDto, actor: Principal): Promise<OfferDto> {
    return this.writes.transaction(async (tx) => {
      await this.escalation.lockAndRefresh(actor, tx);
      const offer = await this.getForOther(id, actor, tx);
      return this.states.decide('reject', offer, actor, tx, reason);
    }, 'none');
  }

  /**
   * Revokes an offer whose token was not claimed.
   *
   * @throws ApplicationError `not_found`, or `offer_claimed` with the token.
   */
  async revoke(id: string, actor: Principal): Promise<void> {
    await this.writes.transaction(async (tx) => {
      await this.escalation.lockAndRefresh(actor, tx);
      const offer = await this.states.get({ id }, tx);
      if (offer.state === 'claimed') {
        throw new ApplicationError('offer_claimed', {
          detail: `The token was created at ${toRfc3339(offer.claimTime ?? 0)}. Revoke it: ${offer.tokenId}.`,
        });
      }
      await this.states.decide('revoke', offer, actor, tx);
    }, 'none');
  }

  /** @throws ApplicationError `not_found` or `forbidden`. */
  private async getForOther(id: string, actor: Principal, tx: WriteTransaction): Promise<OwnedOffer> {
    const offer = await this.states.get({ id }, tx);
    if (offer.userId === actor.id) {
      throw new ApplicationError('forbidden', {
        detail:
          'You cannot decide on an offer for yourself. Ask another administrator, or withdraw the request and create the token yourself.',
      });
    }
    return offer;
  }
}

/** Returns the members of an offer with a link. */
function linkOffer(
  secret: string,
  { expirationTime, expiresIn, ...dto }: CreateOfferDto,
  { token, owner }: PlannedToken,
) {
  const { creationTime, expirationTime: expiry, note } = token;
  // The planned expiry is within the limits. A time that was not requested as such counts from the claim.
  const isAbsolute = typeof expirationTime === 'string' && expiresIn === undefined;
  const { usesLeft: _, ...limits } = useLimitMembers(token);
  return {
    userId: owner.id,
    user: owner,
    digest: digestOf(secret),
    note,
    token: {
      ...scopeMembers(scopeFrom(dto)),
      ...limits,
      ...(expiry === null && { expirationTime: null }),
      ...(expiry !== null && isAbsolute && { expirationTime: toRfc3339(expiry) }),
      ...(expiry !== null && !isAbsolute && { expiresIn: Math.ceil((expiry - creationTime) / 1_000) }),
    },
    creationTime,
    // An offer whose token would have expired is of no use.
    expirationTime: Math.min(
      creationTime + CLAIM_MILLISECONDS,
      isAbsolute && expiry !== null ? expiry : Infinity,
    ),
  };
}
