import { IsPageNumber, IsPageSize, IsSearchText } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Query parameters of every paged list. */
export class ListQueryDto {
  /** Number of the page, from 1. */
  @IsOptionalNonNull()
  @IsPageNumber()
  page?: number;

  /** Number of items on a page. */
  @IsOptionalNonNull()
  @IsPageSize()
  size?: number;

  /** Part of the item's name or description. Case-insensitive. */
  @IsOptionalNonNull()
  @IsSearchText()
  q?: string;
}
