import { Injectable } from '@nestjs/common';
import {
  canonicalUserName,
  OFFER_SORT_FIELDS,
  type OfferDto,
  type OfferListQueryDto,
} from '@latchkey/auth-models';
import { Clock } from '../common/clock.service.js';
import { inParts } from '../common/in-parts.js';
import { type SendableList } from '../http/lists/send-list.js';
import { listSlice } from '../platform/database/queries/list-queries.js';
import { UsersService } from '../users/users.service.js';
import { type OwnedOffer } from './offer.entity.js';
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
    const { repository } = this;
    const now = this.clock.now();
    const slice = listSlice(query, OFFER_SORT_FIELDS, { field: 'creationTime', isDescending: true });
    const select = async () => ({
      filter: query,
      visibility: { ...visibility, ...(user !== undefined && { userId: await this.idOf(user) }) },
      now,
    });
    const show = (offers: readonly OwnedOffer[]) => offers.map((offer) => toOfferDto(offer, now));
    return {
      columns: COLUMNS,
      page: async () => {
        const [offers, total] = await repository.find(await select(), slice);
        return { items: show(offers), total, slice };
      },
      async *all() {
        for await (const part of inParts(await repository.findOrder(await select(), slice.sort))) {
          yield show(await repository.findByIds(part));
        }
      },
    };
  }

  /** Returns the id of a user; an empty one for an unknown name. */
  private async idOf(name: string): Promise<string> {
    const user = await this.users.findByName(canonicalUserName(name) ?? '');
    return user?.id ?? '';
  }
}
