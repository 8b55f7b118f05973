import { IsString } from 'class-validator';
import { TOKEN_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { IsPageNumber, IsPageSize } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean, ParseInherited, ParseInteger } from '../../validation/query-parameters.js';
import { UserTokenFilterDto } from './user-token-filter.dto.js';

/** Query parameters of the list of one user's tokens. */
@ParseInherited(
  ParseBoolean(),
  'enabled',
  'neverUsed',
  'noExpiry',
  'ownerDisabled',
  'inGrace',
  'leaked',
  'acknowledged',
  'unusedPermissions',
  'verifying',
)
@ParseInherited(ParseInteger(), 'unusedSinceDays')
export class UserTokenListQueryDto extends UserTokenFilterDto {
  /** Number of the page, from 1. */
  @IsOptionalNonNull()
  @IsPageNumber()
  page?: number;

  /** Number of items on a page. */
  @IsOptionalNonNull()
  @IsPageSize()
  size?: number;

  /** Fields to sort by, separated by commas, with `-` for descending order, such as `-lastUsageTime,user`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(TOKEN_SORT_FIELDS)
  sort?: string;
}
