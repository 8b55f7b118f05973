import { IsString } from 'class-validator';
import { IsSort } from '../../validation/comma-separated.js';
import { IsPageNumber, IsPageSize } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean, ParseInherited, ParseInteger } from '../../validation/query-parameters.js';
import { UserFilterDto } from './user-filter.dto.js';

/** Fields for `sort` in `GET /users`. */
export const USER_SORT_FIELDS = [
  'name',
  'displayName',
  'email',
  'kind',
  'enabled',
  'creationTime',
  'lastLoginTime',
  'tokenCount',
] as const;

/** One of {@link USER_SORT_FIELDS}. */
export type UserSortField = (typeof USER_SORT_FIELDS)[number];

/** Query parameters of `GET /users`. */
@ParseInherited(ParseBoolean(), 'enabled', 'neverLoggedIn')
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
