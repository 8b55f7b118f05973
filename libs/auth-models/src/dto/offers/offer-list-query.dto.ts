import { IsIn, IsString } from 'class-validator';
import { OFFER_STATES, type OfferState } from '../../lists/enums.js';
import { OFFER_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { IsUserName } from '../../validation/is-user-name.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ListQueryDto } from '../common/list-query.dto.js';

/**
 * Query parameters of `GET /me/offers`. `q` searches templates, notes, reasons, and the names of recipients
 * and creators.
 */
export class MyOfferListQueryDto extends ListQueryDto {
  /** Only offers in this state. */
  @IsOptionalNonNull()
  @IsIn(OFFER_STATES)
  state?: OfferState;

  /** Fields to sort by, separated by commas, with `-` for descending order, such as `-creationTime,user`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(OFFER_SORT_FIELDS)
  sort?: string;
}

/** Query parameters of `GET /offers`. */
export class OfferListQueryDto extends MyOfferListQueryDto {
  /** Only offers of tokens for this user, by name in any spelling. */
  @IsOptionalNonNull()
  @IsString()
  @IsUserName()
  user?: string;
}
