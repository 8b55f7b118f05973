import { IsInt, IsString, Max, Min } from 'class-validator';
import { PAGE_MAX, PAGE_SIZE_MAX } from '../limits.js';
import { IsSort } from '../validation/is-sort.decorator.js';
import { WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';
import { ParseBoolean, ParseInteger } from '../validation/query-values.js';
import { UserFilterDto } from './user-filter.dto.js';

/** The fields that `sort` of `GET /users` takes. */
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

/** The query parameters of `GET /users`. */
export class UserListQueryDto extends UserFilterDto {
  /** Number of the page, from 1. */
  @IsOptionalNonNull()
  @ParseInteger()
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(PAGE_MAX)
  page?: number;

  /** Items on a page. */
  @IsOptionalNonNull()
  @ParseInteger()
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(PAGE_SIZE_MAX)
  size?: number;

  /** Fields with commas between, `-` before one for descending, such as `-lastLoginTime,name`; not `roles`, which is many values. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(USER_SORT_FIELDS)
  sort?: string;

  // A query string has texts only, where the filter has values.

  /** Only enabled, or only disabled, users. */
  @ParseBoolean()
  override enabled?: boolean;

  /** Only users who never, or who at some time, logged in. */
  @ParseBoolean()
  override neverLoggedIn?: boolean;

  /** Only users who have not logged in for at least this many days; who never did, since they were made. */
  @ParseInteger()
  override inactiveDays?: number;
}
