import { Injectable } from '@nestjs/common';
import {
  canonicalUserName,
  OFFER_SORT_FIELDS,
  type OfferDto,
  type OfferListQueryDto,
} from '@latchkey/auth-models';
import { Clock } from '../common/clock.service.js';
import { type SendableList } from '../http/lists/send-list.js';
import { queriedList } from '../http/lists/sorted-lists.js';
import { listSlice } from '../platform/database/queries/list-queries.js';
import { UsersService } from '../users/users.service.js';
import { toOfferDto } from './offer.mapper.js';
import { OffersRepository, type OfferSelection } from './offers.repository.js';

const COLUMNS = [
  'id',
  'user',
  'note',
  'state',
  'createdBy',
  'creationTime',
  'expirationTime',
  'template',
  'reason',
  'decidedBy',
  'decisionTime',
  'decisionReason',
  'claimTime',
  'tokenId',
  'tokenExpiresIn',
  'tokenExpirationTime',
  'permissions',
  'roles',
  'allowedAddresses',
  'notBefore',
  'maxUses',
  'rateLimit',
  'metadata',
] as const;

/** Lists of offers. */
@Injectable()
export class OfferListService {
  constructor(
    private readonly repository: OffersRepository,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the offers that match a query, newest first by default.
   *
   * @param visibility by default, the offers for all users are visible.
   */
  find(
    { user, ...query }: OfferListQueryDto,
    visibility: OfferSelection['visibility'] = {},
  ): SendableList<OfferDto> {
    const now = this.clock.now();
    const slice = listSlice(query, OFFER_SORT_FIELDS, { field: 'creationTime', isDescending: true });
    return queriedList({
      columns: COLUMNS,
      slice,
      // Ids are in order of creation.
      key: 'id',
      isKeyDescending: slice.sort.at(-1)?.isDescending ?? false,
      sortColumns: { user: 'owner.name', createdBy: 'offer.creatorName' },
      matching: async () =>
        this.repository.matching({
          filter: query,
          visibility: { ...visibility, ...(user !== undefined && { userId: await this.idOf(user) }) },
          now,
        }),
      findByKeys: (ids) => this.repository.findByIds(ids),
      toDtos: (offers) => offers.map((offer) => toOfferDto(offer, now)),
    });
  }

  /** Returns the id of a user; an empty one for an unknown name. */
  private async idOf(name: string): Promise<string> {
    const user = await this.users.findByName(canonicalUserName(name) ?? '');
    return user?.id ?? '';
  }
}
