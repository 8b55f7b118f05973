import { IsString } from 'class-validator';
import { USER_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { IsPageNumber, IsPageSize } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean, ParseInherited, ParseInteger } from '../../validation/query-parameters.js';
import { UserFilterDto } from './user-filter.dto.js';

/** Query parameters of `GET /users`. */
@ParseInherited(ParseBoolean(), 'enabled', 'neverLoggedIn', 'secondFactor', 'copiedPasskey')
@ParseInherited(ParseInteger(), 'inactiveDays')
export class UserListQueryDto extends UserFilterDto {
  /** Number of the page, from 1. */
  @IsOptionalNonNull()
  @IsPageNumber()
  page?: number;

  /** Number of items on a page. */
  @IsOptionalNonNull()
  @IsPageSize()
  size?: number;

  /** Fields to sort by, separated by commas, with `-` for descending order, such as `-lastLoginTime,name`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(USER_SORT_FIELDS)
  sort?: string;
}
