import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type ClaimLinkListQueryDto, type ClaimLinkSortField, type SortField } from '@latchkey/auth-models';
import { In, IsNull, LessThan, MoreThan, type Repository, type SelectQueryBuilder } from 'typeorm';
import { type EpochMilliseconds } from '../common/clock.js';
import { containing, type ListSlice, orderBy } from '../platform/database/queries/list-queries.js';
import { lockRows } from '../platform/database/queries/lock-rows.js';
import { type WriteTransaction } from '../platform/database/writes.js';
import { ClaimLink, type OwnedClaimLink } from './claim-link.entity.js';

/** Links that a list selects. */
export type ClaimLinkFilter = Pick<ClaimLinkListQueryDto, 'q' | 'state'> & {
  /** User of the tokens; `undefined` = all users. */
  readonly userId?: string | undefined;
};

const COLUMNS: Record<ClaimLinkSortField, string> = {
  user: 'user.name',
  createdBy: 'link.issuerName',
  note: 'link.note',
  creationTime: 'link.creationTime',
  expirationTime: 'link.expirationTime',
};

/** Queries on claim links. */
@Injectable()
export class ClaimLinksRepository {
  constructor(@InjectRepository(ClaimLink) private readonly links: Repository<ClaimLink>) {}

  async insert(link: ClaimLink, tx: WriteTransaction): Promise<void> {
    await tx.insert(ClaimLink, link);
  }

  findByDigest(digest: string): Promise<OwnedClaimLink | null> {
    return this.links.findOne({
      where: { digest },
      relations: { user: true },
    }) as Promise<OwnedClaimLink | null>;
  }

  /** Returns a link and locks its row until the transaction ends. */
  async lock(id: string, tx: WriteTransaction): Promise<OwnedClaimLink | null> {
    await lockRows(ClaimLink, [id], tx);
    return tx.findOne(ClaimLink, {
      where: { id },
      relations: { user: true },
    }) as Promise<OwnedClaimLink | null>;
  }

  /** Marks a link as used. Returns `false` if it was used or deleted meanwhile. */
  async use(
    id: string,
    tokenId: string,
    claimTime: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(ClaimLink, { id, claimTime: IsNull() }, { claimTime, tokenId });
    return affected === 1;
  }

  async delete(id: string, tx: WriteTransaction): Promise<void> {
    await tx.delete(ClaimLink, { id });
  }

  /** Deletes the open links that were created with a token, and returns their number. */
  async deleteOpenOf(issuerTokenId: string, tx: WriteTransaction): Promise<number> {
    const { affected } = await tx.delete(ClaimLink, { issuerTokenId, claimTime: IsNull() });
    return affected ?? 0;
  }

  /** Deletes all open links. Returns their number. */
  async deleteAllOpen(tx: WriteTransaction): Promise<number> {
    const { affected } = await tx.delete(ClaimLink, { claimTime: IsNull() });
    return affected ?? 0;
  }

  /** Deletes up to `limit` links that expired before a time, and returns their number. */
  async deleteExpired(before: EpochMilliseconds, limit: number, tx: WriteTransaction): Promise<number> {
    const links = await tx.find(ClaimLink, {
      select: { id: true },
      where: { expirationTime: LessThan(before) },
      order: { id: 'ASC' },
      take: limit,
    });
    const ids = links.map(({ id }) => id);
    await lockRows(ClaimLink, ids, tx);
    await tx.delete(ClaimLink, { id: In(ids) });
    return ids.length;
  }

  /** Counts the open links for tokens of a user. */
  countOpenFor(userId: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<number> {
    return tx.countBy(ClaimLink, { userId, claimTime: IsNull(), expirationTime: MoreThan(now) });
  }

  /** Counts the open links of an issuer; `null` = the command line. */
  countOpenOf(issuerId: string | null, now: EpochMilliseconds, tx: WriteTransaction): Promise<number> {
    return tx.countBy(ClaimLink, {
      issuerId: issuerId ?? IsNull(),
      claimTime: IsNull(),
      expirationTime: MoreThan(now),
    });
  }

  /** Returns one slice of the matching links, and the number of all matches. */
  find(
    filter: ClaimLinkFilter,
    { offset, size, sort }: ListSlice<ClaimLinkSortField>,
    now: EpochMilliseconds,
  ): Promise<[OwnedClaimLink[], number]> {
    const slice = this.inOrder(filter, sort, now).offset(offset).limit(size);
    return Promise.all([slice.getMany() as Promise<OwnedClaimLink[]>, this.matching(filter, now).getCount()]);
  }

  /** Returns the ids of all matching links, in the order of the list. */
  async findOrder(
    filter: ClaimLinkFilter,
    sort: readonly SortField<ClaimLinkSortField>[],
    now: EpochMilliseconds,
  ): Promise<string[]> {
    const rows = await this.inOrder(filter, sort, now).select('link.id', 'id').getRawMany<{ id: string }>();
    return rows.map(({ id }) => id);
  }

  /** Returns the links with these ids, in this order. Skips links that were deleted in the meantime. */
  async findByIds(ids: readonly string[]): Promise<OwnedClaimLink[]> {
    const links = (await this.links.find({
      where: { id: In([...ids]) },
      relations: { user: true },
    })) as OwnedClaimLink[];
    const byId = new Map(links.map((link) => [link.id, link]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  private inOrder(
    filter: ClaimLinkFilter,
    sort: readonly SortField<ClaimLinkSortField>[],
    now: EpochMilliseconds,
  ): SelectQueryBuilder<ClaimLink> {
    const columns = sort.map(({ field, isDescending }) => ({ column: COLUMNS[field], isDescending }));
    return orderBy(this.matching(filter, now), [...columns, { column: 'link.id', isDescending: false }]);
  }

  private matching(
    { q, state, userId }: ClaimLinkFilter,
    now: EpochMilliseconds,
  ): SelectQueryBuilder<ClaimLink> {
    const query = this.links
      .createQueryBuilder('link')
      .innerJoinAndSelect('link.user', 'user')
      .where('1 = 1');
    if (q) {
      query.andWhere(
        `(LOWER(user.name) LIKE :q ESCAPE '\\' OR LOWER(link.issuerName) LIKE :q ESCAPE '\\' OR LOWER(link.note) LIKE :q ESCAPE '\\')`,
        { q: containing(q) },
      );
    }
    if (userId !== undefined) {
      query.andWhere('link.userId = :userId', { userId });
    }
    if (state !== undefined) {
      query.andWhere(`link.claimTime IS ${state === 'used' ? 'NOT NULL' : 'NULL'}`);
    }
    if (state === 'open' || state === 'expired') {
      query.andWhere(`link.expirationTime ${state === 'open' ? '>' : '<='} :now`, { now });
    }
    return query;
  }
}
