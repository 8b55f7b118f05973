import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type OfferListQueryDto } from '@latchkey/auth-models';
import {
  In,
  IsNull,
  LessThan,
  MoreThan,
  Not,
  type FindOptionsWhere,
  type QueryDeepPartialEntity,
  type Repository,
  type SelectQueryBuilder,
} from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.service.js';
import { containing } from '../platform/database/queries/list-queries.js';
import { lockRows } from '../platform/database/queries/lock-rows.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { withinRoot, type TokenVisibility } from '../tokens/access/token-visibility.js';
import { OPEN, requestedAt, STATE_SQL } from './offer-state.js';
import { Offer, type OwnedOffer } from './offer.entity.js';

/** Offers that a list selects. */
export interface OfferSelection {
  readonly filter: Pick<OfferListQueryDto, 'q' | 'state'>;
  /** For which user, and with whose tokens. */
  readonly visibility: Pick<TokenVisibility, 'userId' | 'rootId'>;
  readonly now: EpochMilliseconds;
}

/** Condition on offers with a claim link, and on those that their recipient requested. */
export const WITH_LINK = { digest: Not(IsNull()) };
export const ON_REQUEST = { digest: IsNull() };

/** Queries on offers. */
@Injectable()
export class OffersRepository {
  constructor(@InjectRepository(Offer) private readonly offers: Repository<Offer>) {}

  async insert({ user: _, ...offer }: OwnedOffer, tx: WriteTransaction): Promise<void> {
    await tx.insert(Offer, offer);
  }

  findOne(where: { id: string } | { digest: string }, tx?: WriteTransaction): Promise<OwnedOffer | null> {
    const offers = tx ? tx.getRepository(Offer) : this.offers;
    return offers.findOne({ where, relations: { user: true } }) as Promise<OwnedOffer | null>;
  }

  /** Counts the open offers that match a condition. */
  countOpen(where: FindOptionsWhere<Offer>, now: EpochMilliseconds, tx: WriteTransaction): Promise<number> {
    return tx.countBy(Offer, { ...where, state: In([...OPEN]), expirationTime: MoreThan(now) });
  }

  /** Changes an offer unless it was changed since it was read. Returns whether it did. */
  async change(
    { id, state, expirationTime }: Pick<Offer, 'id' | 'state' | 'expirationTime'>,
    change: QueryDeepPartialEntity<Offer>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(Offer, { id, state, expirationTime }, change);
    return affected === 1;
  }

  /**
   * Ends approvals with a token, or all: revokes claim links, and makes requests wait for another approval.
   * Returns the number of offers.
   */
  async endApprovals(
    deciderTokenId: string | undefined,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<number> {
    const approved = {
      state: 'offered',
      expirationTime: MoreThan(now),
      ...(deciderTokenId !== undefined && { deciderTokenId }),
    } as const;
    const links = await tx.update(
      Offer,
      { ...approved, ...WITH_LINK },
      { state: 'revoked', decisionTime: now },
    );
    const requests = await tx.update(Offer, { ...approved, ...ON_REQUEST }, requestedAt(now));
    return (links.affected ?? 0) + (requests.affected ?? 0);
  }

  /** Deletes up to `limit` offers that expired before a time. Returns the number of deleted offers. */
  async deleteExpired(before: EpochMilliseconds, limit: number, tx: WriteTransaction): Promise<number> {
    const offers = await tx.find(Offer, {
      select: { id: true },
      where: { expirationTime: LessThan(before) },
      order: { id: 'ASC' },
      take: limit,
    });
    const ids = offers.map(({ id }) => id);
    await lockRows(Offer, ids, tx);
    await tx.delete(Offer, { id: In(ids) });
    return ids.length;
  }

  /** Returns the offers with these ids. */
  async findByIds(ids: readonly string[]): Promise<OwnedOffer[]> {
    return (await this.offers.find({
      where: { id: In([...ids]) },
      relations: { user: true },
    })) as OwnedOffer[];
  }

  /** Builds the query for the selected offers, with the names of their users. */
  matching({
    filter: { q, state },
    visibility: { userId, rootId },
    now,
  }: OfferSelection): SelectQueryBuilder<OwnedOffer> {
    const query = this.offers
      .createQueryBuilder('offer')
      .innerJoin('offer.user', 'owner')
      .addSelect('owner.name')
      .where('1 = 1');
    if (userId !== undefined) {
      query.andWhere('offer.userId = :userId', { userId });
    }
    if (rootId !== undefined) {
      query.andWhere(withinRoot('offer."tokenId"'), { rootId });
    }
    if (state !== undefined) {
      query.andWhere(`${STATE_SQL} = :state`, { state, now });
    }
    if (q) {
      const columns = ['owner.name', 'offer.creatorName', 'offer.template', 'offer.note', 'offer.reason'];
      query.andWhere(`(${columns.map((column) => `LOWER(${column}) LIKE :q ESCAPE '\\'`).join(' OR ')})`, {
        q: containing(q),
      });
    }
    return query as SelectQueryBuilder<OwnedOffer>;
  }
}
