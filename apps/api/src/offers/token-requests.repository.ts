import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  TOKEN_REQUEST_DAYS,
  type SortField,
  type TokenRequestListQueryDto,
  type TokenRequestSortField,
  type TokenRequestStatus,
} from '@latchkey/auth-models';
import { In, type QueryDeepPartialEntity, type Repository, type SelectQueryBuilder } from 'typeorm';
import { DAY_MILLISECONDS, type EpochMilliseconds } from '../common/clock.js';
import { containing, type ListSlice, orderBy } from '../platform/database/queries/list-queries.js';
import { type WriteTransaction } from '../platform/database/writes.js';
import { withinRoot, type TokenVisibility } from '../tokens/access/token-visibility.js';
import { TokenRequest } from './token-request.entity.js';

export const PENDING_MILLISECONDS = TOKEN_REQUEST_DAYS * DAY_MILLISECONDS;

/** Columns of a request without a decision. */
export const UNDECIDED = {
  deciderId: null,
  deciderName: null,
  deciderTokenId: null,
  decisionReason: null,
} as const;

/** Request together with its user. */
export type OwnedTokenRequest = Omit<TokenRequest, 'user'> & { user: { name: string } };

/** Requests that a list selects. */
export interface TokenRequestSelection {
  readonly filter: Pick<TokenRequestListQueryDto, 'q' | 'status'>;
  /** Whose requests are visible, and with whose tokens. */
  readonly visibility: Pick<TokenVisibility, 'userId' | 'rootId'>;
  readonly now: EpochMilliseconds;
}

/** Status of a request at a time. */
const STATUS_SQL = `CASE WHEN request.status IN ('pending', 'approved') AND request.endTime <= :now THEN 'expired' ELSE request.status END`;

/** Queries on token requests. */
@Injectable()
export class TokenRequestsRepository {
  constructor(@InjectRepository(TokenRequest) private readonly requests: Repository<TokenRequest>) {}

  async insert(request: Omit<TokenRequest, 'user'>, tx: WriteTransaction): Promise<void> {
    await tx.insert(TokenRequest, request);
  }

  findById(id: string, tx?: WriteTransaction): Promise<OwnedTokenRequest | null> {
    const requests = tx ? tx.getRepository(TokenRequest) : this.requests;
    return requests.findOne({
      where: { id },
      relations: { user: true },
    }) as Promise<OwnedTokenRequest | null>;
  }

  /** Returns the number of requests of a user that are pending, or approved and not claimed. */
  countOpen(userId: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<number> {
    return tx
      .createQueryBuilder(TokenRequest, 'request')
      .where(`request.userId = :userId AND ${STATUS_SQL} IN ('pending', 'approved')`, { userId, now })
      .getCount();
  }

  /** Changes a request unless its status has changed. Returns whether it did. */
  async change(
    { id, status }: Pick<TokenRequest, 'id' | 'status'>,
    change: QueryDeepPartialEntity<TokenRequest>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(TokenRequest, { id, status }, change);
    return affected === 1;
  }

  /** Makes requests pending again that were approved with a token and not claimed. Returns their number. */
  async reopenApprovedWith(tokenId: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<number> {
    const { affected } = await tx.update(
      TokenRequest,
      { deciderTokenId: tokenId, status: 'approved' },
      { status: 'pending', endTime: now + PENDING_MILLISECONDS, ...UNDECIDED },
    );
    return affected ?? 0;
  }

  /** Deletes a request unless its status has changed. Returns whether it did. */
  async delete({ id, status }: Pick<TokenRequest, 'id' | 'status'>, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.delete(TokenRequest, { id, status });
    return affected === 1;
  }

  /** Deletes some of the requests that ended before a time. Returns their number. */
  async deleteEndedBefore(time: EpochMilliseconds, limit: number, tx: WriteTransaction): Promise<number> {
    const rows = await tx
      .createQueryBuilder(TokenRequest, 'request')
      .select('request.id', 'id')
      .where('request.endTime < :time', { time })
      .limit(limit)
      .getRawMany<{ id: string }>();
    if (rows.length > 0) {
      await tx.delete(TokenRequest, { id: In(rows.map(({ id }) => id)) });
    }
    return rows.length;
  }

  /** Returns one slice of the selected requests, and the number of all. */
  find(
    selection: TokenRequestSelection,
    { offset, size, sort }: ListSlice<TokenRequestSortField>,
  ): Promise<[OwnedTokenRequest[], number]> {
    const slice = this.inOrder(selection, sort).addSelect('owner.name').offset(offset).limit(size);
    return Promise.all([
      slice.getMany() as Promise<OwnedTokenRequest[]>,
      this.matching(selection).getCount(),
    ]);
  }

  /** Returns the ids of all selected requests, in the order of the list. */
  async findOrder(
    selection: TokenRequestSelection,
    sort: readonly SortField<TokenRequestSortField>[],
  ): Promise<string[]> {
    const rows = await this.inOrder(selection, sort).select('request.id', 'id').getRawMany<{ id: string }>();
    return rows.map(({ id }) => id);
  }

  /** Returns the requests with these ids, in this order. Skips requests that were deleted in the meantime. */
  async findByIds(ids: readonly string[]): Promise<OwnedTokenRequest[]> {
    const found = await this.requests.find({ where: { id: In([...ids]) }, relations: { user: true } });
    const requests = new Map((found as OwnedTokenRequest[]).map((request) => [request.id, request]));
    return ids.flatMap((id) => requests.get(id) ?? []);
  }

  private inOrder(
    selection: TokenRequestSelection,
    sort: readonly SortField<TokenRequestSortField>[],
  ): SelectQueryBuilder<TokenRequest> {
    const columns = sort.map(({ field, isDescending }) => ({
      column: field === 'user' ? 'owner.name' : `request.${field}`,
      isDescending,
    }));
    return orderBy(this.matching(selection), [
      ...columns,
      // The id is unique, and grows with time.
      { column: 'request.id', isDescending: sort.at(-1)?.isDescending ?? false },
    ]);
  }

  private matching({ filter: { q, status }, visibility: { userId, rootId }, now }: TokenRequestSelection) {
    const query = this.requests
      .createQueryBuilder('request')
      .innerJoin('request.user', 'owner')
      .where('1 = 1');
    if (userId !== undefined) {
      query.andWhere('request.userId = :userId', { userId });
    }
    if (rootId !== undefined) {
      query.andWhere(withinRoot('request."tokenId"'), { rootId });
    }
    if (status !== undefined) {
      query.andWhere(`${STATUS_SQL} = :status`, { status, now });
    }
    if (q) {
      const columns = ['owner.name', 'request.template', 'request.note', 'request.reason'];
      query.andWhere(`(${columns.map((column) => `LOWER(${column}) LIKE :q ESCAPE '\\'`).join(' OR ')})`, {
        q: containing(q),
      });
    }
    return query;
  }
}

/** Returns the status of a request at a time, as {@link STATUS_SQL} does. */
export function statusOf(
  { status, endTime }: Pick<TokenRequest, 'status' | 'endTime'>,
  now: EpochMilliseconds,
): TokenRequestStatus {
  return (status === 'pending' || status === 'approved') && endTime <= now ? 'expired' : status;
}
