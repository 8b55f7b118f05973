import { Injectable } from '@nestjs/common';
import { type AuditAction, type OfferDto, type OfferState } from '@latchkey/auth-models';
import { type FindOptionsWhere } from 'typeorm';
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
import { type Offer, type OwnedOffer } from './offer.entity.js';
import { auditedOffer, offerRecord, toOfferDto } from './offer.mapper.js';
import { OffersRepository } from './offers.repository.js';

/** Limit on the number of open offers that match a condition. */
export interface OpenLimit {
  readonly where: FindOptionsWhere<Offer>;
  readonly max: number;
  readonly detail: string;
}

/** Decisions on an offer, and the states in which they are possible. */
const DECISIONS = {
  approve: { from: ['requested'], state: 'offered', action: 'offer_approved' },
  reject: { from: OPEN, state: 'rejected', action: 'offer_rejected' },
  revoke: { from: [...OPEN, 'expired'], state: 'revoked', action: 'offer_revoked' },
} as const satisfies Record<
  string,
  { from: readonly OfferState[]; state: Offer['state']; action: AuditAction }
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
  async create(
    offer: OwnedOffer,
    limits: readonly OpenLimit[],
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<OfferDto> {
    const now = this.clock.now();
    for (const { where, max, detail } of limits) {
      if ((await this.repository.countOpen(where, now, tx)) >= max) {
        throw new ApplicationError('offer_limit', { detail });
      }
    }
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

  /** Checks that a decision is possible now. @throws ApplicationError as {@link checkState} does. */
  check(decision: keyof typeof DECISIONS, offer: OwnedOffer): void {
    checkState(offer, DECISIONS[decision].from, this.clock.now());
  }

  /** Stores a decision. @throws ApplicationError as {@link checkState} does. */
  async decide(
    decision: keyof typeof DECISIONS,
    offer: OwnedOffer,
    actor: Principal,
    tx: WriteTransaction,
    reason: string | null = null,
  ): Promise<OfferDto> {
    this.check(decision, offer);
    const now = this.clock.now();
    const { state, action } = DECISIONS[decision];
    const change = {
      state,
      ...(state === 'offered' && { expirationTime: now + CLAIM_MILLISECONDS }),
      ...decisionOf(actor, now),
      decisionReason: reason,
    };
    await this.change(offer, change, tx);
    const decided = { ...offer, ...change };
    const after = { ...auditedOffer(decided), ...(reason !== null && { decisionReason: reason }) };
    await this.audit.record(offerRecord(action, offer, actor, { after }), tx);
    return toOfferDto(decided, now);
  }

  /** Stores the token of an offer, once. */
  claim(offer: OwnedOffer, tokenId: string, tx: WriteTransaction): Promise<void> {
    return this.change(offer, { state: 'claimed', claimTime: this.clock.now(), tokenId }, tx);
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

  private async change(offer: OwnedOffer, change: Partial<Offer>, tx: WriteTransaction): Promise<void> {
    if (!(await this.repository.change(offer, change, tx))) {
      throw changedMeanwhile();
    }
  }
}

/** Returns the columns of a decision. */
export function decisionOf(actor: Principal, now: EpochMilliseconds) {
  return {
    deciderId: actor.scheme === 'command-line' ? null : actor.id,
    deciderName: actor.name,
    deciderTokenId: actor.token?.id ?? null,
    decisionTime: now,
  };
}
