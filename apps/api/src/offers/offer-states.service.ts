import { Injectable } from '@nestjs/common';
import {
  CLAIM_LINKS_PER_ISSUER_MAX,
  CLAIM_LINKS_PER_USER_MAX,
  OPEN_REQUESTS_PER_USER_MAX,
  type AuditAction,
  type ClaimDetailsDto,
  type OfferDto,
  type OfferState,
} from '@latchkey/auth-models';
import { IsNull } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { AuditService } from '../audit/trail/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { TokenApprovals } from '../tokens/revoke/token-approvals.js';
import {
  changedMeanwhile,
  checkState,
  CLAIM_MILLISECONDS,
  noSuchOffer,
  OPEN,
  requestedAt,
} from './offer-state.js';
import { type Offer, type OfferedToken, type OwnedOffer } from './offer.entity.js';
import { auditedOffer, offerRecord, toClaimDetailsDto, toOfferDto } from './offer.mapper.js';
import { OffersRepository, ON_REQUEST, WITH_LINK } from './offers.repository.js';

/** Members of a new offer. With a link, it is approved. */
type NewOffer = Pick<OwnedOffer, 'userId' | 'user' | 'note'> &
  Partial<Pick<OwnedOffer, 'digest' | 'creationTime' | 'expirationTime' | 'template' | 'reason'>> & {
    token: OfferedToken;
  };

/** Changes of the state, and the states in which they are possible. */
const CHANGES = {
  approve: { from: ['requested'], state: 'offered', action: 'offer_approved' },
  claim: { from: ['offered'] },
  reject: { from: OPEN, state: 'rejected', action: 'offer_rejected' },
  revoke: { from: [...OPEN, 'expired'], state: 'revoked', action: 'offer_revoked' },
} as const satisfies Record<
  string,
  { from: readonly OfferState[]; state?: Offer['state']; action?: AuditAction }
>;

/**
 * Changes the states of offers. Each change is recorded, and happens only if the offer is still as it was
 * read.
 */
@Injectable()
export class OfferStates extends TokenApprovals {
  constructor(
    private readonly repository: OffersRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Stores a new offer. @throws ApplicationError `offer_limit`. */
  async create(members: NewOffer, actor: Principal, tx: WriteTransaction): Promise<OfferDto> {
    const { creationTime: now = this.clock.now() } = members;
    const approval = approvedBy(actor, now);
    const offer: OwnedOffer = {
      id: uuid(),
      creatorId: approval.deciderId,
      creatorName: actor.name,
      digest: null,
      template: null,
      reason: null,
      creationTime: now,
      ...requestedAt(now),
      ...(members.digest && approval),
      claimTime: null,
      tokenId: null,
      ...members,
      token: JSON.stringify(members.token),
    };
    await this.checkLimits(offer, now, tx);
    await this.repository.insert(offer, tx);
    await this.audit.record(offerRecord('offer_created', offer, actor, { after: auditedOffer(offer) }), tx);
    return toOfferDto(offer, now);
  }

  /** @throws ApplicationError `not_found`. */
  async get(where: { id: string } | { digest: string }, tx?: WriteTransaction): Promise<OwnedOffer> {
    const offer = await this.repository.findOne(where, tx);
    if (!offer) {
      throw noSuchOffer();
    }
    return offer;
  }

  /** Describes an offer to the holder of its link. */
  describe(offer: OwnedOffer): ClaimDetailsDto {
    return toClaimDetailsDto(offer, this.clock.now());
  }

  /** Checks that a change is possible now. @throws ApplicationError as {@link checkState} does. */
  check(change: keyof typeof CHANGES, offer: OwnedOffer): void {
    checkState(offer, CHANGES[change].from, this.clock.now());
  }

  /** Stores a decision. @throws ApplicationError as {@link checkState} does. */
  async decide(
    decision: Exclude<keyof typeof CHANGES, 'claim'>,
    offer: OwnedOffer,
    actor: Principal,
    tx: WriteTransaction,
    reason: string | null = null,
  ): Promise<OfferDto> {
    this.check(decision, offer);
    const now = this.clock.now();
    const { state, action } = CHANGES[decision];
    const { expirationTime, ...approval } = approvedBy(actor, now);
    const decided = {
      ...approval,
      ...(state === 'offered' && { expirationTime }),
      state,
      decisionReason: reason,
    };
    const changed = await this.change(offer, decided, tx);
    const after = { ...auditedOffer(changed), ...(reason !== null && { decisionReason: reason }) };
    await this.audit.record(offerRecord(action, offer, actor, { after }), tx);
    return toOfferDto(changed, now);
  }

  /** Stores the token of an offer, once. */
  async claim(offer: OwnedOffer, tokenId: string, tx: WriteTransaction): Promise<void> {
    await this.change(offer, { state: 'claimed', claimTime: this.clock.now(), tokenId }, tx);
  }

  /** Makes a request wait for another approval, because the approver can no longer create its token. */
  async reopen(
    offer: OwnedOffer,
    { code }: ApplicationError,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    await this.change(offer, requestedAt(this.clock.now()), tx);
    const change = { before: { approvedBy: offer.deciderName }, after: { reason: code } };
    await this.audit.record(offerRecord('offer_reopened', offer, actor, change), tx);
  }

  endApprovals(deciderTokenId: string | undefined, tx: WriteTransaction): Promise<number> {
    return this.repository.endApprovals(deciderTokenId, this.clock.now(), tx);
  }

  private async change(
    offer: OwnedOffer,
    change: Partial<Omit<Offer, 'user' | 'creator'>>,
    tx: WriteTransaction,
  ): Promise<OwnedOffer> {
    if (!(await this.repository.change(offer, change, tx))) {
      throw changedMeanwhile();
    }
    return { ...offer, ...change };
  }

  /** Checks the limits on open offers. @throws ApplicationError `offer_limit`. */
  private async checkLimits(
    { userId, user, creatorId, digest }: OwnedOffer,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<void> {
    const limits =
      digest === null
        ? [
            {
              where: { userId, ...ON_REQUEST },
              max: OPEN_REQUESTS_PER_USER_MAX,
              detail: `You have ${OPEN_REQUESTS_PER_USER_MAX} open token requests, the maximum. First withdraw one, or claim an approved token.`,
            },
          ]
        : [
            {
              where: { userId, ...WITH_LINK },
              max: CLAIM_LINKS_PER_USER_MAX,
              detail: `${user.name} has ${CLAIM_LINKS_PER_USER_MAX} open claim links, the maximum. Revoke one first.`,
            },
            {
              where: { creatorId: creatorId ?? IsNull(), ...WITH_LINK },
              max: CLAIM_LINKS_PER_ISSUER_MAX,
              detail: `You have created ${CLAIM_LINKS_PER_ISSUER_MAX} open claim links, the maximum. Revoke one first.`,
            },
          ];
    for (const { where, max, detail } of limits) {
      if ((await this.repository.countOpen(where, now, tx)) >= max) {
        throw new ApplicationError('offer_limit', { detail });
      }
    }
  }
}

/** Returns the columns of an approved offer. */
function approvedBy(actor: Principal, now: EpochMilliseconds) {
  return {
    state: 'offered',
    expirationTime: now + CLAIM_MILLISECONDS,
    deciderId: actor.scheme === 'command-line' ? null : actor.id,
    deciderName: actor.name,
    deciderTokenId: actor.token?.id ?? null,
    decisionTime: now,
  } as const;
}
